"""The fold: what a conversation is after one more event, the same at the server and in every mirror. Total, and without a clock."""

from collections.abc import Iterable
from typing import get_args

from msgspec.structs import replace

from store.domain.conversation import Conversation
from store.domain.events import Event, Recorded, TeamEvent
from store.domain.evolve_check import CHECK_STEPS
from store.domain.evolve_erasure import ERASURE_STEPS
from store.domain.evolve_mail import MAIL_STEPS
from store.domain.evolve_merge import MERGE_STEPS
from store.domain.evolve_reply import REPLY_STEPS
from store.domain.evolve_steps import Step
from store.domain.evolve_talk import TALK_STEPS
from store.domain.evolve_work import WORK_STEPS
from store.domain.ids import ConversationId, Revision


def _unmoved(state: Conversation, event: Event, recorded: Recorded) -> Conversation:
    """Events about the team move no conversation."""
    del event, recorded
    return state


STEPS: dict[type[Event], Step] = {
    **MAIL_STEPS,
    **MERGE_STEPS,
    **WORK_STEPS,
    **REPLY_STEPS,
    **CHECK_STEPS,
    **ERASURE_STEPS,
    **TALK_STEPS,
    **dict.fromkeys(get_args(TeamEvent), _unmoved),
}
"""One small function an event; a test counts them."""

ABOUT_THE_TEAM = get_args(TeamEvent)


def evolve(state: Conversation, recorded: Recorded) -> Conversation:
    """The state after `recorded`; the same state when it has seen it before.

    A predicted event (`seq` 0, from an overlay) shows its effect but moves neither `seq` nor `revision`: the revision a client says it
    has seen must be one of the journal's, else a prediction would hide a customer's mail from the fence.
    """
    if isinstance(recorded.event, ABOUT_THE_TEAM):
        return state
    if recorded.seq:
        if recorded.seq <= state.seq:
            return state
        state = replace(state, seq=recorded.seq, revision=Revision(state.revision + 1))
    return STEPS[type(recorded.event)](state, recorded.event, recorded)


def fold(conversation_id: ConversationId, recorded: Iterable[Recorded]) -> Conversation:
    """A conversation from its events, in order of `seq`."""
    state = Conversation(conversation_id)
    for one in recorded:
        state = evolve(state, one)
    return state
