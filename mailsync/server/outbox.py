"""Sends what waits to be sent: looks at the mailbox once more, passes the fence, hands over exactly once, writes down what came of it."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from mailsync.mime.carried.report import envelope_id
from mailsync.server.outbox_copies import Copies
from mailsync.server.outbox_left import pacers
from mailsync.server.outbox_plan import Answer, Patience, envelope_left, judge
from mailsync.server.outbox_rate import Pacer, limits_of
from mailsync.server.sent_habit import CopyPatience
from mailsync.server.watch_sources import inboxes_of
from mailsync.server.watcher import LookAgain
from mailsync.smtp.access import FINAL_ANSWER_SECONDS
from mailsync.smtp.kept import Connections
from mailsync.smtp.options import Reporting, asked_for
from mailsync.smtp.reach import NoMailServer, smtp_access
from store.clock import Clock
from store.domain.commands import IssueTicket, PostponeReply, RecordOutcome
from store.domain.events import Recorded, ReplyHeld, ReplyOutcome, ReplyQueued, ReplyReleased, ReplySending, ReplySettled
from store.domain.fence import IMAP_UNREACHABLE
from store.domain.ids import InboxKey, SubmissionId
from store.domain.outbox import LEFT_STATES, NO_REPORTS, OutboxState
from store.domain.reply_events import ReplyScheduled
from store.errors import MadoError
from store.settings.secrets import Secrets
from store.settings.settings import Settings
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, Executed, Frozen, OutboxItem, Published

STOPPED_WHILE_SENDING = "the server stopped between handing this reply over and hearing the answer"
MOST_AT_ONCE = 4
"""Submissions of one inbox on their way; more make some providers refuse."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutboxPace:
    """How often things are looked at; tests are in a hurry."""

    patience: Patience = field(default_factory=Patience)
    held_retry_seconds: float = 10.0
    """How often a reply that waits for IMAP, or that the rules did not let go, is tried again."""
    look_every_seconds: float = 30.0
    """How late a due time may be noticed when the machine's clock jumped."""
    smtp_seconds: float = 60.0
    final_answer_seconds: float = FINAL_ANSWER_SECONDS
    copy_retry_seconds: float = 15.0
    copy_patience: CopyPatience = field(default_factory=CopyPatience)


class PausedBeforeSending(MadoError):
    """We were stopped, or cut off from the database, for so long that another server may do this inbox's work by now."""

    def __init__(self, inbox: InboxKey) -> None:
        super().__init__(f"The server stood still before a reply of inbox {inbox} could leave. Nothing was sent; it is tried again.", inbox=inbox)


