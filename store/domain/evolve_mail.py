"""The steps of the fold that are about mail: a conversation opens, a message arrives."""

from msgspec.structs import replace

from store.domain.conversation import Conversation, MessageFact
from store.domain.events import ConversationOpened, ConversationStarted, Event, MessageArrived, Recorded
from store.domain.evolve_steps import Step, flagged, on
from store.domain.ids import MessageId, Revision


def answered_by(reply: MessageId, messages: tuple[MessageFact, ...], up_to: Revision) -> tuple[MessageFact, ...]:
    """The messages, with each inbound one that had no answer, seen up to that revision, marked as answered by `reply`."""
    return tuple(
        replace(message, answered_by=reply) if message.inbound and message.answered_by is None and message.revision <= up_to else message
        for message in messages
    )


def _answered_outside(state: Conversation, event: MessageArrived) -> tuple[MessageFact, ...]:
    """Only what was written before can have been answered by it: mail is not always seen in the order it was sent."""
    return tuple(
        replace(message, answered_by=event.message_id) if message.inbound and message.answered_by is None and message.date <= event.date else message
        for message in state.messages
    )


def _opened(state: Conversation, event: ConversationOpened, recorded: Recorded) -> Conversation:
    del recorded
    return replace(
        state, number=event.number, inbox=event.inbox, thread_key=event.thread_key, follow_up_of=event.follow_up_of, reply_token=event.reply_token
    )


def _started(state: Conversation, event: ConversationStarted, recorded: Recorded) -> Conversation:
    """In the list it stands by when it began: no mail of it lies anywhere yet."""
    return replace(
        state,
        subject=event.subject,
        customer_name=event.customer_name,
        customer_address=event.customer_address,
        last_at=recorded.at,
        started_at=recorded.at,
    )


def _arrived(state: Conversation, event: MessageArrived, recorded: Recorded) -> Conversation:
    del recorded
    reply = None if event.inbound else next((one for one in state.submissions if one.message_id == event.message_id), None)
    fact = MessageFact(
        message_id=event.message_id,
        revision=state.revision,
        inbound=event.inbound,
        kind=event.kind,
        from_name=event.from_name,
        from_address=event.from_address,
        recipients=event.recipients,
        subject=event.subject,
        date=event.date,
        content_sha256=event.content_sha256,
        submission_id=reply.id if reply else None,
        new_sender=event.new_sender,
        answered_outside=event.answered_outside,
        evidence=event.evidence,
        inbox=event.inbox or state.inbox,
    )
    flags = state.flags
    if event.bounce_of is not None:
        flags = flagged(flags, "bounced")
    messages = state.messages
    if event.answered_outside and (state.lease is not None or state.claim is not None):
        flags = flagged(flags, "answered_outside")
    messages = _answered_outside(state, event) if event.answered_outside else state.messages
    return replace(
        _with_customer(state, event),
        messages=(*messages, fact),
        flags=flags,
        last_at=event.date if state.last_at is None else max(state.last_at, event.date),
    )


def _with_customer(state: Conversation, event: MessageArrived) -> Conversation:
    """Subject and customer come from the first message of theirs; where we wrote first, from ours until they answer.

    A copy of our own mail that came to us is not theirs: who stands in the From of what lies in Sent is no customer.
    """
    ours = {message.from_address.casefold() for message in state.messages if not message.inbound}
    if not event.inbound:
        ours.add(event.from_address.casefold())
    if event.inbound:
        first = not any(message.inbound and message.from_address.casefold() not in ours for message in state.messages)
        if first and not event.new_sender and event.from_address.casefold() not in ours:
            return replace(state, subject=state.subject or event.subject, customer_name=event.from_name, customer_address=event.from_address)
    elif not state.messages or state.customer_address.casefold() in ours:
        to = event.recipients[0] if event.recipients else ""
        if to and to.casefold() == state.customer_address.casefold():
            return state  # our own new mail: whoever began it said for whom it is
        return replace(state, subject=state.subject or event.subject, customer_name="", customer_address=to)
    return state


MAIL_STEPS: dict[type[Event], Step] = dict((on(ConversationOpened, _opened), on(ConversationStarted, _started), on(MessageArrived, _arrived)))
