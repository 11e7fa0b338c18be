"""The simulation's time, its servers on one database, and the mail that goes in and out of them.

Nothing here sleeps or threads: time is a number, and the next thing that happens is the top of a heap.
"""

import heapq
import itertools
import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mailsync.server.outbox_plan import Patience, judge
from mailsync.smtp.errors import SubmissionUncertain
from store.domain.commands import RecordOutcome
from store.domain.events import Recorded
from store.domain.ids import ConversationId, MemberKey, Seq
from store.domain.outbox import OutboxState, RecipientResult, Submission
from store.domain.people import Member
from store.sqlite.connection import connect
from store.sqlite.errors import DiskFailed, DiskFull
from store.team.values import Outcome
from tests.simulation.asking import Asking
from tests.simulation.machine import Died, Machine
from tests.simulation.mailroom import Mailroom
from tests.simulation.onlooker import Onlooker
from tests.simulation.terminal import Terminal

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = Patience(retry_after=(timedelta(seconds=30),), most_attempts=50)


class Servers:
    """Everything there is. `seen` counts events, refusals and faults; `faulty` False: nothing goes wrong."""

    def __init__(
        self,
        seed: int,
        folder: Path,
        template: Path,
        members: tuple[Member, ...],
        seen: Counter[str],
        *,
        terminals: list[Terminal],
        machines: int = 2,
    ) -> None:
        self.dice = random.Random(seed)
        self.seen = seen
        self.folder = folder
        self.path = folder / "team0.db"
        shutil.copy(template, self.path)
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
        self.asking.others = lambda: sorted(self.onlooker.states, key=lambda one: self.onlooker.states[one].seq)
        self.acks: list[tuple[MemberKey, Any, Seq]] = []
        self._answers: dict[Any, Outcome] = {}
        self._reread = False
        self._backup: tuple[Path, int, int] | None = None
        self._watch_over()
        for number in range(machines):
            self._start(number)
        self._again(self._mail_comes, 25.0)
        self._again(self._server_works, 4.0)

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
        self._eye = connect(self.path)
        self._eye.execute("PRAGMA synchronous = OFF")
        self.onlooker = Onlooker(self._eye, self.seen)
        self.onlooker.look()

    def _look(self) -> None:
        for one in self.onlooker.look():
            self.newest = one
        for number, machine in enumerate(self.machines):
            if machine is not None and machine.paused_until <= self.seconds:
                self._tell(number, machine)

    def _tell(self, number: int, machine: Machine) -> None:
        """Each server tells its terminals the journal in order, what other servers wrote included."""
        if machine.told >= self.onlooker.seq:
            return
        recorded = machine.follow()
        for terminal in self.terminals:
            if terminal.server == number and terminal.connected and recorded:
                if self._chance(0.01):
                    self.seen["fault: stream cut"] += 1
                    terminal.connected = False
                else:
                    self._hear(terminal, recorded, machine.epoch)

    def _hear(self, terminal: Terminal, recorded: tuple[Recorded, ...], epoch: int) -> None:
        if terminal.paused_until > self.seconds:
            terminal.connected = False
        else:
            terminal.heard(recorded, epoch)

    # Servers

    def _start(self, number: int) -> None:
        on_duty = not any(machine is not None and machine.on_duty for machine in self.machines)
        try:
            self.machines[number] = Machine(self.path, lambda: self.seconds, self.now(), on_duty=on_duty)
        except (DiskFull, DiskFailed):
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

    def _on(self, number: int, work: Callable[[Machine], Any]) -> Any:
        """Have a server do something, if it lives; it may die of it. None: nobody answers."""
        machine = self.machines[number]
        if machine is None or machine.paused_until > self.seconds:
            return None
        if self._chance(0.006):
            machine.connection.dies_in = self.dice.randrange(25)
        try:
            answer = work(machine)
        except Died:
            self.seen["fault: died between two writes"] += 1
            self._die(number)
            return None
        except (DiskFull, DiskFailed):
            self.seen["fault: disk full"] += 1
            return None
        finally:
            machine.connection.dies_in = None
        if self._chance(0.004):
            self.seen["fault: died before it answered"] += 1
            self._die(number)
            return None
        return answer

    def _duty(self) -> int | None:
        """Whoever watches, sends and keeps times; a dead one's work is another's."""
        alive = [number for number, machine in enumerate(self.machines) if machine is not None]
        on_duty = next((number for number in alive if self.machines[number].on_duty), None)  # type: ignore[union-attr]
        if on_duty is None and alive:
            on_duty = alive[0]
            machine = self.machines[on_duty]
            assert machine is not None
            machine.on_duty = True
            self._on(on_duty, lambda one: one.doubt_what_was_leaving())
        return on_duty

    def _server_works(self) -> None:
        duty = self._duty()
        if duty is None:
            return
        self._on(duty, lambda machine: machine.keep_times())
        reached = not self._chance(0.1)
        if reached:
            reread, self._reread = self._reread, False
            self._on(duty, lambda machine: machine.watch(self.mailroom.mailbox, 10, anew=reread))
        # One reply at a time, as far as one is looked at here.
        sending = self._on(duty, lambda machine: machine.next_to_send(imap_checked=reached))
        if sending is not None:
            self._hand_over(duty, *sending)

    # Mail

    def _mail_comes(self) -> None:
        if not self.faulty:
            return
        if self._chance(0.1):
            self.mailroom.answered_elsewhere()
        else:
            self.mailroom.customer_writes()

    def _hand_over(self, number: int, submission: Submission, conversation_id: ConversationId, recipients: tuple[str, ...]) -> None:
        """The reply goes over the line; what becomes of it there is SMTP's to say, and of its saying, the line's."""
        machine = self.machines[number]
        results = []
        cut = self._chance(0.12)
        if cut and self._chance(0.5):
            answer: Any = SubmissionUncertain("the line broke in DATA", ())
            self.seen["fault: SMTP cut before it took over"] += 1
        else:
            for recipient in recipients:
                state = self._dice_of(OutboxState.DEFERRED, 0.14) or self._dice_of(OutboxState.REFUSED, 0.14) or OutboxState.ACCEPTED
                if state is OutboxState.ACCEPTED:
                    self.mailroom.take_over(submission.message_id, recipient)
                results.append(RecipientResult(recipient, state, {"accepted": 250, "deferred": 450}.get(state, 550), ""))
            answer = SubmissionUncertain("the line broke after DATA", ()) if cut else tuple(results)
            if cut:
                self.seen["fault: SMTP cut after it took over"] += 1
        if any(result.state is OutboxState.ACCEPTED for result in results) and not (cut and self._chance(0.1)):
            self.mailroom.file(submission.message_id, recipients)

        def written_down() -> None:
            if self.machines[number] is not machine or machine is None:
                return
            verdict = judge(submission, answer, attempt=submission.attempts + 1, now=machine.clock.now(), patience=LATER)
            outcome = RecordOutcome(
                conversation_id=conversation_id,
                submission_id=submission.id,
                state=verdict.state,
                results=verdict.results,
                why=verdict.why,
                retry_at=verdict.retry_at,
            )
            if self._on(number, lambda one: one.outcome(outcome) or True) is None and self.machines[number] is machine:
                # The disk was full, or it stood still: the runner tries until it can be written.
                self.after(5, written_down)

        self.after(self.dice.choice((0.2, 5.0, 20.0)), written_down)
