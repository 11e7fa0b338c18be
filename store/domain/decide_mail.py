"""What a message does to its conversation: the watcher's rows of the table, and rule 10."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from store.domain.commands import RecordMessage
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation, MessageFact
from store.domain.decide_bounce import after_bounce, came_back, named_message
from store.domain.decide_lease import moved
from store.domain.decide_receipt import deliveries_in, receipts_in
from store.domain.decide_reply import left_after_all
from store.domain.decide_work import who_is_there, woken
from store.domain.draft_kind import DraftKind
from store.domain.events import (
    ConversationEvent,
    ConversationOpened,
    MessageArrived,
    OwnerChanged,
    OwnerSuggested,
    ReplyHeld,
    StatusChanged,
)
from store.domain.fence import SENT_COPY, SOMETHING_NEW, news_since, someone_writes
from store.domain.ids import InboxKey, MessageId
from store.domain.outbox import LEFT_STATES, STILL_HERE_STATES, OutboxState, Submission, has_left_in_part
from store.domain.participants import participants
from store.domain.status import DONE, Category
from store.domain.table import WAKING_KINDS, Happening, status_after


def reopens(state: Conversation, now: datetime, reopen_days: int) -> bool:
    """Whether a finished conversation is still within its reopen window at `now`."""
    if state.category is not Category.DONE:
        return False
    return state.done_at is None or now - state.done_at <= timedelta(days=reopen_days)


def starts_follow_up(state: Conversation, command: RecordMessage, now: datetime, reopen_days: int, own_addresses: frozenset[str]) -> bool:
    """Whether this message opens a new conversation, linked as a follow-up, instead of joining `state`.

    For the server's registry to ask before it calls `decide`; `decide` itself reopens whatever it is given, so that no mail is lost.
    """
    if not command.inbound or command.kind not in WAKING_KINDS or state.category is not Category.DONE or says_we_wrote(command, own_addresses):
        return False
    return bool(state.revision) and not is_known(state, command) and not reopens(state, now, reopen_days)


def is_known(state: Conversation, command: RecordMessage) -> bool:
    """Whether this message was recorded before. Of ours, the Message-ID says enough: copies differ in size from mailbox to mailbox."""
    return any(
        message.message_id == command.message_id and (message.content_sha256 == command.content_sha256 or not (message.inbound or command.inbound))
        for message in state.messages
    )


def says_we_wrote(command: RecordMessage, own_addresses: frozenset[str]) -> bool:
    """Whether its From is one of ours. Of mail that does not lie in Sent this is no proof: a copy to ourselves, a web form, a forgery."""
    return command.from_address.casefold() in own_addresses


def record_message(state: Conversation, command: RecordMessage, context: Context) -> Decision:
    """Turn mail into the team's events; the same message twice is one."""
    says_ours = says_we_wrote(command, context.own_addresses)
    if _is_copy_of_sent(state, command) if says_ours else is_known(state, command):
        return ()
    if not state.revision:
        return _opening(command)
    if not command.inbound or says_ours:
        return _from_us(state, command, context)
    named = named_message(state, command)
    bounced = named if came_back(command.delivery) else None
    arrival = _arrival(state, command, new_sender=_is_new_sender(state, command, context), bounce_of=bounced)
    follows = after_bounce(state, named, command, context) if named is not None else _customer_wrote(state, command, context)
    told: tuple[ConversationEvent, ...] = (*receipts_in(state, command), *deliveries_in(state, named, command))
    return (arrival, *_held(state, command.message_id), *told, *follows)


def _is_copy_of_sent(state: Conversation, command: RecordMessage) -> bool:
    """Of what says that we wrote it: known once it was seen in Sent; one seen elsewhere first still tells something when it is found there."""
    known_in_sent = any(message.message_id == command.message_id and not message.inbound for message in state.messages)
    return known_in_sent or (command.inbound and is_known(state, command))


def _from_us(state: Conversation, command: RecordMessage, context: Context) -> tuple[ConversationEvent, ...]:
    """It lies in Sent, or says that we wrote it. The latter alone moves nothing: anybody could finish a conversation, or wake one in a loop."""
    ours = _reply_of(state, command)
    if ours is not None:
        if ours.kind is DraftKind.REDIRECT:
            if any(message.message_id == ours.message_id for message in state.messages):
                return ()
            # It bears the name and the sender of the mail that was passed on; the journal knows it by the one of its own.
            command = replace(command, message_id=ours.message_id, from_name="", from_address=ours.envelope.mail_from)
        given_up = ours.state in {OutboxState.CANCELLED, OutboxState.REFUSED}
        copy = replace(command, inbound=False)
        return (_arrival(state, copy, answered_outside=given_up), *_copy_of_ours(state, ours))
    if command.inbound:
        return (_arrival(state, command), *_held(state, command.message_id), *moved(state, Happening.NOTED))
    outside = _arrival(state, command, answered_outside=True)
    return (outside, *_held(state, command.message_id), *_answered_outside(state, command, context))


