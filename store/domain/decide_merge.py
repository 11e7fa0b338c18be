"""Two conversations that turned out to be of one thread become one: which survives, and as what. Pure."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import (
    ConversationAbsorbed,
    ConversationEvent,
    ConversationMerged,
    DueSet,
    LegalHoldChanged,
    MergeWaits,
    OwnerChanged,
    StatusChanged,
    UrgencyChanged,
)
from store.domain.standing import Standing
from store.domain.status import FINISHED, NEW, Category, category_of
from store.domain.table import Happening

_OPENNESS = (Category.OPEN, Category.CHECK, Category.OUTBOX, Category.WAITING, Category.DONE, Category.JUNK)


class Merge(NamedTuple):
    """The events of the one that ends, and of the one that stays; to be journaled in this order."""

    goes: Conversation
    stays: Conversation
    of_goes: tuple[ConversationEvent, ...]
    of_stays: tuple[ConversationEvent, ...]


def is_free(state: Conversation) -> bool:
    """Whether nobody writes there and nothing is on its way."""
    return state.lease is None and state.claim is None


def merge(one: Conversation, other: Conversation, *, by_hand: bool = False) -> Merge:
    """The lower number stays, with the more open status, the higher urgency, the earlier due time and the older owner.

    While somebody writes in either, both only note that they belong together; who writes would lose their token. Mail alone never brings
    together what people parted.
    """
    stays, goes = sorted((one, other), key=lambda state: state.number)
    if not by_hand and (goes.id in stays.parted or stays.id in goes.parted):
        return Merge(goes, stays, (), ())
    if not (is_free(stays) and is_free(goes)):
        noted = goes.id in stays.merges_waiting and stays.id in goes.merges_waiting
        return Merge(goes, stays, () if noted else (MergeWaits(stays.id, stays.number),), () if noted else (MergeWaits(goes.id, goes.number),))
    absorbed = ConversationAbsorbed(
        goes.id, goes.number, goes.messages, goes.comments, goes.submissions, goes.tags, goes.flags, goes.folder, by_hand=by_hand
    )
    return Merge(goes, stays, (ConversationMerged(stays.id, stays.number),), (absorbed, *_as(stays.standing(), goes.standing()), *_held(stays, goes)))


def standing_together(stays: Standing, goes: Standing) -> Standing:
    """Status, owner, urgency, folder and due time of the whole."""
    theirs = _takes_theirs(stays, goes)
    status = goes if theirs else stays
    return msgspec.structs.replace(
        stays,
        status=status.status,
        own_category=status.own_category,
        status_reason=Happening.MERGED.value if theirs else stays.status_reason,
        wake_at=status.wake_at,
        owner=stays.owner or goes.owner,
        suggested_owner=None if stays.owner is None and goes.owner is not None else stays.suggested_owner,
        urgency=max(stays.urgency, goes.urgency),
        folder=stays.folder or goes.folder,
        due_at=_sooner(stays, goes),
        follow_up_of=stays.follow_up_of,
    )


def _as(stays: Standing, goes: Standing) -> tuple[ConversationEvent, ...]:
    """Status, owner, urgency and due time of the whole, where they are not those of the one that stays."""
    whole = standing_together(stays, goes)
    changes: list[ConversationEvent] = []
    if _takes_theirs(stays, goes):
        told = goes.wake_notify or (goes.held_by if whole.owner is None else None)
        changes.append(StatusChanged(stays.status, whole.status, Happening.MERGED.value, whole.wake_at, notify=told, own_category=whole.own_category))
    if whole.owner != stays.owner:
        changes.append(OwnerChanged(stays.owner, whole.owner, reason=Happening.MERGED.value))
    if whole.urgency != stays.urgency:
        changes.append(UrgencyChanged(stays.urgency, whole.urgency, follows=True))
    if whole.due_at != stays.due_at:
        changes.append(DueSet(stays.due_at, whole.due_at, follows=True))
    return tuple(changes)


def _sooner(stays: Standing, goes: Standing) -> datetime | None:
    """The earlier of their due times; that of a finished one only where both are."""
    in_work = [one for one in (stays, goes) if _category(one) not in FINISHED]
    return min((one.due_at for one in in_work or (stays, goes) if one.due_at is not None), default=None)


def _category(one: Standing) -> Category:
    return one.own_category or category_of(one.status)


def _held(stays: Conversation, goes: Conversation) -> tuple[LegalHoldChanged, ...]:
    """Whoever joins two lifts no legal hold by it."""
    return (LegalHoldChanged(on=True, reason=Happening.MERGED.value),) if goes.legal_hold and not stays.legal_hold else ()


def _takes_theirs(stays: Standing, goes: Standing) -> bool:
    """Whether the status of the whole is that of the one that ends: the more open one."""
    first, second = (_OPENNESS.index(_category(one)) for one in (stays, goes))
    # In work at one of them is in work; New would offer it to everybody.
    return goes.status != stays.status and (second < first or (second == first and stays.status == NEW))
