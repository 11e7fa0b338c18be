"""Moving work: owner, status, urgency, and a hold that reaches its wake time."""

from msgspec.structs import replace

from store.domain.commands import AddComment, AssignConversation, SetStatus, SetUrgency, WakeConversation
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide_lease import moved
from store.domain.decide_talk import add_comment
from store.domain.events import CheckOverdue, CommentAdded, OwnerChanged, StatusChanged, UrgencyChanged
from store.domain.fence import stopped_by_claim
from store.domain.ids import MemberKey
from store.domain.outbox import LEFT_STATES
from store.domain.refusals import Malformed, MemberAway, ReasonRequired, Refusal, UnknownMember, UnknownStatus, WakeTimeRequired
from store.domain.rights import not_moving, not_writing
from store.domain.status import NO_REPLY, Category, own_category
from store.domain.table import Happening, status_after

NOT_BY_HAND = frozenset({Category.CHECK, Category.OUTBOX})
"""Only a check request and a send lead there."""


def assign(state: Conversation, command: AssignConversation, context: Context) -> Decision:
    """Set the owner, or release it; the status stays."""
    if (refusal := not_moving(state, command.reason, context)) is not None:
        return refusal
    if command.owner is not None and command.owner not in context.members:
        return UnknownMember(command.owner)
    owner = command.owner if command.owner in {None, context.me, state.owner} else who_is_there(command.owner, context)
    if isinstance(owner, MemberAway):
        return owner
    note = _note(state, command, owner, context)
    if isinstance(note, Malformed):
        return note
    if owner == state.owner:
        return note
    away = command.owner if owner != command.owner else None
    return (*note, OwnerChanged(state.owner, owner, reason=command.reason.strip(), instead_of=away, by_hand=True))


def who_is_there(wanted: MemberKey | None, context: Context) -> MemberKey | MemberAway | None:
    """Whoever takes what is meant for `wanted` today."""
    if wanted is None or (away := context.team.absence(wanted, context.now)) is None or away.until is None:
        return wanted
    found = context.team.stand_in(wanted, context.now)
    return MemberAway(wanted, away.until) if found is None or found not in context.members else found


def _note(state: Conversation, command: AssignConversation, owner: MemberKey | None, context: Context) -> tuple[CommentAdded, ...] | Malformed:
    """The words that go with a hand over; whoever gets it is named in them, whatever they say."""
    if not command.note.strip():
        return ()
    if owner is None:
        return Malformed("a note is for a new owner")
    said = add_comment(state, AddComment(conversation_id=state.id, comment_id=command.note_id, text=command.note), context)
    if not isinstance(said, tuple):
        return said if isinstance(said, Malformed) else Malformed("the note cannot be kept")
    comments = (event for event in said if isinstance(event, CommentAdded))
    return tuple(replace(one, mentions=tuple(dict.fromkeys((*one.mentions, owner)))) for one in comments)


def was_answered(state: Conversation) -> bool:
    """Whether any reply ever left: ours, or one written with another program."""
    return any(not message.inbound for message in state.messages) or any(reply.state in LEFT_STATES for reply in state.submissions)


def _status_needs(state: Conversation, command: SetStatus, category: Category, context: Context) -> Refusal | None:
    """What the wanted status asks for and the command has not got."""
    reason = command.reason.strip()
    if category is Category.WAITING:
        if command.until is not None and command.until.tzinfo is None:
            return Malformed("`until` has no time zone")
        if command.until is None or command.until <= context.now:
            return WakeTimeRequired()
        return None if reason else ReasonRequired("hold")
    if category is Category.DONE and command.status != NO_REPLY and not reason and not was_answered(state):
        return ReasonRequired(Happening.DONE_WITHOUT_REPLY.value)
    return None


def set_status(state: Conversation, command: SetStatus, context: Context) -> Decision:
    """Set a status by hand. While a reply is on its way the outbox alone moves it."""
    wanted = context.team.status(command.status)
    if wanted is None or wanted.retired or wanted.category in NOT_BY_HAND:
        return UnknownStatus(command.status)
    if command.notify is not None and command.notify not in context.members:
        return UnknownMember(command.notify)
    refusal: Refusal | None = not_moving(state, command.reason, context) or stopped_by_claim(state)
    if refusal is not None:
        return refusal
    after = status_after(Happening.SET_BY_HAND, state, command.status)
    until = command.until if wanted.category is Category.WAITING else None
    if after == state.status and (until is None or until == state.wake_at):
        return ()
    if (refusal := _status_needs(state, command, wanted.category, context)) is not None:
        return refusal
    reason = command.reason.strip()
    changed = StatusChanged(state.status, after, reason, until, notify=command.notify, by_hand=True, own_category=own_category(wanted))
    return (changed,)


def set_urgency(state: Conversation, command: SetUrgency, context: Context) -> Decision:
    """Set the urgency; anybody who works here may."""
    if (refusal := not_writing(context)) is not None:
        return refusal
    return () if command.urgency == state.urgency else (UrgencyChanged(state.urgency, command.urgency),)


def wake(state: Conversation, command: WakeConversation, context: Context) -> Decision:
    """A hold has reached its wake time, or a check its limit; nothing when somebody moved it meanwhile."""
    del command
    limit = state.check.next_limit() if state.check is not None else None
    if state.check is not None and limit is not None and limit <= context.now:
        return (CheckOverdue(state.check.id),)
    if state.wake_at is None or state.wake_at > context.now:
        return ()
    return woken(state, Happening.WAKE_TIME, context)


def woken(state: Conversation, what: Happening, context: Context) -> tuple[StatusChanged, ...]:
    """The change of status that `what` brings; where it ends a hold, whoever was named is told, else its owner, else who had put it on hold."""
    changes = moved(state, what)
    if state.category is not Category.WAITING:
        return changes
    told = next((one for one in (state.wake_notify, state.owner, state.held_by) if one is not None and one in context.members), None)
    return tuple(replace(change, notify=told) for change in changes)
