"""Several conversations played without a server: what speaks of more than one goes through `decide_linked`."""

from msgspec.structs import replace

from store.domain.commands import AnyCommand
from store.domain.context import Opening
from store.domain.conversation import Conversation
from store.domain.decide_links import decide_linked, is_linking, others_of
from store.domain.events import Recorded
from store.domain.evolve import evolve, fold
from store.domain.ids import ConversationId, Seq
from store.domain.people import Member
from store.domain.refusals import Refusal
from tests.domain.play import Outcome, Play

FIRST, SECOND = ConversationId("aaaaaaaaaaaaaaaa"), ConversationId("bbbbbbbbbbbbbbbb")


class PairPlay(Play):
    """A play whose `state` is one of several conversations, all in one journal."""

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[ConversationId, Conversation] = {}

    def on(self, conversation_id: ConversationId) -> "PairPlay":
        """What follows is done there."""
        self.state = self.states.get(conversation_id, Conversation(conversation_id))
        return self

    def writes(self, conversation_id: ConversationId, number: int, **changes: object) -> None:
        self.on(conversation_id).customer_writes(conversation_id=conversation_id, number=number, **changes)

    def does(self, actor: Member, command: AnyCommand) -> Outcome:
        command = replace(command, conversation_id=self.state.id)
        context = self.context(self.members.get(actor.key, actor))
        if not is_linking(self.state, command, context):
            decision = super().does(actor, command)
            self.states[self.state.id] = self.state
            return decision
        context = replace(context, opening=Opening(1 + max((one.number for one in self.states.values()), default=0)))
        wanted = others_of(self.state, command, context)
        parts = decide_linked(self.state, command, context, {key: self.states[key] for key in wanted if key in self.states})
        if isinstance(parts, Refusal):
            return parts
        for part in parts:
            for event in part.events:
                one = Recorded(Seq(len(self.journal) + 1), self.now, actor.key, part.state.id, event)
                self.journal.append(one)
                self.states[part.state.id] = evolve(self.states.get(part.state.id, Conversation(part.state.id)), one)
        self.on(self.state.id)
        return tuple(event for part in parts for event in part.events)

    def same_as_its_journal(self) -> bool:
        """Whether every state is the fold of the journal."""
        return all(fold(key, [one for one in self.journal if one.conversation_id == key]) == state for key, state in self.states.items())


def bare(state: Conversation) -> Conversation:
    """Without what an undo does not restore: how far the journal has come, and that people parted these two."""
    return replace(state, revision=0, seq=0, parted=(), last_token_n=0)
