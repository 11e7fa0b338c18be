"""The steps of the fold by which conversations become one, part, split and move (conversations.md, "Threading")."""

import msgspec
from msgspec.structs import replace

from store.domain.conversation import Absorbed, Conversation
from store.domain.events import (
    ConversationAbsorbed,
    ConversationMerged,
    ConversationMovedIn,
    ConversationParted,
    ConversationRestored,
    Event,
    InboxChanged,
    MergeWaits,
    Recorded,
)
from store.domain.evolve_split import SPLIT_STEPS, back_again
from store.domain.evolve_steps import Step, flagged, latest, on, remembered, taken_back
from store.domain.ids import ConversationId, Seq
from store.domain.status import DONE

MERGES_KEPT = 20
"""So many can be taken back; of older ones only the result is known."""

_read = msgspec.json.Decoder(Conversation).decode


def _merged(state: Conversation, event: ConversationMerged, recorded: Recorded) -> Conversation:
    """Empty from now on; number and name stay, so that both lead on for ever."""
    return Conversation(
        id=state.id,
        number=state.number,
        inbox=state.inbox,
        thread_key=state.thread_key,
        revision=state.revision,
        seq=state.seq,
        status=DONE,
        done_at=recorded.at,
        owner=state.owner,
        subject=state.subject,
        customer_name=state.customer_name,
        customer_address=state.customer_address,
        last_at=state.last_at,
        last_token_n=state.last_token_n,
        follow_up_of=state.follow_up_of,
        reply_token=state.reply_token,
        merged_into=event.into,
        kept=replace(state, kept=None, merges_waiting=()),
    )


def _absorbed(state: Conversation, event: ConversationAbsorbed, recorded: Recorded) -> Conversation:
    """What came with the other one counts as come now: to whoever has seen an earlier revision it is news."""
    if event.undoes is not None:
        return _without_merge(back_again(state, event), event.undoes)
    here = {(message.message_id, message.content_sha256) for message in state.messages}
    now = state.revision
    messages = tuple(replace(one, revision=now, came_from=event.other) for one in event.messages if (one.message_id, one.content_sha256) not in here)
    comments = tuple(replace(one, revision=now) for one in event.comments)
    submissions = tuple(replace(one, sent_revision=now) if one.sent_revision else one for one in event.submissions)
    flags = state.flags
    for flag in event.flags:
        flags = flagged(flags, flag)
    dates = [message.date for message in messages]
    record = Absorbed(
        recorded.seq,
        event.other,
        event.number,
        tuple((message.message_id, message.content_sha256) for message in messages),
        tuple(comment.id for comment in comments),
        tuple(submission.id for submission in submissions),
        state.standing(),
    )
    after = replace(
        state,
        messages=(*state.messages, *messages),
        comments=(*state.comments, *comments),
        submissions=(*state.submissions, *submissions),
        tags=tuple(dict.fromkeys((*state.tags, *event.tags))),
        folder=state.folder or event.folder,
        flags=flags,
        last_at=max(filter(None, (state.last_at, *dates)), default=None),
        merges_waiting=_without(state.merges_waiting, event.other),
        parted=_without(state.parted, event.other),
        follow_up_of=None if state.follow_up_of == event.other else state.follow_up_of,
        absorbed=(*state.absorbed, record)[-MERGES_KEPT:],
    )
    # What it carries is kept once, in the record; the list of what may be undone needs its name only.
    lean = ConversationAbsorbed(event.other, event.number, by_hand=event.by_hand)
    return remembered(state, after, lean, recorded)


def _without_merge(state: Conversation, undone: int) -> Conversation:
    return replace(state, undoable=tuple(action for action in state.undoable if action.seq != undone))


def _parted(state: Conversation, event: ConversationParted, recorded: Recorded) -> Conversation:
    """What came with the other one leaves; what came since stays."""
    del recorded
    record = next((one for one in state.absorbed if one.seq == event.undoes), None)
    if record is None:
        return state
    messages = tuple(one for one in state.messages if (one.message_id, one.content_sha256) not in record.messages)
    after = replace(
        state,
        **{name: getattr(event.standing, name) for name in event.standing.__struct_fields__},
        messages=messages,
        comments=tuple(one for one in state.comments if one.id not in record.comments),
        submissions=tuple(one for one in state.submissions if one.id not in record.submissions),
        last_at=latest(state.started_at, messages),
        absorbed=tuple(one for one in state.absorbed if one != record),
        parted=(*_without(state.parted, event.other), event.other),
    )
    return taken_back(after, event.undoes)[0]


def _restored(state: Conversation, event: ConversationRestored, recorded: Recorded) -> Conversation:
    """What it was, at the revision it has reached: what anybody saw of it before is no news, and no token of then counts."""
    del recorded
    whole = _read(event.state)
    return replace(whole, seq=state.seq, parted=(*_without(whole.parted, event.other), event.other))


def _waits(state: Conversation, event: MergeWaits, recorded: Recorded) -> Conversation:
    del recorded
    return replace(state, merges_waiting=(*_without(state.merges_waiting, event.other), event.other))


def _inbox(state: Conversation, event: InboxChanged, recorded: Recorded) -> Conversation:
    after = replace(state, inbox=event.after)
    return taken_back(after, event.undoes)[0] if event.undoes is not None else remembered(state, after, event, recorded)


def _moved_in(state: Conversation, event: ConversationMovedIn, recorded: Recorded) -> Conversation:
    """Nothing new to whoever followed it all along; who knows it from an earlier stay only has missed what happened elsewhere."""
    whole = _read(event.state)
    if (state.revision, state.inbox) == (whole.revision, whole.inbox):
        return state
    whole = replace(whole, seq=state.seq)
    if event.takes_back is not None:
        return taken_back(whole, event.takes_back)[0]
    # The event before it, which those of the old inbox were told.
    told = msgspec.structs.replace(recorded, seq=Seq(recorded.seq - 1))
    return remembered(whole, whole, InboxChanged(event.origin, whole.inbox, event.reason), told)


def _without(ids: tuple[ConversationId, ...], other: ConversationId) -> tuple[ConversationId, ...]:
    return tuple(one for one in ids if one != other)


MERGE_STEPS: dict[type[Event], Step] = {
    **SPLIT_STEPS,
    **dict(
        (
            on(ConversationMerged, _merged),
            on(ConversationAbsorbed, _absorbed),
            on(MergeWaits, _waits),
            on(ConversationParted, _parted),
            on(ConversationRestored, _restored),
            on(InboxChanged, _inbox),
            on(ConversationMovedIn, _moved_in),
        )
    ),
}
