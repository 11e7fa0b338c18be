"""What goes wrong beyond the lines: standing still, clocks, disks, backups brought back, people who leave, customers who are erased."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from store.domain.erasure import LEGAL_HOLD, stands_against_erasing
from store.domain.ids import InboxKey, MemberKey
from store.team.erasure import Order as Erasure
from store.team.erasure import erase_one, new_erasure
from store.team.erasure_list import Listed, list_erasures
from store.team.values import OutboxItem
from tests.simulation.fate import Blow
from tests.simulation.lines import Lines
from tests.simulation.machine import INBOXES, Machine, MachineClock
from tests.simulation.sending import due, next_ticket
from tests.simulation.storage import Pen
from tests.team.team_house import SALES, SUPPORT

MOST_SKEW = timedelta(minutes=15)
MOVES_ABOUT = MemberKey("tanaka")
"""Whose inboxes change."""


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
            (self._database_falls_over, 2),
            (self._backs_up, 3),
            (self._restores, 1),
            (self._erases, 5),
            (self._leaves, 1),
            (self._inboxes_change, 2),
            (self._uids_change, 2),
        ]
        self.dice.choices([strike for strike, _ in strikes], [weight for _, weight in strikes])[0]()

    def _terminal_stands_still(self) -> None:
        self.seen["fault: terminal stood still"] += 1
        self.dice.choice(self.terminals).paused_until = self.seconds + self.dice.choice((40.0, 150.0, 700.0))

    def _server_stands_still(self) -> None:
        number = self.dice.randrange(len(self.machines))
        machine = self.machines[number]
        if machine is None or machine.paused_until > self.seconds or self.fate.away:
            return
        self.seen["fault: server stood still"] += 1
        machine.paused_until = self.seconds + self.dice.choice((20.0, 150.0, 300.0))
        for inbox in tuple(machine.duties):
            # Others take its work; it goes on later with all that it remembers: what was due when it stopped.
            self.after(machine.paused_until - self.seconds + 0.1, partial(self._goes_on, number, machine, inbox, due(machine, inbox)))

    def _goes_on(self, number: int, machine: Machine, inbox: InboxKey, items: Sequence[OutboxItem]) -> None:
        if self.machines[number] is machine:
            ticket = self._on_duty(number, inbox, lambda one: next_ticket(one, inbox, items, imap_checked=True))
            if ticket is not None:
                self._leaves_soon(number, machine, ticket)

    def _clock_jumps(self) -> None:
        """Whoever starts from now on has another time; who runs goes on by the boot clock."""
        self.seen["fault: clock jumped"] += 1
        jump = timedelta(seconds=self.dice.choice((-900, -60, 60, 900)))
        # Servers that run beside each other differ by what a house may leave unmended; a lease stands that much too long at worst.
        self.skew = min(MOST_SKEW, max(-MOST_SKEW, self.skew + jump))

    def _pens(self) -> list[Pen]:
        return [machine.pen for machine in self.machines if machine is not None]

    def _disk_fills(self) -> None:
        self.storage.fill(self._pens())
        self.after(self.dice.choice((5.0, 40.0)), self._disk_is_emptied)

    def _disk_is_emptied(self) -> None:
        self.storage.empty(self._pens())

    def _database_falls_over(self) -> None:
        """To a standby that has every commit: all sessions end, and for a while nobody is let in."""
        if Blow.CUT not in self.storage.blows:
            return
        self.seen["fault: database failed over"] += 1
        self.fate.away = True
        self.storage.fall_over()
        self.after(self.dice.choice((0.5, 5.0, 40.0)), lambda: setattr(self.fate, "away", False))

    def _backs_up(self) -> None:
        if self.fate.away:
            return
        if self._backup is not None:
            self._backup[0].unlink()
        self._backup = (self.storage.back_up(self.now()), self.onlooker.seq)
        self.seen["backup"] += 1

    def _restores(self) -> None:
        """All servers end; a backup is brought back elsewhere, of a new epoch, with doubt about all that was leaving."""
        if self._backup is None:
            return
        self.seen["fault: restored an old backup"] += 1
        for number, machine in enumerate(self.machines):
            if machine is not None:
                machine.end()
                self.machines[number] = None
        self._eye.end()
        backup, seq = self._backup
        self._lives += 1
        self.mailroom.begin_another_life()
        self.storage.restore(backup, MachineClock(lambda: self.seconds, self.now()))
        self.acks = [ack for ack in self.acks if ack[2] <= seq]
        erased = [one for one, state in self.onlooker.states.items() if state.erasure]
        self._watch_over()
        self._follow_rights()
        for terminal in self.terminals:
            terminal.connected = False
        for number in range(len(self.machines)):
            self._start(number)
        self._look()
        self.onlooker.check_still_erased(erased)

    def _erases(self) -> None:
        """As `Erasing` does: listed first, so that it is done at the next start if the server dies between the two."""
        if not self.onlooker.states:
            return
        target = self.dice.choice(list(self.onlooker.states))
        order = Erasure(MemberKey("mori"), "erasure", new_erasure())
        number = self._somebody()
        if number is None:
            return
        whole = state = self.onlooker.states[target]
        while whole.merged_into is not None:
            whole = self.onlooker.states[whole.merged_into]
        against = LEGAL_HOLD if whole.legal_hold else stands_against_erasing(state)
        if against is not None:
            self.seen[f"erase: {against}"] += 1
            return
        list_erasures(self.erasures, [Listed(order.erasure, target, self.now().isoformat())])
        told = self._on(number, lambda one: one.pen.write(lambda c: erase_one(c, one.clock.now(), target, order))[0])
        if told is not None:
            self.seen[f"erase: {told.outcome}"] += 1

    def _somebody(self) -> int | None:
        """A server that would answer."""
        return next((number for number, machine in enumerate(self.machines) if machine is not None and machine.paused_until <= self.seconds), None)

    def _uids_change(self) -> None:
        """Another UIDVALIDITY: the watcher sees the whole mailbox as new."""
        self.seen["fault: every mail seen anew"] += 1
        self._reread = set(INBOXES)

    def _leaves(self) -> None:
        """A member is deactivated in the middle of whatever they do."""
        number = self._somebody()
        gone = next((member for member in self.members.values() if member.key.startswith("leaves") and member.active), None)
        if number is not None and gone is not None and self._on(number, lambda machine: machine.deactivate(gone.key)):
            self.seen["fault: member left"] += 1
            self.members.pop(gone.key)

    def _inboxes_change(self) -> None:
        """A member loses an inbox in the middle of whatever they do, or has it back."""
        number = self._somebody()
        inboxes = self.dice.choice(((), (SUPPORT,), (SALES,)))
        wanted = replace(self.members[MOVES_ABOUT], inboxes=inboxes)
        if number is None or not self._on(number, lambda machine: machine.change(wanted)):
            return
        self.seen["fault: inboxes changed"] += 1
        self._look()
        self._follow_rights()

    def _follow_rights(self) -> None:
        """Terminals of whoever may see other inboxes than before are as if made anew: nothing of the lost ones stays, the new ones are there."""
        for terminal in self.terminals:
            now = self.onlooker.members[terminal.member.key]
            if now.inboxes != terminal.member.inboxes:
                terminal.move(now)
        self.members = {key: self.onlooker.members[key] for key in self.members}
