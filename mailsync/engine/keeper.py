"""Keeps one inbox up to date with two threads: one waits for news, one pulls. Neither can stop another inbox, or the program's end."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future

from mailsync.engine.puller import Puller
from mailsync.engine.reports import InboxStatus, PullReport, SyncState
from mailsync.imap.reach import imap_access
from mailsync.imap.watch import WaitingToRetry, Watch, Watching, retry_seconds
from store.clock import Clock
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings

LOOK_AGAIN_SECONDS = 60.0
"""Sent is not watched, and a server may forget to tell: everything is looked at so often at least."""
GOODBYE_SECONDS = 3.0

Request = tuple[bool, "Future[tuple[PullReport, ...]] | None"]


class InboxKeeper:
    """Started once, stopped once. `on_status` is called from the pulling thread; it must be quick."""

    def __init__(self, store: LocalStore, inbox: InboxSettings, secrets: Secrets, clock: Clock, on_status: Callable[[InboxStatus], None]) -> None:
        self._puller = Puller(store, inbox, secrets, clock, self._progress)
        self._on_status = on_status
        self._inbox = inbox.key
        self._status = InboxStatus(inbox.key)
        self._resting = SyncState.CONNECTING
        """What an inbox that is up to date is doing; the watching thread says."""
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._watch = Watch(
            lambda: imap_access(inbox, secrets, store.me(), clock=clock),
            inbox.mailboxes[0],
            on_news=lambda: self._requests.put((False, None)),
            on_state=self._watch_state,
            clock=clock,
        )
        # Daemons: one that hangs in a dead connection must not keep a person from leaving the program.
        self._threads = [
            threading.Thread(target=self._watch.run, name=f"watch {inbox.key}", daemon=True),
            threading.Thread(target=self._pull_for_ever, name=f"pull {inbox.key}", daemon=True),
        ]

    def start(self) -> None:
        """Begin; the first pull starts at once."""
        self._requests.put((False, None))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads; waits for a commit in progress, not for a server that does not answer."""
        self._requests.put(None)
        self._watch.stop()
        self._puller.stop()
        for thread in self._threads:
            thread.join(GOODBYE_SECONDS)

    def request(self, *, verify: bool = False) -> Future[tuple[PullReport, ...]]:
        """Pull now; the answer is that pull's. Also ends the wait after a failure."""
        done: Future[tuple[PullReport, ...]] = Future()
        self._requests.put((verify, done))
        self._watch.look_now()
        return done

    def _pull_for_ever(self) -> None:
        failures = 0
        patience_seconds = LOOK_AGAIN_SECONDS
        while (asked := self._next_requests(patience_seconds)) is not None:
            verify, waiting = asked
            self._say(SyncState.CONNECTING if failures else SyncState.PULLING)
            reports = self._puller.pull_all(verify=verify)
            error = next((report.error for report in reports if report.error), None)
            if error is None:
                failures, patience_seconds = 0, LOOK_AGAIN_SECONDS
                self._say(self._resting)
            else:
                failures += 1
                patience_seconds = retry_seconds(failures, error, 1.0)
                self._say(SyncState.FAILED, error=error)
            for each in waiting:
                each.set_result(reports)
        self._puller.close()

    def _next_requests(self, patience_seconds: float) -> tuple[bool, list[Future[tuple[PullReport, ...]]]] | None:
        """Wait for the next reason to pull, and take along those that came meanwhile; None: stop."""
        verify = False
        waiting: list[Future[tuple[PullReport, ...]]] = []
        try:
            request = self._requests.get(timeout=patience_seconds)
            while request is not None:
                verify = verify or request[0]
                waiting += [request[1]] if request[1] is not None else []
                request = self._requests.get_nowait()
        except queue.Empty:
            return verify, waiting
        for each in waiting:
            each.cancel()
        return None

    def _watch_state(self, state: Watching | WaitingToRetry) -> None:
        if isinstance(state, Watching) and state.by_idle:
            self._resting = SyncState.WATCHING
        else:
            self._resting = SyncState.POLLING
        # Whether the inbox works is for a pull to say: some servers allow one connection only, and then that one does everything.
        self._requests.put((False, None))

    def _progress(self, done: int, total: int) -> None:
        self._say(SyncState.PULLING, done=done, total=total)

    def _say(self, state: SyncState, *, done: int = 0, total: int = 0, error: MadoError | None = None) -> None:
        status = InboxStatus(self._inbox, state, done, total, error)
        if status != self._status:
            self._status = status
            self._on_status(status)
