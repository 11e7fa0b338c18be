"""Two conversations that turned out to be of one thread become one: which survives, and as what. Pure."""

from typing import NamedTuple

from store.domain.conversation import Conversation
from store.domain.events import ConversationAbsorbed, ConversationEvent, ConversationMerged, MergeWaits, OwnerChanged, StatusChanged, UrgencyChanged
from store.domain.ids import MemberKey, StatusKey
from store.domain.status import NEW, Category
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


def merge(one: Conversation, other: Conversation) -> Merge:
    """The lower number stays, with the more open status, the higher urgency and the older owner.

    While somebody writes in either, both only note that they belong together; who writes would lose their token.
    """
    stays, goes = sorted((one, other), key=lambda state: state.number)
    if not (is_free(stays) and is_free(goes)):
        noted = goes.id in stays.merges_waiting and stays.id in goes.merges_waiting
        return Merge(goes, stays, () if noted else (MergeWaits(stays.id, stays.number),), () if noted else (MergeWaits(goes.id, goes.number),))
    absorbed = ConversationAbsorbed(goes.id, goes.number, goes.messages, goes.comments, goes.submissions, goes.tags, goes.flags)
    return Merge(goes, stays, (ConversationMerged(stays.id, stays.number),), (absorbed, *_as(stays, goes)))


def _as(stays: Conversation, goes: Conversation) -> tuple[ConversationEvent, ...]:
    """Status, owner and urgency of the whole, where they are not those of the one that stays."""
    changes: list[ConversationEvent] = []
    status = _status(stays, goes)
    if status != stays.status:
        until = goes.wake_at if status == goes.status else None
        changes.append(StatusChanged(stays.status, status, reason=Happening.MERGED.value, until=until, own_category=goes.own_category))
    owner = _owner(stays, goes)
    if owner != stays.owner:
        changes.append(OwnerChanged(stays.owner, owner, reason=Happening.MERGED.value))
    if goes.urgency > stays.urgency:
        changes.append(UrgencyChanged(stays.urgency, goes.urgency))
    return tuple(changes)


def _status(stays: Conversation, goes: Conversation) -> StatusKey:
    first, second = _OPENNESS.index(stays.category), _OPENNESS.index(goes.category)
    if second < first:
        return goes.status
    # In work at one of them is in work; New would offer it to everybody.
    return goes.status if second == first and stays.status == NEW else stays.status


def _owner(stays: Conversation, goes: Conversation) -> MemberKey | None:
    return stays.owner or goes.owner
