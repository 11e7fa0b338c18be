"""Taking back one's own last action, for the whole team, by an event that compensates it."""

from store.domain.commands import CancelReply, Undo
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation, Undoable
from store.domain.decide_reply import cancel_reply
from store.domain.events import CommentAdded, CommentRemoved, ConversationEvent, OwnerChanged, StatusChanged, UrgencyChanged
from store.domain.outbox import STILL_HERE_STATES, Submission
from store.domain.refusals import NothingToUndo, UnknownMember
from store.domain.rights import not_writing

CHANGED_SINCE = "changed_since"
NOTHING = "nothing"


def undo(state: Conversation, command: Undo, context: Context) -> Decision:
    """Take back the last action of one's own, a reply in its hold included, or the one of `event_seq`."""
    mine = [action for action in state.undoable if action.by == context.me]
    reply = _own_waiting_reply(state, context)
    if command.event_seq is not None:
        mine = [action for action in mine if action.seq == command.event_seq]
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
    if not isinstance(action.event, CommentAdded) and (refusal := not_writing(context)) is not None:
        return refusal
    if _changed_since(state, action):
        return NothingToUndo(CHANGED_SINCE)
    if isinstance(action.event, OwnerChanged) and action.event.before is not None and action.event.before not in context.members:
        return UnknownMember(action.event.before)
    back = _inverse(action)
    return NothingToUndo(NOTHING) if back is None else (back,)


def _inverse(action: Undoable) -> ConversationEvent | None:
    """The event that takes it back; None for one that cannot be."""
    match action.event:
        case StatusChanged(before=before, after=after):
            return StatusChanged(after, before, reason=action.prior.status_reason, until=action.prior.wake_at, undoes=action.seq)
        case OwnerChanged(before=earlier, after=later):
            return OwnerChanged(later, earlier, undoes=action.seq)
        case UrgencyChanged(before=lower, after=higher):
            return UrgencyChanged(higher, lower, undoes=action.seq)
        case CommentAdded(comment_id=comment_id):
            return CommentRemoved(comment_id, undoes=action.seq)
        case _:
            return None


def _changed_since(state: Conversation, action: Undoable) -> bool:
    """Whether the thing has another value now, or went through one by somebody's later action."""
    kind = type(action.event)
    later = state.undoable[state.undoable.index(action) + 1 :]
    match action.event:
        case CommentAdded(comment_id=comment_id):
            return all(comment.id != comment_id for comment in state.comments)
        case StatusChanged(after=status, until=until):
            moved_on = (state.status, state.wake_at) != (status, until)
        case OwnerChanged(after=owner):
            moved_on = state.owner != owner
        case UrgencyChanged(after=urgency):
            moved_on = state.urgency != urgency
        case _:
            moved_on = True
    return moved_on or any(type(one.event) is kind for one in later)
