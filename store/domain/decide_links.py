"""The rules between conversations: merge, split and move by hand, and taking each of them back (conversations.md, "Threading").

They come to events for more than one conversation, so they are asked here and not by `decide`.
"""

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from store.domain.commands import AnyCommand, MergeConversations, MoveToInbox, SplitConversation, Undo
from store.domain.context import Context
from store.domain.conversation import Conversation, Undoable
from store.domain.decide_merge import merge
from store.domain.decide_parting import part, rejoin
from store.domain.decide_undo import LINK_EVENTS
from store.domain.events import (
    ConversationAbsorbed,
    ConversationEvent,
    ConversationMovedIn,
    ConversationOpened,
    DueSet,
    InboxChanged,
    LegalHoldChanged,
    MessagesJoined,
    MessagesLeft,
    OwnerChanged,
    UrgencyChanged,
)
from store.domain.fence import someone_writes, stopped_by_claim
from store.domain.ids import ConversationId, ThreadKey
from store.domain.lease import lease_is_idle
from store.domain.linked import Linked, Part
from store.domain.refusals import LeaseHeld, Malformed, NotAllowed, Refusal, UnknownConversation, UnknownInbox, UnknownMessage
from store.domain.rights import not_freer, not_here, not_moving, not_writing
from store.domain.status import Urgency
from store.domain.threading import conversation_id_of

SPLIT = "split"
"""The reason by which a split-off conversation has its owner."""


LINKS = (MergeConversations, SplitConversation, MoveToInbox)
"""What is decided here alone."""


def undone_link(state: Conversation, command: AnyCommand, context: Context) -> Undoable | None:
    """The merge, split or move that an Undo means; None: it means something else.

    Without a seq the last of one's own actions is meant; by its seq, anybody's: it takes nobody's words away.
    """
    if not isinstance(command, Undo):
        return None
    listed = [action for action in state.undoable if action.seq == command.event_seq or (command.event_seq is None and action.by == context.me)]
    return listed[-1] if listed and isinstance(listed[-1].event, LINK_EVENTS) else None


def is_linking(state: Conversation, command: AnyCommand, context: Context) -> bool:
    """Whether the command is to be decided here."""
    return isinstance(command, LINKS) or undone_link(state, command, context) is not None


def others_of(state: Conversation, command: AnyCommand, context: Context) -> tuple[ConversationId, ...]:
    """The other conversations whose states `decide_linked` needs."""
    if isinstance(command, MergeConversations):
        return (command.other,)
    match undone_link(state, command, context):
        case Undoable(event=ConversationAbsorbed(other=other)):
            return (other,)
        case Undoable(event=MessagesLeft(to=to)):
            return (to,)
        case _:
            return ()


def decide_linked(
    state: Conversation,
    command: AnyCommand,
    context: Context,
    others: Mapping[ConversationId, Conversation],
    around: Mapping[ConversationId, Context] | None = None,
) -> Linked:
    """What the command comes to; `()`: taken, and nothing changed. `others` by the ids of `others_of`, where they exist.

    `around`: how the actor stands at each of them, likewise by those ids; their role may be another one there. None: as here.
    """
    if not state.revision:
        return UnknownConversation(command.conversation_id)
    reason = getattr(command, "reason", "")
    refusal: Refusal | None = not_here(state, context) or not_moving(state, reason, context) or _busy(state, context)
    if refusal is not None:
        return refusal
    there = around if around is not None else dict.fromkeys(others, context)
    match command:
        case MergeConversations():
            return _merge(state, command, context, others.get(command.other), there.get(command.other, context))
        case SplitConversation():
            return _split(state, command, context)
        case MoveToInbox():
            return _move(state, command, context)
        case _:
            action = undone_link(state, command, context)
            return Malformed("this joins or parts nothing") if action is None else _undo(state, action, context, others, there)


def _busy(state: Conversation, context: Context) -> Refusal | None:
    """Nobody's words and nobody's reply may lose its conversation: refused while anybody writes or sends there, oneself too."""
    if (pending := stopped_by_claim(state)) is not None:
        return pending
    if state.lease is None:
        return None
    idle = not someone_writes(state, context) or lease_is_idle(state.lease, context.pulse, context.now)
    return LeaseHeld(state.lease.by, state.lease.since, idle=idle, may_take_over=False)


def _merge(state: Conversation, command: MergeConversations, context: Context, other: Conversation | None, there: Context) -> Linked:
    if other is None or not other.revision or other.merged_into is not None:
        return UnknownConversation(command.other)
    if other.id == state.id:
        return Malformed("a conversation cannot become part of itself")
    refusal: Refusal | None = not_here(other, there) or not_moving(other, command.reason, there) or _busy(other, there)
    refusal = refusal or not_freer(context, other.inbox) or not_freer(there, state.inbox)
    if refusal is not None:
        return refusal
    merged = merge(state, other, by_hand=True)
    return (Part(merged.goes, merged.of_goes), Part(merged.stays, merged.of_stays))


