"""The simulation's time, its servers on one database, and the mail that goes in and out of them.

Nothing here sleeps or threads: time is a number, and the next thing that happens is the top of a heap.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from mailsync.server.outbox import PausedBeforeSending
from mailsync.server.outbox_plan import Patience, judge
from mailsync.smtp.errors import SubmissionUncertain
from store.domain.commands import RecordOutcome
from store.domain.ids import InboxKey, MemberKey, Seq
from store.domain.outbox import OutboxState, RecipientResult
from store.domain.people import Member
from store.sqlite.errors import DiskFailed, DiskFull, StoreAway, StoreLocked
from store.team import reading
from store.team.errors import DutyLost
from store.team.values import OutboxItem, Outcome, Published
from tests.simulation.asking import Asking
from tests.simulation.fate import Died, Fate
from tests.simulation.machine import INBOXES, Machine, MachineClock
from tests.simulation.mailroom import Mailroom
from tests.simulation.onlooker import Onlooker
from tests.simulation.sending import Ticket, doubt_what_was_leaving, due, next_ticket, write_down
from tests.simulation.storage import Storage
from tests.simulation.terminal import Terminal

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = Patience(retry_after=(timedelta(seconds=30),), most_attempts=50)
NOT_NOW = (DiskFull, DiskFailed, StoreAway, StoreLocked)
"""The database takes nothing at the moment; a server lives on, and who asked asks again."""


class Servers:
    """Everything there is. `seen` counts events, refusals and faults; `faulty` False: nothing goes wrong."""

    def __init__(
        self,
        seed: int,
        folder: Path,
        storage: Storage,
        members: tuple[Member, ...],
        seen: Counter[str],
        *,
        terminals: list[Terminal],
        machines: int = 2,
    ) -> None:
        self.dice = random.Random(seed)
        self.seen = seen
        self.storage = storage
        self.fate: Fate = storage.fate
        self.fate.meanwhile = self._others_go_on
        self.erasures = folder / "erasures.jsonl"
        self.seconds = 0.0
        self.skew = timedelta()
        self.faulty = True
        self.commands = 0
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._lives = 1
        self.members = {member.key: member for member in members}
        self.machines: list[Machine | None] = [None] * machines
        self.terminals = terminals
        self.mailroom = Mailroom(self.dice, self.now)
        self.asking = Asking(self.dice, tuple(self.members), self.now)
        self.acks: list[tuple[MemberKey, Any, Seq]] = []
        self._answers: dict[Any, Outcome] = {}
        self._reread: set[InboxKey] = set()
        self._backup: tuple[Path, int] | None = None
        self._active: int | None = None
        self._due: dict[tuple[int, InboxKey], Sequence[OutboxItem]] = {}
        self._watch_over()
        for number in range(machines):
            self._start(number)
        self._again(self._mail_comes, 25.0)
        for number in range(machines):
            self._again(partial(self._server_works, number), 4.0)

    # Time

    def now(self) -> datetime:
        """What a machine's clock would say if it were set right now."""
        return START + timedelta(seconds=self.seconds) + self.skew

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (self.seconds + seconds, next(self._order), what))

    def _again(self, act: Callable[[], None], every: float) -> None:
        def again() -> None:
            self.after(every * (0.5 + self.dice.random()) * (1 if self.faulty else 20), again)
            act()

        self.after(every * self.dice.random(), again)

    def _step(self) -> None:
        at, _, what = heapq.heappop(self._heap)
        self.seconds = max(self.seconds, at)
        what()
        self._look()

    def _chance(self, probability: float) -> bool:
        return self.faulty and self.dice.random() < probability

    def _dice_of(self, state: OutboxState, probability: float) -> OutboxState | None:
        if not self._chance(probability):
            return None
        self.seen[f"fault: SMTP {state}"] += 1
        return state

    # The onlooker

    def _watch_over(self) -> None:
        self._eye = self.storage.eye()
        self.onlooker = Onlooker(self._eye.read, self.seen)
        self.onlooker.look()

    def _look(self) -> None:
        """Whatever was written is judged, and each server tells its terminals of the journal in order, what others wrote included."""
        if self.fate.moved:
            self.fate.moved = False
            self.onlooker.look()
        for number, machine in enumerate(self.machines):
            if machine is not None and machine.paused_until <= self.seconds and machine.told < self.onlooker.seq and not self.fate.away:
                self._tell(number, machine)

    def _tell(self, number: int, machine: Machine) -> None:
        published = machine.follow()
        for terminal in self.terminals:
            if terminal.server == number and terminal.connected and published:
                if self._chance(0.01):
                    self.seen["fault: stream cut"] += 1
                    terminal.connected = False
                else:
                    self._hear(terminal, published, machine.epoch)

    def _hear(self, terminal: Terminal, published: tuple[Published, ...], epoch: int) -> None:
        if terminal.paused_until > self.seconds:
            terminal.connected = False
        else:
            terminal.heard(published, epoch)

    # Servers

    def _start(self, number: int) -> None:
        clock = MachineClock(lambda: self.seconds, self.now())
        try:
            self.machines[number] = Machine(self.storage.pen(), clock, f"server{number}-{next(self._order)}", self.erasures)
        except NOT_NOW:
            self.after(10, lambda: self._start(number) if self.machines[number] is None else None)

    def _die(self, number: int) -> None:
        machine = self.machines[number]
        if machine is None:
            return
        machine.end()
        self.machines[number] = None
        for terminal in self.terminals:
            if terminal.server == number:
                terminal.connected = False
                terminal.server = self.dice.randrange(len(self.machines))
        self.after(self.dice.choice((1.0, 5.0, 200.0)), lambda: self._start(number) if self.machines[number] is None else None)

    def _on_duty(self, number: int, inbox: InboxKey, work: Callable[[Machine], Any]) -> Any:
        """Have a server do work of an inbox; whatever it writes, it writes as who is on duty there."""
        self._look()
        answer = self._on(number, work)
        machine = self.machines[number]
        if self.fate.moved and answer is not None and machine is not None and inbox in machine.duties:
            self.onlooker.does_its_duty(inbox, machine.duties[inbox].token)
        return answer

    def _on(self, number: int, work: Callable[[Machine], Any]) -> Any:
        """Have a server do something, if it lives; it may die of it. None: nobody answers."""
        machine = self.machines[number]
        if machine is None or machine.paused_until > self.seconds or number == self._active:
            return None
        if self._active is None and self._chance(0.006):
            self.fate.strike(self.dice.choice(self.storage.blows), self.dice.randrange(25))
        answer = self._worked(number, machine, work)
        if answer is not None and self._chance(0.004):
            self.seen["fault: died before it answered"] += 1
            self._die(number)
            return None
        return answer

    def _worked(self, number: int, machine: Machine, work: Callable[[Machine], Any]) -> Any:
        before, self._active = self._active, number
        try:
            return work(machine)
        except Died:
            self._die(number)
            return None
        except NOT_NOW as error:
            self.seen[f"fault: {type(error).__name__}"] += 1
            return None
        except DutyLost as lost:
            self.seen["fault: duty lost"] += 1
            machine.duties.pop(InboxKey(str(lost.facts["inbox"])), None)
            return None
        finally:
            self._active = before
            if before is None:
                self.fate.spare()

    def _others_go_on(self) -> None:
        """One server is stopped in the middle of a write: meanwhile another one answers somebody."""

    def _server_works(self, number: int) -> None:
        """What a server does when it is on duty: it shows that it lives, keeps times, watches and sends."""
        for inbox in self._on(number, lambda machine: machine.keep_duties()) or ():
            self._on_duty(number, inbox, lambda machine, of=inbox: doubt_what_was_leaving(machine, of) or True)
        machine = self.machines[number]
        for inbox in tuple(machine.duties) if machine is not None else ():
            self._on_duty(number, inbox, lambda machine, of=inbox: machine.keep_times(of) or True)
            reached = not self._chance(0.1)
            if reached and inbox in INBOXES:
                anew = inbox in self._reread
                told = self._on_duty(
                    number, inbox, lambda machine, of=inbox, again=anew: machine.watch(of, self.mailroom.mailboxes[of], 10, anew=again)
                )
                if told is not None:
                    self._reread.discard(inbox)
            # One reply at a time, as far as one is looked at here.
            self._sends(number, inbox, reached=reached)

    def _sends(self, number: int, inbox: InboxKey, *, reached: bool) -> None:
        """By the list of a moment ago, now and then: to look at a mailbox once more before a ticket may take its time."""
        seen_before = self._due.pop((number, inbox), None)
        items = seen_before if seen_before is not None and self._chance(0.3) else self._on(number, lambda machine: due(machine, inbox))
        if self.faulty and items:
            self._due[number, inbox] = items
        ticket = self._on_duty(number, inbox, lambda machine: next_ticket(machine, inbox, items or (), imap_checked=reached))
        if ticket is not None:
            machine = self.machines[number]
            assert machine is not None
            self._leaves_soon(number, machine, ticket)

    # Mail

    def _mail_comes(self) -> None:
        if not self.faulty:
            return
        if self._chance(0.1):
            self.mailroom.answered_elsewhere()
        else:
            self.mailroom.customer_writes()

    def _leaves_soon(self, number: int, machine: Machine, ticket: Ticket) -> None:
        """With its ticket in hand a server may stand still for minutes before it goes on."""
        if self._chance(0.06):
            self.seen["fault: server stood still with a ticket in hand"] += 1
            machine.paused_until = self.seconds + self.dice.choice((4.0, 60.0, 150.0))

        def goes_on() -> None:
            if self.machines[number] is not machine or not ticket.counts(machine):
                return
            if machine.paused_until > self.seconds:
                self.after(machine.paused_until - self.seconds + 0.01, goes_on)
            else:
                self._hand_over(number, machine, ticket)

        goes_on()

    def _hand_over(self, number: int, machine: Machine, ticket: Ticket) -> None:
        """The reply goes over the line; what becomes of it there is SMTP's to say, and of its saying, the line's."""
        answer: Any
        if machine.may_start():
            answer = self._over_the_line(ticket)
        else:
            self.seen["fault: server woke too late to send"] += 1
            answer = PausedBeforeSending(ticket.inbox)

        def written_down() -> None:
            if self.machines[number] is not machine or not ticket.counts(machine):
                return
            submission = ticket.submission
            verdict = judge(submission, answer, attempt=submission.attempts + 1, now=machine.clock.now(), patience=LATER)
            outcome = RecordOutcome(
                conversation_id=ticket.conversation_id,
                submission_id=submission.id,
                state=verdict.state,
                results=verdict.results,
                why=verdict.why,
                retry_at=verdict.retry_at,
            )
            if self._on_duty(number, ticket.of, lambda one: write_down(one, ticket.of, outcome) or True) is None and self.machines[number] is machine:
                # The disk was full, or it stood still: the runner tries until it can be written.
                self.after(5, written_down)

        self.after(self.dice.choice((0.2, 5.0, 20.0)), written_down)

    def _over_the_line(self, ticket: Ticket) -> Any:
        results = []
        submission = ticket.submission
        self._look()
        self.onlooker.leaves(submission.id, self._eye.read(partial(reading.submission, submission_id=submission.id)))
        cut = self._chance(0.12)
        if cut and self._chance(0.5):
            self.seen["fault: SMTP cut before it took over"] += 1
            return SubmissionUncertain("the line broke in DATA", ())
        for recipient in ticket.recipients:
            state = self._dice_of(OutboxState.DEFERRED, 0.14) or self._dice_of(OutboxState.REFUSED, 0.14) or OutboxState.ACCEPTED
            if state is OutboxState.ACCEPTED:
                self.mailroom.take_over(submission.message_id, recipient)
            results.append(RecipientResult(recipient, state, {"accepted": 250, "deferred": 450}.get(state, 550), ""))
        if any(result.state is OutboxState.ACCEPTED for result in results) and not (cut and self._chance(0.1)):
            self.mailroom.file(ticket.inbox, submission.message_id, ticket.recipients)
        if cut:
            self.seen["fault: SMTP cut after it took over"] += 1
            return SubmissionUncertain("the line broke after DATA", ())
        return tuple(results)
