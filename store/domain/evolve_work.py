"""The steps of the fold that are about work: status, owner, urgency, comments."""

from msgspec.structs import replace

from store.domain.conversation import Comment, Conversation
from store.domain.events import (
    CommentAdded,
    CommentRemoved,
    Event,
    OwnerChanged,
    OwnerSuggested,
    Recorded,
    StatusChanged,
    UrgencyChanged,
)
from store.domain.evolve_steps import TO_LOOK_AT, Step, flagged, on, remembered, taken_back, unflagged
from store.domain.ids import Seq
from store.domain.status import Category, category_of
from store.domain.table import Happening


def _status(state: Conversation, event: StatusChanged, recorded: Recorded) -> Conversation:
    if event.undoes is not None:
        return _status_back(state, event, event.undoes)
    finished = category_of(event.after) is Category.DONE and category_of(event.before) is not Category.DONE
    gone = TO_LOOK_AT if event.by_hand else ("answered_outside",) if event.reason == Happening.ANSWERED_OUTSIDE else ()
    after = replace(
        _unless_composing(state, event),
        status=event.after,
        status_reason=event.reason,
        wake_at=event.until,
        done_at=recorded.at if finished else state.done_at,
        flags=unflagged(state.flags, gone),
    )
    return remembered(state, after, event, recorded) if event.by_hand else after


def _status_back(state: Conversation, event: StatusChanged, undone: Seq) -> Conversation:
    """An undo puts back what the action swept away; flags that came since stay."""
    without, prior = taken_back(_unless_composing(state, event), undone)
    back = replace(without, status=event.after, status_reason=event.reason, wake_at=event.until)
    if prior is None:
        return back
    flags = back.flags
    for flag in prior.flags:
        flags = flagged(flags, flag)
    return replace(back, status_reason=prior.status_reason, wake_at=prior.wake_at, done_at=prior.done_at, flags=flags)


def _unless_composing(state: Conversation, event: StatusChanged) -> Conversation:
    """Keep what an empty composer goes back to up to date: whatever moves meanwhile is not the composer's to take back."""
    if state.lease_before is None or (event.reason == Happening.COMPOSER_OPENED and not event.by_hand):
        return state
    return replace(state, lease_before=replace(state.lease_before, status=event.after))


def _owner(state: Conversation, event: OwnerChanged, recorded: Recorded) -> Conversation:
    after = replace(state, owner=event.after, suggested_owner=None if event.after is not None else state.suggested_owner)
    if after.lease_before is not None and (event.reason != Happening.COMPOSER_OPENED or event.by_hand):
        after = replace(after, lease_before=replace(after.lease_before, owner=event.after))
    if event.undoes is not None:
        without, prior = taken_back(after, event.undoes)
        return replace(without, suggested_owner=prior.suggested_owner) if prior else without
    return remembered(state, after, event, recorded) if event.by_hand else after


def _suggested(state: Conversation, event: OwnerSuggested, recorded: Recorded) -> Conversation:
    del recorded
    return replace(state, suggested_owner=event.owner)


def _urgency(state: Conversation, event: UrgencyChanged, recorded: Recorded) -> Conversation:
    after = replace(state, urgency=event.after)
    return taken_back(after, event.undoes)[0] if event.undoes is not None else remembered(state, after, event, recorded)


def _comment(state: Conversation, event: CommentAdded, recorded: Recorded) -> Conversation:
    comment = Comment(event.comment_id, state.revision, recorded.seq, recorded.by, recorded.at, event.text, event.mentions)
    return remembered(state, replace(state, comments=(*state.comments, comment)), event, recorded)


def _comment_gone(state: Conversation, event: CommentRemoved, recorded: Recorded) -> Conversation:
    del recorded
    after = replace(state, comments=tuple(comment for comment in state.comments if comment.id != event.comment_id))
    return taken_back(after, event.undoes)[0] if event.undoes is not None else after


WORK_STEPS: dict[type[Event], Step] = dict(
    (
        on(StatusChanged, _status),
        on(OwnerChanged, _owner),
        on(OwnerSuggested, _suggested),
        on(UrgencyChanged, _urgency),
        on(CommentAdded, _comment),
        on(CommentRemoved, _comment_gone),
    )
)
