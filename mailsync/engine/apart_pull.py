"""What the process of a pull apart does once its servers are being asked: pulls each inbox over the connection that was begun for it."""

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from mailsync.engine.apart_news import Came, Failed, Teller
from mailsync.engine.helper import BESIDE_A_SCREEN, NICE
from mailsync.engine.puller import Puller
from mailsync.imap.session import MailSession
from store.clock import Clock
from store.domain.ids import InboxKey
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings

THREADS = Path("/proc/self/task")


def pull(
    connecting: Sequence[tuple[InboxSettings, Future[MailSession]]],
    store: LocalStore,
    secrets: Secrets,
    clock: Clock,
    hold: Callable[[Sequence[Puller]], None],
) -> None:
    """Pull every mailbox of these inboxes once. What comes of it goes to standard output; `hold` is given what can be stopped."""
    teller, behind = Teller(sys.stdout.buffer), _Behind()
    store.changes.subscribe(teller.stored)
    pullers = [
        Puller(store, inbox, secrets, clock, partial(_came, teller, behind, inbox.key), helpers=BESIDE_A_SCREEN, on_listed=behind, connecting=session)
        for inbox, session in connecting
    ]
    hold(pullers)
    with ThreadPoolExecutor(max(1, len(pullers)), "pull") as threads:
        for _ in threads.map(partial(_pull_inbox, teller), pullers):
            pass


def _pull_inbox(teller: Teller, puller: Puller) -> None:
    try:
        for report in puller.pull_all():
            if report.error is not None:
                teller.tell(Failed(report.inbox, str(report.error), report.error.exit_code))
    finally:
        puller.close()


def _came(teller: Teller, behind: Callable[[], None], inbox: InboxKey, done: int, total: int) -> None:
    behind()
    teller.tell(Came(inbox, done, total))


class _Behind:
    """Once the first list is stored, or what is no list, all steps behind the keys of the terminal."""

    def __init__(self) -> None:
        self._is_behind = False

    def __call__(self) -> None:
        if not self._is_behind:
            self._is_behind = True
            _step_behind()


def _step_behind() -> None:
    """Give way to the terminal. On Linux each thread has a niceness of its own."""
    with suppress(OSError):
        for thread in sorted(THREADS.iterdir()) if THREADS.exists() else ():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), NICE)
