"""An agent's terminal in the simulation: its mirror, its queue of commands that wait for an answer, and the lease it keeps alive."""

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec

from mailsync.server.stream import _events
from store.domain.commands import AnyCommand
from store.domain.conversation import Conversation
from store.domain.events import LeaseTaken, Recorded, TemplateSaved
from store.domain.evolve import evolve
from store.domain.hearing import told_apart
from store.domain.ids import CommandKey, ConversationId, Seq
from store.domain.lease import Token
from store.domain.people import Member
from store.team.values import Executed, Outcome, Published
from tests.simulation.onlooker import demand


class Waiting(msgspec.Struct):
    """A command in the queue; it is asked again until somebody answers."""

    key: CommandKey
    command: AnyCommand
    asked_at: float = -1.0


class Mirror:
    """The team's state by the same fold, complete up to `seq` of `epoch`."""

    keeps_merged = True

    def __init__(self) -> None:
        self.epoch: int | None = None
        self.seq = Seq(0)
        self.states: dict[ConversationId, Conversation] = {}

    def level(self, epoch: int, recorded: Sequence[Recorded], seq: Seq, states: Sequence[Conversation] = ()) -> None:
        """What a catch-up brought: of another epoch, everything anew."""
        if epoch != self.epoch:
            self.states = {state.id: state for state in states}
            self.epoch, self.seq = epoch, seq
        self.apply(recorded)
        self.seq = max(self.seq, seq)

    def apply(self, recorded: Sequence[Recorded]) -> None:
        """Fold events that follow without a gap; those seen are skipped."""
        for one in recorded:
            if one.conversation_id is not None:
                state = self.states.get(one.conversation_id) or Conversation(one.conversation_id)
                self.states[one.conversation_id] = evolve(state, one)
            self.seq = max(self.seq, one.seq)

    def state(self, conversation_id: ConversationId) -> Conversation | None:
        """A conversation as it stands here."""
        return self.states.get(conversation_id)

    def close(self) -> None:
        """Nothing to give back."""


class Terminal:
    """One member at one machine; `server` is the number of the server it calls."""

    def __init__(self, number: int, member: Member, mirror: Any) -> None:
        self.name = f"t{number}"
        self.member = member
        self.mirror = mirror
        self.server = 0
        self.queue: list[Waiting] = []
        self.tokens: dict[ConversationId, Token] = {}
        self.paused_until = 0.0
        self.connected = False
        self._count = itertools.count(1)

    def move(self, member: Member) -> None:
        """Its member sees other inboxes now: as a home that lets go of what is lost, and is told anew of all that is theirs."""
        self.member = member
        self.mirror = Mirror()
        self.connected = False

    def enqueue(self, command: AnyCommand) -> Waiting:
        """Ask for something, once, however often it is sent."""
        waiting = Waiting(CommandKey(f"{self.name}-{next(self._count)}"), command)
        self.queue.append(waiting)
        return waiting

    def answered(self, key: CommandKey, outcome: Outcome, epoch: int) -> bool:
        """Take an answer; False: it was had before, or is for another life. A gap before its events means: catch up."""
        known = next((waiting for waiting in self.queue if waiting.key == key), None)
        if known is None:
            return False
        self.queue.remove(known)
        if isinstance(outcome, Executed) and epoch == self.mirror.epoch:
            for one in outcome.recorded:
                if isinstance(one.event, LeaseTaken) and one.event.by == self.member.key and one.conversation_id is not None:
                    self.tokens[one.conversation_id] = one.event.token
            if outcome.recorded and outcome.recorded[0].seq <= self.mirror.seq + 1:
                self.mirror.apply(outcome.recorded)
            elif outcome.recorded:
                self.connected = False
        return True

    def heard(self, published: Sequence[Published], epoch: int) -> None:
        """A piece of the stream, as far as the member may see it; what they may not see leaves gaps in their seqs, and is none of theirs."""
        if epoch != self.mirror.epoch:
            self.connected = False
            return
        limited = bool(self.member.inboxes)
        apart = any(self.member.key in told_apart(one) for part in published for one in part.recorded)
        frame = _events(published, self.member if limited else None, self.member.key if apart else None)
        if frame is None:
            return
        for one in frame.recorded:
            if isinstance(one.event, TemplateSaved):
                demand(one.event.template.person in {None, self.member.key}, f"{self.name} hears nothing of another's own template")
        if not limited and frame.recorded[0].seq > self.mirror.seq + 1:
            self.connected = False
        else:
            self.mirror.apply(frame.recorded)
