"""One server process of the simulation: the real execution, leases, duties and readings on the real database."""

import zlib
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from store.domain.commands import AddComment, LapseLease, RecordMessage, WakeConversation
from store.domain.ids import ConversationId, InboxKey, MemberKey, SubmissionId
from store.domain.lease import Token, lease_is_live
from store.domain.people import Member, sees
from store.team import reading
from store.team.comment_files import Which, add_piece, begin_file, end_file
from store.team.connection import Connection
from store.team.duties import THE_REST, Beat, Claim, Duty, beat_duties, fenced, holder_of, take_duty
from store.team.erasing import erase_again
from store.team.errors import DutyLost
from store.team.execution import Execution, Order
from store.team.leases import LeaseBook, pulses
from store.team.opening import prepare
from store.team.people import People
from store.team.sent_read import note_read, unread
from store.team.values import THE_SERVER, Outcome, Published, WatchCursor
from tests.simulation.asking import content_called
from tests.simulation.storage import Pen
from tests.team.team_house import SALES, SUPPORT

T = TypeVar("T")

OWN = frozenset({"support@example.jp", "sales@example.jp"})
INBOXES = (SUPPORT, SALES)
INBOX = "INBOX"
ALL_OF_IT = 10**6
SILENT_SECONDS = 20.0
"""As `DutyPace.silent_seconds`; beats are rarer here too."""


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
    """A process from its start to its death. Whoever calls it sees to it that it lives.

    Its work for an inbox is written under a duty, as in `mailsync.server.duties`: one that stood still goes on with what it remembers, and
    its next write is refused.
    """

    def __init__(self, pen: Pen, clock: MachineClock, name: str, erasures: Path) -> None:
        self.clock = clock
        self.pen = pen
        self.paused_until = 0.0
        self.sending: set[SubmissionId] = set()
        self.duties: dict[InboxKey, Duty] = {}
        self._name = name
        self._beats: dict[InboxKey, tuple[Beat, float]] = {}
        self._beaten_at = clock.monotonic()
        look = partial(prepare, now=clock.now(), alone=False)
        opened = pen.set_up(look)
        if pen.set_up(partial(erase_again, erasures=erasures, now=clock.now())):
            opened = pen.set_up(look)
        self.epoch = opened.epoch
        self.told = opened.seq
        self.leases = LeaseBook(opened.leases, opened.pulses)
        self.executes = Execution(self.clock, opened.epoch, own_addresses=OWN, reopen_days=14, inboxes=frozenset(INBOXES)).run

    def end(self) -> None:
        """Whatever it was doing is rolled back, as by a kill."""
        self.pen.end()

    # Writing and reading

    def execute(
        self, orders: Sequence[Order], cursor: tuple[InboxKey, str, WatchCursor] | None = None, inbox: InboxKey | None = None
    ) -> tuple[Outcome, ...]:
        """As `TeamDesk.execute_many`; for `inbox`, on duty there.

        Raises:
            DutyLost: Another server does that inbox's work.
        """

        def work(connection: Connection) -> tuple[tuple[Outcome, ...], tuple[Published, ...]]:
            return self.executes(connection, orders, cursor)

        return self._follow(self.pen.write(work if inbox is None else self.on_duty(inbox, work)))

    def do_duty(self, inbox: InboxKey, work: Callable[[Connection], tuple[T, tuple[Published, ...]]]) -> T:
        """As `Ledger.write`: a write of an inbox's work, by whoever is on duty there.

        Raises:
            DutyLost: Another server does that inbox's work.
        """
        return self._follow(self.pen.write(self.on_duty(inbox, work)))

    def _follow(self, written: tuple[T, tuple[Published, ...]]) -> T:
        for part in written[1]:
            self.leases.follow(part)
        return written[0]

    def on_duty(self, inbox: InboxKey, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
        """`work`, which is done only while the duty holds that is remembered here."""
        duty = self.duties.get(inbox)
        if duty is None:
            raise DutyLost(inbox)
        return fenced(work, duty)

    def server_says(self, command: Any, inbox: InboxKey) -> Outcome:
        """A command of the server's own."""
        return self.execute([Order(THE_SERVER, None, command)], inbox=inbox)[0]

    def ask(self, actor: Member, key: Any, command: Any) -> Outcome:
        """A member's command, and the files that go before it; each fourth never arrives."""
        if isinstance(command, AddComment) and command.files and zlib.crc32(command.comment_id.encode()) % 4:
            self._hand_in(actor, command)
        return self.execute([Order(actor, key, command, "simulated")])[0]

    def _hand_in(self, actor: Member, command: AddComment) -> None:
        """As `mailsync.server.files` does: a write for each piece."""
        which, size = Which(command.comment_id, command.files[0].sha256), command.files[0].size_bytes
        given = {"conversation_id": command.conversation_id, "member": actor.key, "size_bytes": size, "now": self.clock.now(), "most_bytes": 10**9}
        if self.pen.write(partial(begin_file, which=which, **given))[0]:
            self.pen.write(partial(add_piece, which=which, n=0, piece=content_called(command.comment_id)))
            self.pen.write(partial(end_file, which=which, size_bytes=size, now=self.clock.now()))

    def follow(self) -> tuple[Published, ...]:
        """What the journal holds beyond what this server told its terminals; leases and pulses that other servers saw are learnt."""
        told, seen = self.pen.read(lambda connection: (reading.published_since(connection, since=self.told, limit=ALL_OF_IT), pulses(connection)))
        if told:
            self.told = told[-1].recorded[-1].seq
        for part in told:
            self.leases.follow(part)
        self.leases.learn(seen)
        return told

    def pulse(self, by: MemberKey, conversation_id: ConversationId, token: Token, *, typed: bool) -> bool:
        """As `TeamDesk.touch_pulse`."""
        kept = self.leases.touch(by, conversation_id, token, self.clock.now(), typed=typed)
        if kept is not None:
            self.pen.write(kept)
        return kept is not None

    # Whose work it is

    def keep_duties(self) -> tuple[InboxKey, ...]:
        """Show that we live, and take what nobody does; returns the inboxes whose work became ours."""
        began = self.clock.monotonic()
        lost = self.pen.write(partial(beat_duties, duties=tuple(self.duties.values()), now=self.clock.now())) if self.duties else frozenset()
        self._beaten_at = began
        for inbox in lost:
            del self.duties[inbox]
        return tuple(inbox for inbox in (*INBOXES, THE_REST) if inbox not in self.duties and self._wins(inbox))

    def _wins(self, inbox: InboxKey) -> bool:
        known, since = self._beats.get(inbox, (None, 0.0))
        silent = known if self.clock.monotonic() - since >= SILENT_SECONDS else None
        claim = Claim(inbox, frozenset(INBOXES), self._name, silent, alone=False)
        found = self.pen.read(partial(holder_of, claim=claim))
        taken = found or self.pen.write(partial(take_duty, claim=claim, now=self.clock.now()))
        if isinstance(taken, Duty):
            self.duties[inbox] = taken
            return True
        if taken != known:
            self._beats[inbox] = (taken, self.clock.monotonic())
        return False

    def covers(self, duty: InboxKey, inbox: InboxKey) -> bool:
        """Whether an inbox's work is done by whoever is on duty for `duty`."""
        return duty in self.duties and self.duties[duty].covers(inbox)

    def may_start(self) -> bool:
        """Whether nobody can have taken our work over: what cannot be taken back may begin."""
        return self.clock.monotonic() - self._beaten_at < SILENT_SECONDS / 2

    # The work

    def keep_times(self, inbox: InboxKey) -> None:
        """As the timers do."""
        now = self.clock.now()
        for held in self.leases.all():
            if self.covers(inbox, held.inbox) and not lease_is_live(held.lease, held.pulse, now):
                has_text = self.pen.read(partial(reading.has_draft, member=held.lease.by, conversation_id=held.conversation_id))
                self.server_says(LapseLease(conversation_id=held.conversation_id, token=held.lease.token, has_text=has_text), inbox)
        for conversation_id, of in self.pen.read(partial(reading.waking, now=now)):
            if self.covers(inbox, of):
                self.server_says(WakeConversation(conversation_id=conversation_id), inbox)

    def watch(self, inbox: InboxKey, mailbox: Sequence[RecordMessage], most: int, *, anew: bool = False) -> int:
        """Tell the journal of what lies in the mailbox beyond the cursor, or of all of it `anew`; returns how far it came."""
        cursor = self.pen.read(partial(reading.watch_cursor, inbox=inbox, mailbox=INBOX))
        told = cursor.highest_uid if cursor and not anew else 0
        mails = mailbox[told : told + most]
        if mails:
            orders = [Order(THE_SERVER, None, mail) for mail in mails]
            self.execute(orders, (inbox, INBOX, WatchCursor(1, told + len(mails))), inbox)
        if told + len(mails) == len(mailbox) and self.pen.read(partial(unread, inboxes=(inbox,))):
            self.do_duty(inbox, lambda connection: (note_read(connection, inbox=inbox), ()))
        return told + len(mails)

    def deactivate(self, member: MemberKey) -> bool:
        """As an admin does it; returns once it is committed."""
        at_once(self._people().deactivate(member, MemberKey("mori")))
        self._free_leases_of(member, lambda _inbox: True)
        return True

    def change(self, wanted: Member) -> bool:
        """The same for somebody's inboxes."""
        at_once(self._people().change(wanted, MemberKey("mori")))
        self._free_leases_of(wanted.key, lambda inbox: not sees(wanted, inbox))
        return True

    def _people(self) -> People:
        async def write(work: Callable[[Connection], Any]) -> Any:
            answer, published = self.pen.write(work)
            for part in published:
                self.leases.follow(part)
            return answer

        async def ask(work: Callable[[Connection], Any]) -> Any:
            return self.pen.read(work)

        return People(self.clock, write, ask, self.pen.read(reading.all_members))

    def _free_leases_of(self, member: MemberKey, ends_in: Callable[[InboxKey], bool]) -> None:
        for held, kept in self.leases.end_all_of(member, self.clock.now(), ends_in):
            self.pen.write(kept)
            self.execute([Order(THE_SERVER, None, LapseLease(conversation_id=held.conversation_id, token=held.lease.token, has_text=False))])


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run what only says `await` to things that are done already."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waited for something")
