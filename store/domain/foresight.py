"""What would come of one kind of command for many conversations: how many change, how many are so already, how many cannot, and why."""

from collections.abc import Callable, Iterable, Sequence
from typing import cast

import msgspec

from store.domain.commands import AgentCommand
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide import decide
from store.domain.decide_links import decide_linked, is_linking
from store.domain.ids import ConversationId
from store.domain.refusals import AnyRefusal, NotAllowed, ReasonRequired, Refusal
from store.domain.sorting import SortingCommand

Making = Callable[[Conversation], SortingCommand]
"""The command for a conversation: it may depend on how that stands."""


class Hindrance(msgspec.Struct, frozen=True):
    """One reason why some cannot be changed. `first`: a refusal as it would be said of the first of them."""

    first: AnyRefusal
    ids: tuple[ConversationId, ...]


class Foresight(msgspec.Struct, frozen=True):
    """Every conversation is in exactly one of the three."""

    commands: tuple[SortingCommand, ...] = ()
    """For those that will change."""
    already: tuple[ConversationId, ...] = ()
    hindrances: tuple[Hindrance, ...] = ()
    written: int = 0
    """In so many of those that change a colleague is writing now."""

    @property
    def refused(self) -> int:
        """How many cannot be changed."""
        return sum(len(each.ids) for each in self.hindrances)

    @property
    def wants_reason(self) -> bool:
        """Whether more could be changed with a reason in words."""
        return any(_asks_reason(each.first) for each in self.hindrances)

    @classmethod
    def of(cls, parts: "Sequence[Foresight]") -> "Foresight":
        """All of them together."""
        return cls(
            tuple(command for part in parts for command in part.commands),
            tuple(id_ for part in parts for id_ in part.already),
            hindrances((each.first, id_) for part in parts for each in part.hindrances for id_ in each.ids),
            sum(part.written for part in parts),
        )


def _asks_reason(refusal: Refusal) -> bool:
    return isinstance(refusal, ReasonRequired) or (isinstance(refusal, NotAllowed) and refusal.needs == "reason")


def hindrances(refused: Iterable[tuple[AnyRefusal, ConversationId]]) -> tuple[Hindrance, ...]:
    """The refusals sorted by what would be said of them, the commonest first."""
    found: dict[tuple[type, str], tuple[AnyRefusal, list[ConversationId]]] = {}
    for refusal, conversation_id in refused:
        kind = type(refusal), refusal.needs if isinstance(refusal, NotAllowed) else ""
        found.setdefault(kind, (refusal, []))[1].append(conversation_id)
    sorted_ = sorted(found.values(), key=lambda each: -len(each[1]))
    return tuple(Hindrance(first, tuple(ids)) for first, ids in sorted_)


def foresee(states: Sequence[Conversation], make: Making, around: Callable[[Conversation], Context]) -> Foresight:
    """Ask the team's own rules, without anything being done. The server decides anew: others work meanwhile."""
    commands: list[SortingCommand] = []
    already: list[ConversationId] = []
    refused: list[tuple[AnyRefusal, ConversationId]] = []
    written = 0
    for state in states:
        command, context = make(state), around(state)
        decision = _decided(state, command, context)
        if isinstance(decision, Refusal):
            refused.append((cast("AnyRefusal", decision), state.id))
        elif not decision:
            already.append(state.id)
        else:
            commands.append(command)
            written += state.lease is not None and state.lease.by != context.me
    return Foresight(tuple(commands), tuple(already), hindrances(refused), written)


def _decided(state: Conversation, command: AgentCommand, context: Context) -> "Decision | tuple[object, ...]":
    if is_linking(state, command, context):
        return decide_linked(state, command, context, {})
    return decide(state, command, context)
