"""The steps of the fold by which two conversations become one (conversations.md, "Threading")."""

from msgspec.structs import replace

from store.domain.conversation import Conversation
from store.domain.events import ConversationAbsorbed, ConversationMerged, Event, MergeWaits, Recorded
from store.domain.evolve_steps import Step, flagged, on
from store.domain.ids import ConversationId
from store.domain.status import DONE


def _merged(state: Conversation, event: ConversationMerged, recorded: Recorded) -> Conversation:
    """Empty from now on; number and name stay, so that both lead on for ever."""
    return replace(
        state,
        merged_into=event.into,
        status=DONE,
        own_category=None,
        done_at=recorded.at,
        wake_at=None,
        messages=(),
        comments=(),
        submissions=(),
        flags=(),
        undoable=(),
        merges_waiting=(),
    )


def _absorbed(state: Conversation, event: ConversationAbsorbed, recorded: Recorded) -> Conversation:
    """What came with the other one counts as come now: to whoever has seen an earlier revision it is news."""
    del recorded
    here = {(message.message_id, message.content_sha256) for message in state.messages}
    now = state.revision
    messages = tuple(replace(one, revision=now) for one in event.messages if (one.message_id, one.content_sha256) not in here)
    comments = tuple(replace(one, revision=now) for one in event.comments)
    submissions = tuple(replace(one, sent_revision=now) if one.sent_revision else one for one in event.submissions)
    flags = state.flags
    for flag in event.flags:
        flags = flagged(flags, flag)
    dates = [message.date for message in messages]
    return replace(
        state,
        messages=(*state.messages, *messages),
        comments=(*state.comments, *comments),
        submissions=(*state.submissions, *submissions),
        tags=tuple(dict.fromkeys((*state.tags, *event.tags))),
        flags=flags,
        last_at=max(filter(None, (state.last_at, *dates)), default=None),
        merges_waiting=_without(state, event.other),
        follow_up_of=None if state.follow_up_of == event.other else state.follow_up_of,
    )


def _waits(state: Conversation, event: MergeWaits, recorded: Recorded) -> Conversation:
    del recorded
    return replace(state, merges_waiting=(*_without(state, event.other), event.other))


def _without(state: Conversation, other: ConversationId) -> tuple[ConversationId, ...]:
    return tuple(one for one in state.merges_waiting if one != other)


MERGE_STEPS: dict[type[Event], Step] = dict((on(ConversationMerged, _merged), on(ConversationAbsorbed, _absorbed), on(MergeWaits, _waits)))
