"""Taking back one's own last action, for the whole team, by an event that compensates it."""

from store.domain.commands import CancelReply, Undo
from store.domain.compensating import INVERSES, changed_since
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation, Undoable
from store.domain.decide_reply import cancel_reply
from store.domain.events import (
    CommentAdded,
    CommentEdited,
    CommentReacted,
    CommentRemoved,
    ConversationAbsorbed,
    FollowerAdded,
    FollowerRemoved,
    InboxChanged,
    MessagesLeft,
    OwnerChanged,
)
from store.domain.outbox import STILL_HERE_STATES, Submission
from store.domain.refusals import Malformed, NothingToUndo, UnknownMember
from store.domain.rights import not_writing

CHANGED_SINCE = "changed_since"
NOTHING = "nothing"
LINK_EVENTS = (ConversationAbsorbed, MessagesLeft, InboxChanged)
"""What speaks of more than one conversation (`store.domain.decide_links`)."""
OF_GUESTS = (CommentAdded, CommentEdited, CommentReacted, CommentRemoved, FollowerAdded, FollowerRemoved)
"""What those who may only read and comment take back too."""


def undo(state: Conversation, command: Undo, context: Context) -> Decision:
    """Take back the last action of one's own, a reply in its hold included, or the one of `event_seq`: a leader anybody's."""
    mine = [action for action in state.undoable if action.by == context.me]
    reply = _own_waiting_reply(state, context)
    if command.event_seq is not None:
        mine = [action for action in state.undoable if action.seq == command.event_seq and (action.by == context.me or context.leads)]
        reply = reply if reply is not None and reply.queued_seq == command.event_seq else None
    if reply is not None and (not mine or reply.queued_seq >= mine[-1].seq):
        return cancel_reply(state, CancelReply(conversation_id=command.conversation_id, submission_id=reply.id), context)
    if not mine:
        return NothingToUndo(NOTHING)
    return _compensate(state, mine[-1], context)


def _own_waiting_reply(state: Conversation, context: Context) -> Submission | None:
    """The actor's reply that has not left yet; there is at most one, under the claim."""
    return next((reply for reply in state.submissions if reply.by == context.me and reply.state in STILL_HERE_STATES), None)


def _compensate(state: Conversation, action: Undoable, context: Context) -> Decision:
    if not isinstance(action.event, OF_GUESTS) and (refusal := not_writing(context)) is not None:
        return refusal
    if isinstance(action.event, LINK_EVENTS):
        return Malformed("a merge, a split or a move is taken back by `decide_linked`")
    if changed_since(state, action):
        return NothingToUndo(CHANGED_SINCE)
    if isinstance(action.event, OwnerChanged) and action.event.before is not None and action.event.before not in context.members:
        return UnknownMember(action.event.before)
    back = INVERSES[type(action.event)].back(action.event, action, state)
    return NothingToUndo(NOTHING) if back is None else (back,)
