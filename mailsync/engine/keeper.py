"""Keeps one inbox up to date: one thread pulls, others wait for news of a mailbox each. None can stop another inbox, or the program's end."""

import queue
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from mailsync.engine.errors import PullBroken
from mailsync.engine.fetching import Fetcher, attempted
from mailsync.engine.helper import BESIDE_A_SCREEN
from mailsync.engine.puller import Puller
from mailsync.engine.reports import InboxStatus, Pace, PullReport, SyncState
from mailsync.engine.schedule import Schedule
from mailsync.imap.access import ImapAccess
from mailsync.imap.door import Door
from mailsync.imap.errors import ONE_MAILBOX, TooManyConnections
from mailsync.imap.reach import imap_access
from mailsync.imap.session import MailSession
from mailsync.imap.sleep import LOOK_SECONDS, has_slept
from mailsync.imap.watch import LONGEST_FULL_RETRY_SECONDS, WaitingToRetry, Watch, Watching, retry_seconds
from store.clock import Clock
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings
from store.sqlite.errors import StoreError

GOODBYE_SECONDS = 3.0
JUST_SENT = ""
"""No mailbox is named so, and Sent is pulled with any."""

Done = Future[tuple[PullReport, ...]]


@dataclass(frozen=True)
class Request:
    """A reason to pull: one mailbox, or (None) all of them; `done` is told what came of it."""

    mailbox: str | None = None
    verify: bool = False
    done: Done | None = None


@dataclass(frozen=True)
class Round:
    """What the next pull is for: these mailboxes, or (None) all."""

    only: frozenset[str] | None
    verify: bool
    waiting: tuple[Done, ...]
    told: frozenset[str] = frozenset()
    """Of these somebody has heard news."""


