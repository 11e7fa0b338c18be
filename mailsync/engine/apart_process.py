"""The process of a pull apart (`mailsync.engine.apart`). Its standard input is a leash: when that ends, so does it.

Connects first, and imports what mail is read and stored with while the servers answer.
"""

import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from mailsync.engine.apart import LOCK_NAME
from mailsync.imap.reach import imap_access
from mailsync.imap.session import MailSession
from store.clock import Clock, SystemClock
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.lock import HomeLock
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings, load_settings

LEAVING_SECONDS = 0.7
"""What is under way may end by itself for so long; a commit that is cut off is undone by the next who opens the store."""


class Stoppable(Protocol):
    """A pull."""

    def stop(self) -> None:
        """End it soon."""


class Leash:
    """Ends the pulls, and then the process, when whoever began it is gone or has let go."""

    def __init__(self) -> None:
        self._pulls: Sequence[Stoppable] = ()
        self._ended = False
        threading.Thread(target=self._wait, name="leash", daemon=True).start()

    def hold(self, pulls: Sequence[Stoppable]) -> None:
        """These are to be stopped."""
        self._pulls = pulls
        if self._ended:
            self._stop()

    def _wait(self) -> None:
        os.read(sys.stdin.fileno(), 1)
        self._ended = True
        self._stop()
        time.sleep(LEAVING_SECONDS)
        os._exit(1)

    def _stop(self) -> None:
        for pull in self._pulls:
            pull.stop()


def main() -> None:
    """Pull every mailbox of a home once."""
    # A session of its own: Ctrl-C is not meant for it.
    os.setsid()
    leash = Leash()
    # Whoever takes over finds out by itself what is wrong, and says it.
    with suppress(MadoError):
        _pull(Path(sys.argv[1]), leash)


def _pull(home: Path, leash: Leash) -> None:
    inboxes, secrets, clock = load_settings(home).inboxes, Secrets(home), SystemClock()
    with HomeLock(home, LOCK_NAME):
        store = LocalStore.open(home)
        try:
            held = [inbox for inbox in inboxes if store.holds(inbox.key)]
            with ThreadPoolExecutor(max(1, len(held)), "connect") as threads:
                connecting = [(inbox, threads.submit(_connected, inbox, secrets, store, clock)) for inbox in held]
                # Local import: as dear as a connection takes time.
                from mailsync.engine.apart_pull import pull

                pull(connecting, store, secrets, clock, leash.hold)
        finally:
            store.close()


def _connected(inbox: InboxSettings, secrets: Secrets, store: LocalStore, clock: Clock) -> MailSession:
    return MailSession.open(imap_access(inbox, secrets, store.me()), clock)
