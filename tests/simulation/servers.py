"""The simulation's time, and its servers on one database.

Nothing here sleeps or threads: time is a number, and the next thing that happens is the top of a heap.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from store.domain.ids import InboxKey, MemberKey, Seq
from store.domain.people import Member
from store.sqlite.errors import DiskFailed, DiskFull, StoreAway, StoreLocked
from store.team.errors import DutyLost
from store.team.values import Outcome, Published
from tests.simulation.asking import Asking
from tests.simulation.fate import Died, Fate
from tests.simulation.machine import Machine, MachineClock
from tests.simulation.mailroom import Mailroom
from tests.simulation.onlooker import Onlooker
from tests.simulation.storage import Storage
from tests.simulation.terminal import Terminal

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
QUIET_PACE = 60
"""So much rarer is everything that is done again and again while nothing goes wrong."""
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
        self._backup: tuple[Path, int] | None = None
        self._active: int | None = None
        self._watch_over()
        for number in range(machines):
            self._start(number)

    # Time

    def now(self) -> datetime:
        """What a machine's clock would say if it were set right now."""
        return START + timedelta(seconds=self.seconds) + self.skew

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (self.seconds + seconds, next(self._order), what))

    def _again(self, act: Callable[[], None], every: float) -> None:
        def again() -> None:
            self.after(every * (0.5 + self.dice.random()) * (1 if self.faulty else QUIET_PACE), again)
            act()

        self.after(every * self.dice.random(), again)

    def _step(self) -> None:
        at, _, what = heapq.heappop(self._heap)
        self.seconds = max(self.seconds, at)
        what()
        self._look()

    def _chance(self, probability: float) -> bool:
        return self.faulty and self.dice.random() < probability

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
            self.fate.strike(self.dice.choice(self.storage.blows), self.dice.randrange(self.storage.statements))
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
