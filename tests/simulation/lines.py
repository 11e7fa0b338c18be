"""The lines between terminals and servers: calls that are lost or doubled, answers that never come, streams that are cut."""

from collections.abc import Callable
from functools import partial
from typing import Any

from store.domain.commands import AssignConversation, SetStatus, SetUrgency, Undo
from store.domain.erasure import erased_recorded
from store.domain.link_commands import MergeConversations, MoveToInbox, SplitConversation
from store.team import reading
from store.team.values import Executed, Outcome
from tests.simulation.machine import Machine
from tests.simulation.onlooker import demand, same
from tests.simulation.servers import QUIET_PACE
from tests.simulation.terminal import Terminal, Waiting
from tests.simulation.to_many import ToMany

ASK_AGAIN_SECONDS = 20.0
PULSE_EVERY_SECONDS = 30.0
TAKEN_BACK = (SetStatus, SetUrgency, AssignConversation, MergeConversations, SplitConversation, MoveToInbox)
"""What people take back at once, more often than the rest."""


class Lines(ToMany):
    """What the people at the terminals do, and what becomes of it on the way."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for terminal in self.terminals:
            terminal.server = self.dice.randrange(len(self.machines))
            self.after(self.dice.random() * 5, self._terminal_acts(terminal))
            self.after(self.dice.random() * PULSE_EVERY_SECONDS, self._terminal_pulses(terminal))

    def _terminal_acts(self, terminal: Terminal) -> Callable[[], None]:
        def act() -> None:
            self.after(self.dice.choice((1.0, 4.0, 9.0)) if self.faulty else 4.0 * QUIET_PACE, act)
            if terminal.paused_until > self.seconds:
                return
            if not terminal.connected:
                self._catch_up(terminal)
            if self.faulty and len(terminal.queue) < 3:
                self._wants(terminal)
            for waiting in terminal.queue[:2]:
                if waiting.asked_at < 0 or self.seconds - waiting.asked_at > ASK_AGAIN_SECONDS:
                    self._send(terminal, waiting)

        return act

    def _wants(self, terminal: Terminal) -> Waiting | None:
        """Somebody asks for something, and now and then takes it back at once."""
        state = self._some_state(terminal)
        if state is None:
            return None
        asked = terminal.enqueue(self.asking.draw(terminal, state, self.onlooker.newest(8)))
        if isinstance(asked.command, TAKEN_BACK) and self._chance(0.35):
            terminal.enqueue(Undo(conversation_id=state.id))
        return asked

    def _others_go_on(self) -> None:
        others = [number for number in range(len(self.machines)) if number != self._active]
        terminal, number = self.dice.choice(self.terminals), self.dice.choice(others)
        waiting = self._wants(terminal) if self.faulty and terminal.paused_until <= self.seconds else None
        if waiting is not None:
            waiting.asked_at = self.seconds
            self.fate.stands_still = True
            try:
                self._arrives(terminal, waiting, terminal.mirror.epoch, number)()
            finally:
                self.fate.stands_still = False

    def _some_state(self, terminal: Terminal) -> Any:
        newest = self.onlooker.newest(8)
        if terminal.tokens and self._chance(0.6):
            newest = list(terminal.tokens)
        return terminal.mirror.state(self.dice.choice(newest)) if newest else None

    def _send(self, terminal: Terminal, waiting: Waiting) -> None:
        waiting.asked_at = self.seconds
        if self._chance(0.02):
            self.seen["fault: call lost"] += 1
            return
        copies = 1
        if self._chance(0.03):
            self.seen["fault: call doubled"] += 1
            copies = 2
        for _ in range(copies):
            # A second copy may overtake a later command, and come after its answer.
            self.after(
                self.dice.choice((0.01, 0.05, 0.3, 15.0 if copies == 2 else 0.1)),
                lambda epoch=terminal.mirror.epoch: self._arrives(terminal, waiting, epoch, terminal.server)(),
            )

    def _arrives(self, terminal: Terminal, waiting: Waiting, epoch: int | None, server: int) -> Callable[[], None]:
        def arrives() -> None:
            answered = self._on(server, lambda machine: self._answer(machine, terminal, waiting, epoch))
            if answered is None:
                return
            if self._chance(0.02):
                self.seen["fault: answer lost"] += 1
                return
            self.after(self.dice.choice((0.01, 0.05, 2.0)), lambda: self._answered(terminal, waiting, *answered))

        return arrives

    def _answer(self, machine: Machine, terminal: Terminal, waiting: Waiting, epoch: int | None) -> tuple[Outcome | None, int, int]:
        if epoch is not None and epoch != machine.epoch:
            return None, machine.epoch, self._lives
        outcome = machine.ask(terminal.member, waiting.key, waiting.command)
        self.commands += 1
        kind = type(waiting.command).__name__
        if isinstance(outcome, Executed):
            self.seen[f"taken: {kind}"] += 1
        else:
            self.seen[f"refused: {kind}"] += 1
            self.seen[type(outcome.refusal).__name__] += 1
        return outcome, machine.epoch, self._lives

    def _answered(self, terminal: Terminal, waiting: Waiting, outcome: Outcome | None, epoch: int, life: int) -> None:
        if outcome is None:
            # The server says that it is of another epoch.
            terminal.connected = False
            waiting.asked_at = -1.0
            return
        name = (life, waiting.key)
        earlier = self._answers.setdefault(name, outcome)
        demand(same(_told(earlier), _told(outcome)), f"{waiting.key} is answered alike each time")
        first = terminal.answered(waiting.key, outcome, epoch)
        # An answer that was on its way while a backup was restored speaks of what is lost.
        if first and life == self._lives and isinstance(outcome, Executed) and outcome.recorded:
            self.acks.append((terminal.member.key, waiting.key, outcome.recorded[-1].seq))

    def _terminal_pulses(self, terminal: Terminal) -> Callable[[], None]:
        def pulse() -> None:
            self.after(PULSE_EVERY_SECONDS if self.faulty else 600, pulse)
            if terminal.paused_until > self.seconds or not self.faulty:
                return
            for conversation_id, token in list(terminal.tokens.items()):
                typed = self._chance(0.5)
                held = self._on(terminal.server, lambda one, c=conversation_id, t=token, ty=typed: one.pulse(terminal.member.key, c, t, typed=ty))
                if held is False and self._chance(0.5):
                    terminal.tokens.pop(conversation_id, None)

        return pulse

    def _catch_up(self, terminal: Terminal) -> None:
        def work(machine: Machine) -> bool:
            mirror, inboxes = terminal.mirror, terminal.member.inboxes
            if mirror.epoch != machine.epoch:
                part = machine.pen.read(partial(reading.snapshot, after=None, limit=10**6, inboxes=inboxes))
                reached = part.seq
                mirror.level(machine.epoch, (), reached, part.conversations)
                terminal.tokens.clear()
            else:
                recorded, reached = machine.pen.read(partial(reading.events_since, since=mirror.seq, limit=10**6, inboxes=inboxes))
                mirror.level(machine.epoch, recorded, reached)
            # The stream goes on where the mirror is: what this server tells next follows.
            return reached >= machine.told

        terminal.connected = bool(self._on(terminal.server, work))
        if not terminal.connected:
            terminal.server = self.dice.randrange(len(self.machines))


def _told(outcome: Outcome) -> object:
    """What an answer says, but for words: a customer may have been erased between two times it is asked for."""
    return tuple(erased_recorded(one) for one in outcome.recorded) if isinstance(outcome, Executed) else outcome.refusal
