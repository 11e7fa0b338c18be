"""One server process of the simulation: the real execution, leases and readings on the real database, which may die between any two writes."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from mailsync.server.outbox_plan import envelope_left
from store.domain.commands import IssueTicket, LapseLease, RecordFiled, RecordMessage, RecordOutcome, WakeConversation
from store.domain.events import Recorded, ReplySending
from store.domain.fence import IMAP_UNREACHABLE
from store.domain.ids import ConversationId, InboxKey, MemberKey, SubmissionId
from store.domain.lease import Token, lease_is_live
from store.domain.outbox import LEFT_STATES, OutboxState, Submission
from store.domain.people import Member
from store.sqlite.connection import Connection, Row, SqlValue, connect
from store.team import reading
from store.team.execution import Execution, Order
from store.team.leases import LeaseBook, pulses
from store.team.opening import prepare
from store.team.people import People
from store.team.values import THE_SERVER, Executed, OutboxItem, Outcome, Published, WatchCursor

T = TypeVar("T")

OWN = frozenset({"support@example.jp"})
SUPPORT = InboxKey("support")
INBOXES = frozenset({SUPPORT, InboxKey("sales")})
"""Mail comes to the first only; what it becomes may be moved."""
INBOX = "INBOX"
STOPPED = "the server stopped between handing this reply over and hearing the answer"


class Died(Exception):
    """The process is gone in the middle of what it did."""


class Mortal(Connection):
    """A real connection, on which the process dies before the statement it is told."""

    def __init__(self, inner: Connection) -> None:
        super().__init__(inner._raw, inner.path)
        self.dies_in: int | None = None

    def _lives(self) -> None:
        if self.dies_in is not None:
            self.dies_in -= 1
            if self.dies_in < 0:
                raise Died

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> list[Row]:
        self._lives()
        return super().execute(sql, params)

    def one(self, sql: str, params: Sequence[SqlValue] = ()) -> Row | None:
        self._lives()
        return super().one(sql, params)


class MachineClock:
    """A process's clock: the machine's at its start, moved on by real time only."""

    def __init__(self, time: Callable[[], float], started_at: datetime) -> None:
        self._time = time
        self._started = time()
        self._started_at = started_at

    def now(self) -> datetime:
        return self._started_at + timedelta(seconds=self._time() - self._started)

    def monotonic(self) -> float:
        return self._time()


class Machine:
    """A process from its start to its death. `on_duty`: it watches, sends and keeps times. Whoever calls it sees to it that it lives."""

    def __init__(self, path: Path, time: Callable[[], float], wall: datetime, *, on_duty: bool) -> None:
        self.clock = MachineClock(time, wall)
        self.connection = Mortal(connect(path))
        self.connection.execute("PRAGMA synchronous = OFF")
        self.on_duty = on_duty
        self.paused_until = 0.0
        self.sending: set[SubmissionId] = set()
        with self.connection.transaction():
            opened = prepare(self.connection, now=self.clock.now(), alone=False)
        self.epoch = opened.epoch
        self.told = opened.seq
        self.leases = LeaseBook(opened.leases, opened.pulses)
        self._execution = Execution(self.clock, opened.epoch, own_addresses=OWN, reopen_days=14, inboxes=INBOXES)
        if on_duty:
            self.doubt_what_was_leaving()

    def end(self) -> None:
        """Whatever it was doing is rolled back, as by a kill."""
        self.connection.dies_in = None
        self.connection.close()

    def write(self, work: Callable[[Connection], Any]) -> Any:
        """A transaction of the writer's thread; returning means committed."""
        with self.connection.transaction():
            return work(self.connection)

    def execute(self, orders: Sequence[Order], cursor: tuple[InboxKey, str, WatchCursor] | None = None) -> tuple[Outcome, ...]:
        """As `TeamDesk.execute_many`."""
        outcomes: tuple[Outcome, ...]
        published: tuple[Published, ...]
        outcomes, published = self.write(lambda connection: self._execution.run(connection, orders, cursor))
        for part in published:
            self.leases.follow(part)
        return outcomes

    def follow(self) -> tuple[Recorded, ...]:
        """What the journal holds beyond what this server told its terminals; leases and pulses that other servers saw are learnt."""
        recorded, self.told = reading.events_since(self.connection, self.told, 500, ())
        for one in recorded:
            state = reading.load_state(self.connection, one.conversation_id) if one.conversation_id is not None else None
            if state is not None:
                self.leases.follow(Published(state.inbox, (one,), state.lease))
        self.leases.learn(pulses(self.connection))
        return recorded

    def server_says(self, command: Any) -> Outcome:
        """A command of the server's own."""
        return self.execute([Order(THE_SERVER, None, command)])[0]

    def ask(self, actor: Member, key: Any, command: Any) -> Outcome:
        """A member's command."""
        return self.execute([Order(actor, key, command, "simulated")])[0]

    def pulse(self, by: MemberKey, conversation_id: ConversationId, token: Token, *, typed: bool) -> bool:
        """As `TeamDesk.touch_pulse`."""
        kept = self.leases.touch(by, conversation_id, token, self.clock.now(), typed=typed)
        if kept is not None:
            self.write(kept)
        return kept is not None

    def keep_times(self) -> None:
        """As the timers do."""
        now = self.clock.now()
        for held in self.leases.all():
            if not lease_is_live(held.lease, held.pulse, now):
                has_text = reading.has_draft(self.connection, member=held.lease.by, conversation_id=held.conversation_id)
                self.server_says(LapseLease(conversation_id=held.conversation_id, token=held.lease.token, has_text=has_text))
        for conversation_id, _inbox in reading.waking(self.connection, now=now):
            self.server_says(WakeConversation(conversation_id=conversation_id))

    def watch(self, mailbox: Sequence[RecordMessage], most: int, *, anew: bool = False) -> int:
        """Tell the journal of what lies in the mailbox beyond the cursor, or of all of it `anew`; returns how far it came."""
        cursor = reading.watch_cursor(self.connection, inbox=SUPPORT, mailbox=INBOX)
        told = cursor.highest_uid if cursor and not anew else 0
        mails = mailbox[told : told + most]
        if mails:
            orders = [Order(THE_SERVER, None, mail) for mail in mails]
            self.execute(orders, (SUPPORT, INBOX, WatchCursor(1, told + len(mails))))
        return told + len(mails)

    def next_to_send(
        self, *, imap_checked: bool, due: Sequence[OutboxItem] | None = None
    ) -> tuple[Submission, ConversationId, tuple[str, ...]] | None:
        """As the outbox runner: the next reply for which a ticket was issued, and to whom it goes now. `due`: as it was seen a while ago."""
        due = list(due) if due is not None else self._due()
        for item in due:
            if item.submission.id in self.sending:
                continue
            ticket = IssueTicket(conversation_id=item.conversation_id, submission_id=item.submission.id, imap_checked=imap_checked)
            outcome = self.server_says(ticket)
            if isinstance(outcome, Executed) and any(isinstance(one.event, ReplySending) for one in outcome.recorded):
                self.sending.add(item.submission.id)
                return item.submission, item.conversation_id, envelope_left(item.submission).rcpt_to
        return None

    def _due(self) -> list[OutboxItem]:
        due = list(reading.due_submissions(self.connection, now=self.clock.now()))
        due += [item for item in reading.submissions_in(self.connection, state=OutboxState.HELD) if item.submission.why == IMAP_UNREACHABLE]
        return due

    def outcome(self, command: RecordOutcome) -> None:
        """What SMTP said is written down; what left is filed."""
        self.sending.discard(command.submission_id)
        self.server_says(command)
        if command.state in LEFT_STATES:
            self.server_says(RecordFiled(conversation_id=command.conversation_id, submission_id=command.submission_id))

    def deactivate(self, member: MemberKey) -> bool:
        """As an admin does it; returns once it is committed."""

        async def write(work: Callable[[Connection], Any]) -> Any:
            answer, published = self.write(work)
            for part in published:
                self.leases.follow(part)
            return answer

        async def ask(work: Callable[[Connection], Any]) -> Any:
            return work(self.connection)

        people = People(self.clock, write, ask, reading.all_members(self.connection))
        at_once(people.deactivate(member, MemberKey("mori")))
        for held, kept in self.leases.end_all_of(member, self.clock.now()):
            self.write(kept)
            self.server_says(LapseLease(conversation_id=held.conversation_id, token=held.lease.token, has_text=False))
        return True

    def doubt_what_was_leaving(self) -> None:
        for item in reading.submissions_in(self.connection, state=OutboxState.SENDING):
            self.server_says(
                RecordOutcome(
                    conversation_id=item.conversation_id,
                    submission_id=item.submission.id,
                    state=OutboxState.UNKNOWN,
                    results=item.submission.results,
                    why=STOPPED,
                )
            )


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run what only says `await` to things that are done already."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waited for something")
