"""The steps of the fold that are about work: status, owner, urgency, tags, folder, due time, followers."""

from msgspec.structs import replace

from store.domain.conversation import Conversation
from store.domain.events import (
    DueSet,
    Event,
    FolderChanged,
    FollowerAdded,
    FollowerRemoved,
    OwnerChanged,
    OwnerSuggested,
    Recorded,
    StatusChanged,
    TagsChanged,
    UrgencyChanged,
)
from store.domain.evolve_steps import TO_LOOK_AT, Step, flagged, on, remembered, taken_back, unflagged
from store.domain.facts import Follower, Woken
from store.domain.ids import MemberKey, Seq
from store.domain.status import Category, category_of
from store.domain.table import Happening

WAKES = frozenset({Happening.WAKE_TIME.value, Happening.CUSTOMER_WROTE.value, Happening.BOUNCED.value})
"""What ends a hold without anybody's hand."""


def _status(state: Conversation, event: StatusChanged, recorded: Recorded) -> Conversation:
    if event.undoes is not None:
        return _status_back(state, event, event.undoes)
    finished = (event.own_category or category_of(event.after)) is Category.DONE and state.category is not Category.DONE
    gone = TO_LOOK_AT if event.by_hand else ("answered_outside",) if event.reason == Happening.ANSWERED_OUTSIDE else ()
    after = replace(
        _unless_composing(state, event),
        status=event.after,
        own_category=event.own_category,
        status_reason=event.reason,
        wake_at=event.until,
        wake_notify=event.notify if event.until is not None else None,
        held_by=recorded.by if event.until is not None and event.by_hand else None,
        woken=_woken(state, event, recorded),
        done_at=recorded.at if finished else state.done_at,
        flags=unflagged(state.flags, gone),
    )
    return remembered(state, after, event, recorded) if event.by_hand else after


def _status_back(state: Conversation, event: StatusChanged, undone: Seq) -> Conversation:
    """An undo puts back what the action swept away; flags that came since stay."""
    without, prior = taken_back(_unless_composing(state, event), undone)
    back = replace(
        without, status=event.after, own_category=event.own_category, status_reason=event.reason, wake_at=event.until, wake_notify=None, woken=None
    )
    if prior is None:
        return back
    flags = back.flags
    for flag in prior.flags:
        flags = flagged(flags, flag)
    held = replace(back, wake_at=prior.wake_at, wake_notify=prior.wake_notify, held_by=prior.held_by, woken=prior.woken)
    return replace(held, status_reason=prior.status_reason, done_at=prior.done_at, flags=flags)


def _woken(state: Conversation, event: StatusChanged, recorded: Recorded) -> Woken | None:
    if event.notify is None or event.by_hand or event.reason not in WAKES:
        return None
    return Woken(state.revision, recorded.at, event.notify, event.reason)


def _unless_composing(state: Conversation, event: StatusChanged) -> Conversation:
    """Keep what an empty composer goes back to up to date: whatever moves meanwhile is not the composer's to take back."""
    if state.lease_before is None or (event.reason == Happening.COMPOSER_OPENED and not event.by_hand):
        return state
    return replace(state, lease_before=replace(state.lease_before, status=event.after, own_category=event.own_category))


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
    if event.undoes is not None:
        return taken_back(after, event.undoes)[0]
    return after if event.follows else remembered(state, after, event, recorded)


def _tags(state: Conversation, event: TagsChanged, recorded: Recorded) -> Conversation:
    kept = tuple(tag for tag in state.tags if tag not in event.removed)
    after = replace(state, tags=tuple(dict.fromkeys((*kept, *event.added))))
    if event.undoes is None:
        return remembered(state, after, event, recorded)
    without, prior = taken_back(after, event.undoes)
    # In the order they had, as far as they are still there.
    order = {tag: at for at, tag in enumerate(prior.tags)} if prior else {}
    return replace(without, tags=tuple(sorted(without.tags, key=lambda tag: order.get(tag, len(order)))))


def _folder(state: Conversation, event: FolderChanged, recorded: Recorded) -> Conversation:
    after = replace(state, folder=event.after)
    return taken_back(after, event.undoes)[0] if event.undoes is not None else remembered(state, after, event, recorded)


def _due(state: Conversation, event: DueSet, recorded: Recorded) -> Conversation:
    after = replace(state, due_at=event.after)
    if event.undoes is not None:
        return taken_back(after, event.undoes)[0]
    return after if event.follows else remembered(state, after, event, recorded)


def _follows(state: Conversation, event: FollowerAdded, recorded: Recorded) -> Conversation:
    others = tuple(one for one in state.followers if one.member != event.member)
    follower = Follower(event.member, recorded.by, event.helping)
    if event.undoes is None:
        return remembered(state, replace(state, followers=(*others, follower)), event, recorded)
    without, prior = taken_back(state, event.undoes)
    return replace(without, followers=_as_were(prior.followers if prior else (), event.member, others, follower))


def _as_were(before: tuple[Follower, ...], back: MemberKey, others: tuple[Follower, ...], otherwise: Follower) -> tuple[Follower, ...]:
    """The one who is back at the place and with the words they had."""
    place = {one.member: at for at, one in enumerate(before)}
    found = next((one for one in before if one.member == back), otherwise)
    return tuple(sorted((*others, found), key=lambda one: place.get(one.member, len(place))))


def _follows_no_more(state: Conversation, event: FollowerRemoved, recorded: Recorded) -> Conversation:
    after = replace(state, followers=tuple(one for one in state.followers if one.member != event.member))
    return taken_back(after, event.undoes)[0] if event.undoes is not None else remembered(state, after, event, recorded)


WORK_STEPS: dict[type[Event], Step] = dict(
    (
        on(StatusChanged, _status),
        on(OwnerChanged, _owner),
        on(OwnerSuggested, _suggested),
        on(UrgencyChanged, _urgency),
        on(TagsChanged, _tags),
        on(FolderChanged, _folder),
        on(DueSet, _due),
        on(FollowerAdded, _follows),
        on(FollowerRemoved, _follows_no_more),
    )
)
