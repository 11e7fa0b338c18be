"""What goes wrong beyond the lines: standing still, clocks, disks, backups brought back, people who leave, customers who are erased."""

import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from store.domain.commands import RecordOutcome
from store.domain.ids import MemberKey
from store.domain.outbox import TERMINAL_STATES, OutboxState
from store.sqlite.connection import connect
from store.team import reading
from store.team import statements as s
from store.team.erasure import Order as Erasure
from store.team.erasure import erase_one, new_erasure
from store.team.rows import run
from store.team.values import OutboxItem
from tests.simulation.lines import Lines
from tests.simulation.machine import Machine

MOST_SKEW = timedelta(minutes=15)


class Troubles(Lines):
    """One of them strikes now and then."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._again(self._fault_strikes, 20.0)

    def _fault_strikes(self) -> None:
        if not self.faulty:
            return
        strikes: list[tuple[Callable[[], None], int]] = [
            (self._terminal_stands_still, 6),
            (self._server_stands_still, 3),
            (self._clock_jumps, 2),
            (self._disk_fills, 2),
            (self._backs_up, 3),
            (self._restores, 1),
            (self._erases, 2),
            (self._leaves, 1),
            (self._uids_change, 2),
        ]
        self.dice.choices([strike for strike, _ in strikes], [weight for _, weight in strikes])[0]()

    def _terminal_stands_still(self) -> None:
        self.seen["fault: terminal stood still"] += 1
        self.dice.choice(self.terminals).paused_until = self.seconds + self.dice.choice((40.0, 150.0, 700.0))

    def _server_stands_still(self) -> None:
        machine = self.dice.choice(self.machines)
        if machine is not None:
            self.seen["fault: server stood still"] += 1
            machine.paused_until = self.seconds + self.dice.choice((20.0, 150.0, 300.0))
            if machine.on_duty and self._chance(0.7):
                # Others take its work; it goes on later with all that it remembers: what was due when it stopped.
                machine.on_duty = False
                due = reading.due_submissions(machine.connection, now=machine.clock.now() + timedelta(seconds=30))
                self.after(machine.paused_until - self.seconds + 0.1, lambda: self._goes_on(machine, due))

    def _goes_on(self, machine: Machine, due: Sequence[OutboxItem]) -> None:
        if machine in self.machines:
            number = self.machines.index(machine)
            self.seen["fault: server went on with what was another's by then"] += 1
            sending = self._on(number, lambda one: one.next_to_send(imap_checked=True, due=due))
            if sending is not None:
                self._hand_over(number, *sending)

    def _clock_jumps(self) -> None:
        """Whoever starts from now on has another time; who runs goes on by the boot clock."""
        self.seen["fault: clock jumped"] += 1
        jump = timedelta(seconds=self.dice.choice((-900, -60, 60, 900)))
        # Servers that run beside each other differ by what a house may leave unmended; a lease stands that much too long at worst.
        self.skew = min(MOST_SKEW, max(-MOST_SKEW, self.skew + jump))

    def _disk_fills(self) -> None:
        for machine in self.machines:
            if machine is not None:
                pages = machine.connection.value("PRAGMA page_count")
                machine.connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        self.after(self.dice.choice((5.0, 40.0)), self._disk_is_emptied)

    def _disk_is_emptied(self) -> None:
        for machine in self.machines:
            if machine is not None:
                machine.connection.execute("PRAGMA max_page_count = 1000000")

    def _backs_up(self) -> None:
        if self._backup is not None:
            self._backup[0].unlink()
        path = self.folder / f"backup{self._lives}-{self.onlooker.seq}-{next(self._order)}.db"
        self._eye.execute("VACUUM INTO ?", (str(path),))
        epoch = max((machine.epoch for machine in self.machines if machine is not None), default=0)
        self._backup = (path, self.onlooker.seq, epoch)
        self.seen["backup"] += 1

    def _restores(self) -> None:
        """All servers end; a backup is put in the database's place, of a new epoch, with doubt about all that was leaving."""
        if self._backup is None:
            return
        self.seen["fault: restored an old backup"] += 1
        for number in range(len(self.machines)):
            machine = self.machines[number]
            if machine is not None:
                machine.end()
                self.machines[number] = None
        self._eye.close()
        backup, seq, epoch = self._backup
        self._lives += 1
        self.path = self.folder / f"team{self._lives}.db"
        shutil.copy(backup, self.path)
        made = connect(self.path)
        with made.transaction():
            run(made, s.PUT_META, name="epoch", value=str(max(epoch, self._lives) + 1))
        made.close()
        self.acks = [ack for ack in self.acks if ack[2] <= seq]
        self._watch_over()
        for terminal in self.terminals:
            terminal.connected = False
        self._start(0)
        if self.machines[0] is None:
            raise AssertionError("a restored server starts")
        self._doubt(self.machines[0])
        for number in range(1, len(self.machines)):
            self._start(number)

    def _doubt(self, machine: Machine) -> None:
        for state in OutboxState:
            if state in TERMINAL_STATES or state is OutboxState.UNKNOWN:
                continue
            for item in reading.submissions_in(machine.connection, state=state):
                unknown = RecordOutcome(
                    conversation_id=item.conversation_id, submission_id=item.submission.id, state=OutboxState.UNKNOWN, why="restored"
                )
                machine.server_says(unknown)

    def _erases(self) -> None:
        if not self.onlooker.states:
            return
        target = self.dice.choice(list(self.onlooker.states))
        order = Erasure(MemberKey("mori"), "erasure", new_erasure())
        machine = next((machine for machine in self.machines if machine is not None and machine.paused_until <= self.seconds), None)
        if machine is not None:
            told = self._on(self.machines.index(machine), lambda one: one.write(lambda c: erase_one(c, one.clock.now(), target, order))[0])
            if told is not None:
                self.seen[f"erase: {told.outcome}"] += 1

    def _uids_change(self) -> None:
        """Another UIDVALIDITY: the watcher sees the whole mailbox as new."""
        self.seen["fault: every mail seen anew"] += 1
        self._reread = True

    def _leaves(self) -> None:
        """A member is deactivated in the middle of whatever they do."""
        number = next((number for number, machine in enumerate(self.machines) if machine is not None and machine.paused_until <= self.seconds), None)
        gone = next((member for member in self.members.values() if member.key.startswith("leaves") and member.active), None)
        if number is not None and gone is not None and self._on(number, lambda machine: machine.deactivate(gone.key)):
            self.seen["fault: member left"] += 1
            self.members.pop(gone.key)
