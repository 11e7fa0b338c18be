"""Moving work: owner, status, urgency, comments, and a hold that reaches its wake time."""

from store.domain.commands import AddComment, AssignConversation, SetStatus, SetUrgency, WakeConversation
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide_lease import moved
from store.domain.events import CommentAdded, OwnerChanged, StatusChanged, UrgencyChanged
from store.domain.fence import stopped_by_claim
from store.domain.mentions import mentions_in
from store.domain.outbox import LEFT_STATES
from store.domain.refusals import Malformed, ReasonRequired, Refusal, UnknownMember, UnknownStatus, WakeTimeRequired
from store.domain.rights import not_moving, not_writing
from store.domain.status import BUILT_IN, DONE, Category
from store.domain.table import Happening, status_after

NOT_BY_HAND = frozenset({Category.CHECK, Category.OUTBOX})
"""Only a check request and a send lead there."""

COMMENT_AT_MOST = 100_000
"""Characters; a longer one is a file."""


def assign(state: Conversation, command: AssignConversation, context: Context) -> Decision:
    """Set the owner, or release it; the status stays."""
    if (refusal := not_moving(state, command.reason, context)) is not None:
        return refusal
    if command.owner is not None and command.owner not in context.members:
        return UnknownMember(command.owner)
    if command.owner == state.owner:
        return ()
    return (OwnerChanged(state.owner, command.owner, reason=command.reason.strip(), by_hand=True),)


def was_answered(state: Conversation) -> bool:
    """Whether any reply ever left: ours, or one written with another program."""
    return any(not message.inbound for message in state.messages) or any(reply.state in LEFT_STATES for reply in state.submissions)


def _status_needs(state: Conversation, command: SetStatus, context: Context) -> Refusal | None:
    """What the wanted status asks for and the command has not got."""
    reason = command.reason.strip()
    category = BUILT_IN[command.status].category
    if category is Category.WAITING:
        if command.until is not None and command.until.tzinfo is None:
            return Malformed("`until` has no time zone")
        if command.until is None or command.until <= context.now:
            return WakeTimeRequired()
        return None if reason else ReasonRequired("hold")
    if command.status == DONE and not reason and not was_answered(state):
        return ReasonRequired(Happening.DONE_WITHOUT_REPLY.value)
    return None


def set_status(state: Conversation, command: SetStatus, context: Context) -> Decision:
    """Set a status by hand. While a reply is on its way the outbox alone moves it."""
    wanted = BUILT_IN.get(command.status)
    if wanted is None or wanted.category in NOT_BY_HAND:
        return UnknownStatus(command.status)
    refusal: Refusal | None = not_moving(state, command.reason, context) or stopped_by_claim(state)
    if refusal is not None:
        return refusal
    after = status_after(Happening.SET_BY_HAND, state, command.status)
    until = command.until if wanted.category is Category.WAITING else None
    if after == state.status and (until is None or until == state.wake_at):
        return ()
    if (refusal := _status_needs(state, command, context)) is not None:
        return refusal
    return (StatusChanged(state.status, after, reason=command.reason.strip(), until=until, by_hand=True),)


def set_urgency(state: Conversation, command: SetUrgency, context: Context) -> Decision:
    """Set the urgency; anybody who works here may."""
    if (refusal := not_writing(context)) is not None:
        return refusal
    return () if command.urgency == state.urgency else (UrgencyChanged(state.urgency, command.urgency),)


def add_comment(state: Conversation, command: AddComment, context: Context) -> Decision:
    """Say something to the team; guests may too. The same comment twice is one."""
    if not command.text.strip() or not command.comment_id:
        return Malformed("a comment needs an id and a text")
    if len(command.text) > COMMENT_AT_MOST:
        return Malformed(f"a comment has at most {COMMENT_AT_MOST} characters")
    known = next((comment for comment in state.comments if comment.id == command.comment_id), None)
    if known is not None:
        return () if known.by == context.me and known.text == command.text else Malformed("this comment id is taken")
    names = {key: context.names.get(key, "") for key in context.members}
    return (CommentAdded(command.comment_id, command.text, mentions_in(command.text, names)),)


def wake(state: Conversation, command: WakeConversation, context: Context) -> Decision:
    """A hold has reached its wake time; nothing when somebody moved it meanwhile."""
    del command
    if state.wake_at is None or state.wake_at > context.now:
        return ()
    return moved(state, Happening.WAKE_TIME)
