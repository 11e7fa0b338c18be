"""The steps of the fold by which some messages become a conversation of their own, and come back."""

from msgspec.structs import replace

from store.domain.conversation import Away, Conversation
from store.domain.events import ConversationAbsorbed, Event, MessagesJoined, MessagesLeft, Recorded
from store.domain.evolve_steps import Step, latest, on, remembered
from store.domain.facts import Comment, MessageFact


def _left(state: Conversation, event: MessagesLeft, recorded: Recorded) -> Conversation:
    gone = {(one.message_id, one.content_sha256) for one in event.messages}
    said = {one.id for one in event.comments}
    away = [Away(event.to, at, message=one) for at, one in enumerate(state.messages) if (one.message_id, one.content_sha256) in gone]
    away += [Away(event.to, at, comment=one) for at, one in enumerate(state.comments) if one.id in said]
    messages = tuple(one for one in state.messages if (one.message_id, one.content_sha256) not in gone)
    after = replace(
        state,
        messages=messages,
        comments=tuple(one for one in state.comments if one.id not in said),
        last_at=latest(state.started_at, messages),
        away=(*state.away, *away),
        parted=(*state.parted, event.to),
    )
    return remembered(state, after, MessagesLeft(event.to, event.number, ()), recorded)


def _joined(state: Conversation, event: MessagesJoined, recorded: Recorded) -> Conversation:
    """Subject and customer are those of the first message that came in."""
    del recorded
    now = state.revision
    messages = tuple(replace(one, revision=now, came_from=event.origin) for one in event.messages)
    first = next((one for one in messages if one.inbound), messages[0] if messages else None)
    after = replace(
        state,
        messages=(*state.messages, *messages),
        comments=(*state.comments, *(replace(one, revision=now) for one in event.comments)),
        split_from=event.origin,
        parted=(*state.parted, event.origin),
        last_at=max((message.date for message in messages), default=state.last_at),
    )
    if first is None:
        return after
    name, address = (first.from_name, first.from_address) if first.inbound else ("", next(iter(first.recipients), ""))
    return replace(after, subject=first.subject, customer_name=name, customer_address=address)


def back_again(state: Conversation, event: ConversationAbsorbed) -> Conversation:
    """A split taken back: what had left stands where it stood; what has come to the other one since comes behind it, as news."""
    mine = [one for one in state.away if one.to == event.other]
    messages = _messages_back(state.messages, mine, event.messages)
    known = {(one.message_id, one.content_sha256) for one in messages}
    since = tuple(
        replace(one, revision=state.revision, came_from=event.other) for one in event.messages if (one.message_id, one.content_sha256) not in known
    )
    comments = _comments_back(state.comments, mine, event.comments)
    said = {one.id for one in comments}
    said_since = tuple(replace(one, revision=state.revision) for one in event.comments if one.id not in said)
    every = (*messages, *since)
    return replace(
        state,
        messages=every,
        comments=(*comments, *said_since),
        submissions=(*state.submissions, *event.submissions),
        last_at=latest(state.started_at, every),
        away=tuple(one for one in state.away if one.to != event.other),
        parted=tuple(one for one in state.parted if one != event.other),
    )


def _messages_back(here: tuple[MessageFact, ...], away: list[Away], now: tuple[MessageFact, ...]) -> tuple[MessageFact, ...]:
    """With those that are back at their places, as they are by now, at the revision they were first seen."""
    current = {(one.message_id, one.content_sha256): one for one in now}
    every = list(here)
    for one in away:
        if (then := one.message) is not None:
            back = current.get((then.message_id, then.content_sha256), then)
            every.insert(one.at, replace(back, revision=then.revision, came_from=then.came_from))
    return tuple(every)


def _comments_back(here: tuple[Comment, ...], away: list[Away], now: tuple[Comment, ...]) -> tuple[Comment, ...]:
    """The same; one that was taken back meanwhile stays away."""
    current = {one.id: one for one in now}
    every = list(here)
    for one in away:
        if (then := one.comment) is not None and then.id in current:
            every.insert(one.at, replace(current[then.id], revision=then.revision))
    return tuple(every)


SPLIT_STEPS: dict[type[Event], Step] = dict((on(MessagesLeft, _left), on(MessagesJoined, _joined)))