def _reply_of(state: Conversation, command: RecordMessage) -> Submission | None:
    """Our own mail that this is the copy of: by its Message-ID, a redirect by its Resent-Message-ID."""
    return next(
        (
            reply
            for reply in state.submissions
            if reply.message_id == command.message_id
            or (reply.kind is DraftKind.REDIRECT and not command.inbound and reply.message_id in command.other_ids)
        ),
        None,
    )


def _opening(command: RecordMessage) -> tuple[ConversationEvent, ...]:
    """The first message. Where it is ours, we wrote first, and nothing is to be done until they answer."""
    opened = ConversationOpened(command.number, command.inbox, command.thread_key, command.follow_up_of, command.reply_token)
    state = Conversation(command.conversation_id)
    ours = () if command.inbound else moved(state, Happening.WE_WROTE_FIRST)
    return (opened, _arrival(state, command), *ours)


def _arrival(
    state: Conversation, command: RecordMessage, *, new_sender: bool = False, answered_outside: bool = False, bounce_of: MessageId | None = None
) -> MessageArrived:
    return MessageArrived(
        message_id=command.message_id,
        content_sha256=command.content_sha256,
        inbound=command.inbound,
        kind=command.kind,
        from_name=command.from_name,
        from_address=command.from_address,
        recipients=command.recipients,
        subject=command.subject,
        # A date without a zone cannot be compared with the others.
        date=command.date if command.date.tzinfo is not None else command.date.replace(tzinfo=UTC),
        new_sender=new_sender,
        answered_outside=answered_outside,
        bounce_of=bounce_of,
        evidence=command.evidence,
        inbox=command.inbox if state.revision and state.inbox != command.inbox else InboxKey(""),
    )


def _is_new_sender(state: Conversation, command: RecordMessage, context: Context) -> bool:
    if command.vouched:
        return False
    return command.from_address.casefold() not in participants(state) and not says_we_wrote(command, context.own_addresses)


def _held(state: Conversation, came: MessageId) -> tuple[ReplyHeld, ...]:
    """Whatever waits to be sent has not seen this message: say so now, not only at its ticket."""
    return tuple(
        ReplyHeld(reply.id, SOMETHING_NEW, (*news_since(state, reply.seen_revision, reply.by), came))
        for reply in state.submissions
        if reply.state in STILL_HERE_STATES
    )


def _customer_wrote(state: Conversation, command: RecordMessage, context: Context) -> tuple[ConversationEvent, ...]:
    """Wakes what waits or is finished; automatic mail is only noted."""
    if command.kind not in WAKING_KINDS:
        return moved(state, Happening.NOTED)
    if state.category is Category.JUNK:
        return moved(state, Happening.CUSTOMER_WROTE_ON_JUNK)
    if state.category is not Category.DONE:
        return woken(state, Happening.CUSTOMER_WROTE, context)
    again: tuple[ConversationEvent, ...] = moved(state, Happening.REOPENED)
    if state.owner is None:
        return again
    # Back in everybody's tray: the old owner is suggested, or whoever stands in while they are away.
    there = who_is_there(state.owner, context)
    suggested = there if isinstance(there, str) else state.owner
    told = (OwnerSuggested(suggested),) if suggested in context.members else ()
    return (*again, *told, OwnerChanged(state.owner, None, reason=Happening.REOPENED.value))


def _copy_of_ours(state: Conversation, reply: Submission) -> tuple[ConversationEvent, ...]:
    """One of our replies lies in Sent. While it is being sent its outcome will say the same; otherwise the copy settles that it left.

    Also one that was thought cancelled, refused or still waiting: a journal restored to an earlier hour, or a person who was mistaken. Where
    somebody is known to have it, the provider has filed that one's.
    """
    if reply.state in LEFT_STATES or reply.state is OutboxState.SENDING or has_left_in_part(reply):
        return ()
    return left_after_all(state, reply, SENT_COPY)


def _answered_outside(state: Conversation, command: RecordMessage, context: Context) -> tuple[StatusChanged, ...]:
    """Rule 10. Somebody who writes or waits to send is warned instead; a customer who wrote later has not been answered."""
    if someone_writes(state, context) or state.claim is not None or any(_is_later(message, command) for message in state.messages):
        return ()
    return moved(state, Happening.ANSWERED_OUTSIDE) if status_after(Happening.ANSWERED_OUTSIDE, state) == DONE else ()


def _is_later(message: MessageFact, command: RecordMessage) -> bool:
    date = command.date if command.date.tzinfo is not None else command.date.replace(tzinfo=UTC)
    return message.inbound and message.kind in WAKING_KINDS and message.date > date
