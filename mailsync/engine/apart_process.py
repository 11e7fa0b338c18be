"""The process of a pull apart (`mailsync.engine.apart`). Its standard input is a leash: when that ends, so does it."""

import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from mailsync.engine.apart import LOCK_NAME
from mailsync.engine.apart_news import Came, Failed, Teller
from mailsync.engine.helper import BESIDE_A_SCREEN, NICE
from mailsync.engine.puller import Puller
from store.clock import SystemClock
from store.domain.ids import ConversationId, InboxKey
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.lock import HomeLock
from store.settings.secrets import Secrets
from store.settings.settings import load_settings

LEAVING_SECONDS = 0.7
"""What is under way may end by itself for so long; a commit that is cut off is undone by the next who opens the store."""
THREADS = Path("/proc/self/task")


class Leash:
    """Ends the pulls, and then the process, when whoever began it is gone or has let go."""

    def __init__(self) -> None:
        self._pullers: Sequence[Puller] = ()
        self._ended = False
        threading.Thread(target=self._wait, name="leash", daemon=True).start()

    def hold(self, pullers: Sequence[Puller]) -> None:
        """These are to be stopped."""
        self._pullers = pullers
        if self._ended:
            self._stop()

    def _wait(self) -> None:
        os.read(sys.stdin.fileno(), 1)
        self._ended = True
        self._stop()
        time.sleep(LEAVING_SECONDS)
        os._exit(1)

    def _stop(self) -> None:
        for puller in self._pullers:
            puller.stop()


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
    teller = Teller(sys.stdout.buffer)
    with HomeLock(home, LOCK_NAME):
        store = LocalStore.open(home)
        try:
            store.changes.subscribe(_Listed(teller))
            pullers = [Puller(store, inbox, secrets, clock, partial(_came, teller, inbox.key), helpers=BESIDE_A_SCREEN) for inbox in inboxes]
            leash.hold(pullers)
            with ThreadPoolExecutor(max(1, len(pullers)), "pull") as threads:
                for _ in threads.map(partial(_pull_inbox, teller), pullers):
                    pass
        finally:
            store.close()


def _pull_inbox(teller: Teller, puller: Puller) -> None:
    try:
        for report in puller.pull_all():
            if report.error is not None:
                teller.tell(Failed(report.inbox, str(report.error), report.error.exit_code))
    finally:
        puller.close()


def _came(teller: Teller, inbox: InboxKey, done: int, total: int) -> None:
    teller.tell(Came(inbox, done, total))


class _Listed:
    """Tells of what is stored; with the first list on the screen all else steps behind the keys."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._is_behind = False

    def __call__(self, ids: frozenset[ConversationId]) -> None:
        self._teller.stored(ids)
        if not self._is_behind:
            self._is_behind = True
            _step_behind()


def _step_behind() -> None:
    """Give way to the terminal. On Linux each thread has a niceness of its own."""
    with suppress(OSError):
        for thread in sorted(THREADS.iterdir()) if THREADS.exists() else ():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), NICE)