def _split(state: Conversation, command: SplitConversation, context: Context) -> Linked:
    if context.opening is None:
        return Malformed("only the server opens conversations")
    wanted = frozenset(command.messages)
    here = {message.message_id for message in state.messages}
    unknown = next((one for one in command.messages if one not in here), None)
    if unknown is not None:
        return UnknownMessage(unknown)
    if not wanted or wanted == here:
        return Malformed("a split takes some of the messages, and leaves some")
    messages = tuple(message for message in state.messages if message.message_id in wanted)
    comments = tuple(comment for comment in state.comments if comment.message_id in wanted)
    new_id = split_id(state)
    number = context.opening.number
    opened = ConversationOpened(number, state.inbox, ThreadKey(new_id), split_from=state.id, reply_token=context.opening.reply_token)
    joined = MessagesJoined(state.id, state.number, messages, comments)
    events: list[ConversationEvent] = [opened, joined]
    if state.owner is not None:
        events.append(OwnerChanged(None, state.owner, reason=SPLIT))
    if state.urgency is not Urgency.NORMAL:
        events.append(UrgencyChanged(Urgency.NORMAL, state.urgency, follows=True))
    if state.due_in_work is not None:
        events.append(DueSet(None, state.due_in_work, follows=True))
    if state.legal_hold:
        events.append(LegalHoldChanged(on=True, reason=SPLIT))
    return (Part(state, (MessagesLeft(new_id, number, messages, comments),)), Part(Conversation(new_id), tuple(events)))


def split_id(state: Conversation) -> ConversationId:
    """The id of a conversation that is split off now; pure, so that a replay gives the same."""
    return conversation_id_of(sha256(f"split\n{state.id}\n{state.revision}".encode()).digest())


def _move(state: Conversation, command: MoveToInbox, context: Context) -> Linked:
    if not command.inbox or (context.inboxes is not None and command.inbox not in context.inboxes):
        return UnknownInbox(command.inbox)
    if command.inbox == state.inbox:
        return ()
    return not_freer(context, command.inbox) or _moved(state, InboxChanged(state.inbox, command.inbox, command.reason.strip()))


def _moved(state: Conversation, changed: InboxChanged, *then: ConversationEvent) -> tuple[Part, ...]:
    """Told twice: those of the new inbox may never have heard of it. They begin at the revision that both of these lead to, and hear what follows."""
    there = msgspec.structs.replace(state, inbox=changed.after, revision=state.revision + 2)
    moved_in = ConversationMovedIn(changed.before, msgspec.json.encode(there), changed.reason, changed.undoes)
    return (Part(state, (changed,), changed.before), Part(state, (moved_in, *then), changed.after))


def _undo(
    state: Conversation, action: Undoable, context: Context, others: Mapping[ConversationId, Conversation], around: Mapping[ConversationId, Context]
) -> Linked:
    if (refusal := _is_anothers(state, action, context)) is not None:
        return refusal
    match action.event:
        case ConversationAbsorbed(other=other):
            return _may_reach(others.get(other), action, around.get(other, context)) or part(state, action, others.get(other))
        case MessagesLeft(to=to):
            other_state, there = others.get(to), around.get(to, context)
            busy = None if other_state is None else _busy(other_state, there)
            return _may_reach(other_state, action, there) or busy or rejoin(state, action, other_state)
        case InboxChanged(before=before, after=after) if state.inbox == after:
            back = InboxChanged(after, before, undoes=action.seq)
            return not_freer(context, before) or _moved(state, back, *_owner_again(state, action, context))
        case _:
            return Malformed("it is in another inbox by now")


def _owner_again(state: Conversation, action: Undoable, context: Context) -> tuple[OwnerChanged, ...]:
    """Whoever lost it because it was moved out of their sight has it again, where they are here and nobody has decided about it since."""
    owner, since = action.prior.owner, state.undoable[state.undoable.index(action) + 1 :]
    if owner is None or state.owner is not None or owner not in context.names or any(isinstance(one.event, OwnerChanged) for one in since):
        return ()
    return (OwnerChanged(None, owner),)


def _may_reach(other: Conversation | None, action: Undoable, there: Context) -> Refusal | None:
    """Taking a link back changes the other one too, wherever that lies by now: it takes the right to write there."""
    if other is None:
        return None
    return not_here(other, there) or not_writing(there) or _is_anothers(other, action, there)


def _is_anothers(state: Conversation, action: Undoable, context: Context) -> Refusal | None:
    """Whose conversation it is by now has a say."""
    return None if state.owner in {None, context.me} or action.by == context.me or context.leads else NotAllowed("leader")