class InboxKeeper:
    """Started once, stopped once. `on_status` and `on_found` are called from the threads that bring mail; they must be quick.

    `on_found`: a comparison that nobody asked for found something different.
    """

    def __init__(
        self,
        store: LocalStore,
        inbox: InboxSettings,
        secrets: Secrets,
        clock: Clock,
        on_status: Callable[[InboxStatus], None],
        on_found: Callable[[PullReport], None] = lambda _report: None,
    ) -> None:
        self._remembered = store.ledger.remembered
        self._door = Door()
        self._puller = Puller(store, inbox, secrets, clock, self._progress, helpers=BESIDE_A_SCREEN, door=self._door)
        self.fetcher = Fetcher(store, inbox.key, self._puller)
        self._on_status = on_status
        self._on_found = on_found
        self._clock = clock
        self._pace = Pace()
        self._random = random.SystemRandom()
        self.inbox = inbox.key
        self._status = InboxStatus(inbox.key)
        self._schedule = Schedule()
        self._told_by_server: dict[str, bool] = {}
        """Of which mailboxes the server tells by itself; their watching threads say."""
        self._named = frozenset(inbox.mailboxes)
        self._errors: dict[str, MadoError] = {}
        """What is wrong with which mailbox, as far as the last look at it knows."""
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        # One connection pulls; the first mailboxes get those that are left.
        watched = inbox.mailboxes[: max(0, inbox.imap.connections - 1)]
        self._watches = [self._watch(mailbox, lambda: imap_access(inbox, secrets, store.me(), clock=clock)) for mailbox in watched]
        # Daemons: one that hangs in a dead connection must not keep a person from leaving the program.
        self._threads = [threading.Thread(target=watch.run, name=f"watch {inbox.key} {watch.mailbox}", daemon=True) for watch in self._watches]
        self._threads.append(threading.Thread(target=self._pull_for_ever, name=f"pull {inbox.key}", daemon=True))

    def start(self) -> None:
        """Begin; the first pull starts at once."""
        self._requests.put(Request())
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End all threads; waits for a commit in progress, not for a server that does not answer."""
        self._requests.put(None)
        for watch in self._watches:
            watch.stop()
        self._puller.stop()
        for thread in self._threads:
            thread.join(GOODBYE_SECONDS)

    def request(self, *, verify: bool = False) -> Done:
        """Pull all now; the answer is that pull's. Also ends the wait after a failure."""
        self._door.forget()
        done: Done = Future()
        self._requests.put(Request(verify=verify, done=done))
        for watch in self._watches:
            watch.look_now()
        return done

    def look_at_sent(self) -> None:
        """Pull Sent now, and nothing else that is not due."""
        self._requests.put(Request(JUST_SENT))

    def _pull_for_ever(self) -> None:
        failures = 0
        patience_seconds = 0.0
        while (now := self._next_round(patience_seconds, after_failure=failures > 0)) is not None:
            self._say(SyncState.CONNECTING if self._errors else SyncState.PULLING)
            reports = self._pulled(now)
            error = self._note(reports, now)
            if error is None:
                failures, patience_seconds = 0, self._schedule.wait_seconds(self._clock.monotonic())
            else:
                failures += 1
                gave_way = isinstance(error, TooManyConnections) and any(watch.give_way(error) for watch in reversed(self._watches))
                patience_seconds = retry_seconds(1 if gave_way else failures, error, self._random.random())
            self._say_at_rest()
            for each in now.waiting:
                # Whoever asked may have gone meanwhile.
                if each.set_running_or_notify_cancel():
                    each.set_result(reports)
            for report in reports if not now.verify else ():
                if report.flaws or (report.verified is not None and report.verified.differences):
                    self._on_found(report)
        self._puller.close()

    def _pulled(self, now: Round) -> tuple[PullReport, ...]:
        """One pull. Whatever is raised besides what a report tells is a bug of ours: were it to end this thread, no mail would come any more."""
        pulling = attempted(lambda: self._puller.pull_all(verify=now.verify, only=now.only, told=now.told))
        error = pulling.exception()
        if error is None:
            return pulling.result()
        self._puller.close()
        return tuple(PullReport(self.inbox, mailbox, error=PullBroken(error)) for mailbox in sorted(self._named))

    def _next_round(self, patience_seconds: float, *, after_failure: bool) -> Round | None:
        """Wait for the next reason to pull, and take along those that came meanwhile; None: stop."""
        requests: list[Request] = []
        try:
            request = self._first_request(patience_seconds)
            while request is not None:
                requests.append(request)
                request = self._requests.get_nowait()
        except queue.Empty:
            return self._round(requests, is_all=after_failure)
        for each in requests:
            if each.done is not None:
                each.done.cancel()
        return None

    def _first_request(self, patience_seconds: float) -> Request | None:
        """Wait for one; after a sleep of the machine it is time for all mailboxes. Raises queue.Empty when the patience is over."""
        until = self._clock.monotonic() + patience_seconds
        while True:
            began = self._clock.monotonic()
            step_seconds = max(0.0, min(until - began, LOOK_SECONDS))
            try:
                return self._requests.get(timeout=step_seconds)
            except queue.Empty:
                if has_slept(self._clock, began, step_seconds):
                    return Request()
                if self._clock.monotonic() >= until:
                    raise

    def _round(self, requests: Sequence[Request], *, is_all: bool) -> Round:
        waiting = tuple(each.done for each in requests if each.done is not None)
        told = frozenset(each.mailbox for each in requests if each.mailbox is not None)
        named = told | self._schedule.due(self._clock.monotonic())
        is_all = is_all or not named or any(each.mailbox is None for each in requests)
        return Round(None if is_all else named, any(each.verify for each in requests), waiting, told)

    def _note(self, reports: Sequence[PullReport], of: Round) -> MadoError | None:
        """Remember what each mailbox was like; returns the error that means: try again soon."""
        now = self._clock.monotonic()
        if of.only is None:
            self._errors.clear()
            self._schedule.keep_only({report.mailbox for report in reports})
        for report in reports:
            self._errors.pop(report.mailbox, None)
            if report.error is not None:
                self._errors[report.mailbox] = report.error
            changed = bool(report.new or report.changed or report.gone)
            self._schedule.looked(report.mailbox, now, news=changed, watched=self._told_by_server.get(report.mailbox, False))
        # Sent goes along with every pull; one that is not there any more is called otherwise now.
        looked_at = self._named | {report.mailbox for report in reports}
        self._errors = {mailbox: error for mailbox, error in self._errors.items() if mailbox in looked_at}
        return next((error for error in self._errors.values() if not isinstance(error, ONE_MAILBOX)), None)

    def _watch(self, mailbox: str, access: Callable[[], ImapAccess]) -> Watch:
        return Watch(
            access,
            mailbox,
            on_news=lambda session: self._heard(session, mailbox),
            on_state=lambda state: self._watch_state(mailbox, state),
            clock=self._clock,
            rest_seconds=self._rest_seconds(mailbox),
            open_session=self._door.open,
        )

    def _heard(self, session: MailSession | None, mailbox: str) -> None:
        """There is news: mail is taken over the connection that heard of it, and a pull behind it brings whatever else there is."""
        error = attempted(lambda: self._puller.take_news(session, mailbox)).exception() if session is not None else None
        self._requests.put(Request(mailbox))
        # What is wrong with the store, or with us, the pull meets as well, and tells the people; only the connection's end is the watch's.
        if isinstance(error, MadoError) and not isinstance(error, StoreError):
            raise error

    def _rest_seconds(self, mailbox: str) -> float:
        """How long the server is still not to be asked for another connection, as it said before this start."""
        until = self._remembered.full_until(self.inbox, mailbox)
        return 0.0 if until is None else min((until - self._clock.now()).total_seconds(), LONGEST_FULL_RETRY_SECONDS)

    def _watch_state(self, mailbox: str, state: Watching | WaitingToRetry) -> None:
        self._told_by_server[mailbox] = isinstance(state, Watching) and state.by_idle
        is_full = isinstance(state, WaitingToRetry) and isinstance(state.error, TooManyConnections)
        until = self._clock.now() + timedelta(seconds=state.in_seconds) if isinstance(state, WaitingToRetry) and is_full else None
        # It only saves the next start a refusal: a store that cannot be written must not end the watching.
        with suppress(MadoError):
            self._remembered.record_full(self.inbox, mailbox, until)
        # Whether the inbox works is for a pull to say: some servers allow one connection only, and then that one does everything.
        self._requests.put(Request(mailbox))

    def _say_at_rest(self) -> None:
        if self._errors:
            self._say(SyncState.FAILED, error=next(iter(self._errors.values())))
        else:
            self._say(SyncState.WATCHING if any(self._told_by_server.values()) else SyncState.POLLING)

    def _progress(self, done: int, total: int) -> None:
        self._say(SyncState.PULLING, done=done, total=total, eta_seconds=self._pace.eta_seconds(done, total, self._clock.monotonic()))

    def _say(self, state: SyncState, *, done: int = 0, total: int = 0, error: MadoError | None = None, eta_seconds: float | None = None) -> None:
        status = InboxStatus(self.inbox, state, done, total, error, eta_seconds)
        if status != self._status:
            self._status = status
            self._on_status(status)