class OutboxRunner:
    """One for a server. While a ticket of a submission is out, there is no second one: `decide` sees to it, and a crash makes it unknown."""

    def __init__(
        self,
        desk: TeamDesk,
        settings: Settings,
        secrets: Secrets,
        clock: Clock,
        look_again: LookAgain,
        *,
        pace: OutboxPace | None = None,
        may_start: Callable[[], bool] = lambda: True,
    ) -> None:
        """`may_start`: whether this server is surely the one that sends for these inboxes; asked before each mail, and again before its text."""
        self._desk = desk
        self._may_start = may_start
        self._inboxes = {inbox.key: inbox for inbox in inboxes_of(settings)}
        self._secrets = secrets
        self._clock = clock
        self._look_again = look_again
        self._pace = pace or OutboxPace()
        self._copies = Copies(
            desk, self._inboxes, secrets, look_again, clock, retry_seconds=self._pace.copy_retry_seconds, patience=self._pace.copy_patience
        )
        self._pacers: dict[InboxKey, Pacer] = {}
        self._connections: dict[InboxKey, Connections] = {}
        self._news = asyncio.Event()
        self._sending: dict[SubmissionId, asyncio.Task[None]] = {}
        self._not_before: dict[SubmissionId, float] = {}
        self._decided: set[SubmissionId] = set()
        """Of those in `_sending`: somebody has released them meanwhile."""
        self._lines: dict[InboxKey, asyncio.Semaphore] = {}
        self._closing = False

    async def run(self) -> None:
        """Send, for ever; cancel it to stop (`drain` first, or what is just leaving becomes unknown).

        Raises:
            StoreError: The journal cannot be written.
        """
        # Nothing of this process is on its way yet: these are from one that died. They may have left.
        for item in await self._desk.submissions_in(OutboxState.SENDING):
            outcome = RecordOutcome(
                conversation_id=item.conversation_id,
                submission_id=item.submission.id,
                state=OutboxState.UNKNOWN,
                why=STOPPED_WHILE_SENDING,
            )
            await self._desk.execute(THE_SERVER, None, outcome)
        limits = {inbox.key: limits_of(inbox.smtp) for inbox in self._inboxes.values()}
        self._pacers = await pacers(self._desk, limits, self._clock.now())
        unsubscribe = self._desk.subscribe(self._hear)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._copies.run())
                while True:
                    self._news.clear()
                    now = self._clock.now()
                    await self._start_due(now, tasks.create_task)
                    await self._sleep(now)
        finally:
            unsubscribe()
            for connections in self._connections.values():
                connections.close()

    async def drain(self, seconds: float) -> bool:
        """Issue no more tickets and wait for what is leaving; False: something still was after `seconds`."""
        self._closing = True
        if self._sending:
            await asyncio.wait(set(self._sending.values()), timeout=seconds)
        return not self._sending

    def _hear(self, published: Published) -> None:
        events = [recorded.event for recorded in published.recorded]
        for event in events:
            if isinstance(event, ReplyReleased | ReplyScheduled):
                # Somebody has decided; that it was refused a ticket a moment ago must not make it wait.
                self._not_before.pop(event.submission_id, None)
                if event.submission_id in self._sending:
                    self._decided.add(event.submission_id)
        if any(isinstance(event, ReplyQueued | ReplyReleased | ReplyScheduled | ReplyOutcome | ReplyHeld | ReplySettled) for event in events):
            self._news.set()
        if any(isinstance(event, ReplyOutcome | ReplySettled) for event in events):
            self._copies.hint()

    async def _start_due(self, now: datetime, start: Callable[[Coroutine[None, None, None]], asyncio.Task[None]]) -> None:
        late = self._clock.monotonic()
        passed_over = self._sending.keys() | {key for key, until in self._not_before.items() if until > late}
        due = list(await self._desk.due_submissions(now, passed_over))
        due += [item for item in await self._desk.submissions_in(OutboxState.HELD) if item.submission.why == IMAP_UNREACHABLE]
        for item in due:
            submission_id = item.submission.id
            waits = self._not_before.get(submission_id, 0.0) > self._clock.monotonic()
            if self._closing or waits or submission_id in self._sending:
                continue
            if await self._has_room(item, now):
                self._sending[submission_id] = start(self._send_in_line(item))
                self._sending[submission_id].add_done_callback(partial(self._done, submission_id))

    async def _has_room(self, item: OutboxItem, now: datetime) -> bool:
        """Whether the provider takes one more now; else it is put off, and everybody is told why."""
        pacer, submission = self._pacers.get(item.inbox), item.submission
        at = now if pacer is None else pacer.free_at(submission.id, now)
        if at > now and submission.state is OutboxState.HELD:
            self._try_later(submission.id)
        elif at > now:
            await self._desk.execute(THE_SERVER, None, PostponeReply(conversation_id=item.conversation_id, submission_id=submission.id, until=at))
        return at <= now

    def _done(self, submission_id: SubmissionId, _task: asyncio.Task[None]) -> None:
        self._sending.pop(submission_id, None)
        self._decided.discard(submission_id)
        self._news.set()

    async def _sleep(self, looked_at: datetime) -> None:
        """Until a due time, or news. What was due when looked at and yet was not started is looked at again in a while, not at once."""
        # Behind the very moment of that look: what came due since, or hides behind something older, would wait for the next look.
        next_due_at = await self._desk.next_due_at(after=looked_at)
        waits = [self._pace.look_every_seconds]
        if self._not_before:
            waits.append(max(0.01, min(self._not_before.values()) - self._clock.monotonic()))
        if next_due_at is not None:
            waits.append(max(0.0, (next_due_at - self._clock.now()).total_seconds()))
        try:
            async with asyncio.timeout(min(waits)):
                await self._news.wait()
        except TimeoutError:
            late = self._clock.monotonic()
            self._not_before = {key: until for key, until in self._not_before.items() if until > late}

    # One reply

    async def _send_in_line(self, item: OutboxItem) -> None:
        async with self._lines.setdefault(item.inbox, asyncio.Semaphore(MOST_AT_ONCE)):
            await self._send(item)

    async def _send(self, item: OutboxItem) -> None:
        submission_id = item.submission.id
        pacer = self._pacers.get(item.inbox)
        reached = await self._look_again(item.inbox)
        if self._closing or (not reached and item.submission.state is OutboxState.HELD):
            self._try_later(submission_id)
            return
        ticket = IssueTicket(conversation_id=item.conversation_id, submission_id=submission_id, imap_checked=reached)
        outcome = await self._desk.execute(THE_SERVER, None, ticket)
        attempt = _attempt(outcome.recorded) if isinstance(outcome, Executed) else None
        if attempt is None:  # held by the fence, taken back meanwhile, or not allowed any more
            self._try_later(submission_id)
            if pacer is not None:
                pacer.gave_up(submission_id)
            return
        if pacer is not None:
            pacer.has_left(submission_id, self._clock.now())
        frozen = await self._desk.submission(submission_id)
        if frozen is None:
            raise LookupError(f"the reply {submission_id} has a ticket, but no bytes")
        await self._write_down(frozen, await self._hand_over(frozen), attempt)

    def _still_ours(self, inbox: InboxKey) -> None:
        """The login may have taken long: another server may have taken over meanwhile, and have told a person that nobody knows."""
        if not self._may_start():
            raise PausedBeforeSending(inbox)

    def _try_later(self, submission_id: SubmissionId) -> None:
        if submission_id in self._decided:
            # Its sender has heard that it is held, and has released it, before we went on here.
            return
        self._not_before[submission_id] = self._clock.monotonic() + self._pace.held_retry_seconds

    async def _hand_over(self, frozen: Frozen) -> Answer:
        inbox = self._inboxes.get(frozen.item.inbox)
        try:
            if inbox is None or inbox.smtp is None:
                raise NoMailServer(frozen.item.inbox)
            self._still_ours(inbox.key)
            access = await asyncio.to_thread(smtp_access, inbox, self._secrets, timeout_seconds=self._pace.smtp_seconds, clock=self._clock)
            access = replace(access, final_answer_seconds=self._pace.final_answer_seconds)
            submission = frozen.item.submission
            reporting = Reporting(asked_for(access.dsn, delivered=submission.delivered), envelope_id(submission.message_id) or "")
            kept = self._connections.setdefault(inbox.key, Connections(most_mails=inbox.smtp.per_connection))
            return await kept.submit(access, envelope_left(submission), frozen.mime, reporting, partial(self._still_ours, inbox.key))
        except MadoError as error:
            return error

    async def _write_down(self, frozen: Frozen, answer: Answer, attempt: int) -> None:
        item, submission = frozen.item, frozen.item.submission
        verdict = judge(submission, answer, attempt=attempt, now=self._clock.now(), patience=self._pace.patience)
        if (pacer := self._pacers.get(item.inbox)) is not None:
            pacer.heard(verdict.results, self._clock.now())
        _log.info("submission %s of inbox %s: attempt %d: %s", submission.id, item.inbox, attempt, verdict.state)
        outcome = RecordOutcome(
            conversation_id=item.conversation_id,
            submission_id=submission.id,
            state=verdict.state,
            results=verdict.results,
            why=verdict.why or (self._unmet(item) if verdict.state in LEFT_STATES else ""),
            retry_at=verdict.retry_at,
        )
        await self._desk.execute(THE_SERVER, None, outcome)

    def _unmet(self, item: OutboxItem) -> str:
        """That its writer will not be told of its arrival, which they asked for."""
        kept = self._connections.get(item.inbox)
        return NO_REPORTS if item.submission.delivered and kept is not None and not kept.gives_reports else ""


def _attempt(recorded: Sequence[Recorded]) -> int | None:
    """The number of the attempt for which a ticket was issued; None: there was no ticket."""
    return next((each.event.attempt for each in recorded if isinstance(each.event, ReplySending)), None)
