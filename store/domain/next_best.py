"""Which conversation one should do now: one's own first, then who calls or is back from hold, then urgency, what is due, who waits longest.

Members have no skills yet, so nothing is weighed by them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from store.domain.ids import ConversationId, MemberKey
from store.domain.status import Category, Urgency

_NEVER = datetime.max.replace(tzinfo=UTC)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Waiting(Protocol):
    """What must be known of a conversation; `store.local`'s ConversationRow is one."""

    @property
    def id(self) -> ConversationId: ...
    @property
    def category(self) -> Category: ...
    @property
    def owner(self) -> MemberKey | None: ...
    @property
    def urgency(self) -> Urgency: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def last_at(self) -> datetime | None: ...
    @property
    def lease_by(self) -> MemberKey | None: ...
    @property
    def mentions_me(self) -> bool: ...
    @property
    def woken(self) -> bool: ...


One = TypeVar("One", bound=Waiting)


class Why(StrEnum):
    """What brought a conversation to the top."""

    OWN = "own"
    CALLED = "called"
    WOKEN = "woken"
    URGENT = "urgent"
    DUE = "due"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Best:
    """A conversation's place: smaller comes first."""

    order: tuple[bool, bool, int, datetime, datetime, str]
    why: tuple[Why, ...]


def may_be_next(one: Waiting, me: MemberKey) -> bool:
    """Whether it is this member's to do: in work, nobody's or their own, and no colleague is writing in it."""
    return one.category is Category.OPEN and one.owner in {None, me} and one.lease_by in {None, me}


def placed(one: Waiting, me: MemberKey) -> Best:
    """Where it stands among others, and why."""
    facts = (
        (one.owner == me, Why.OWN),
        (one.mentions_me, Why.CALLED),
        (one.woken, Why.WOKEN),
        (one.urgency is not Urgency.NORMAL, Why.URGENT),
        (one.due_at is not None, Why.DUE),
    )
    calls = one.mentions_me or one.woken
    order = (one.owner != me, not calls, -int(one.urgency), one.due_at or _NEVER, one.last_at or _LONG_AGO, one.id)
    return Best(order, (*(why for is_so, why in facts if is_so), Why.OLDEST))


def ranked(candidates: Iterable[One], me: MemberKey, passed: Collection[ConversationId] = ()) -> tuple[One, ...]:
    """Those this member may do, the best first; `passed` were offered already, and come no more."""
    fitting = {one.id: one for one in candidates if may_be_next(one, me) and one.id not in passed}
    return tuple(sorted(fitting.values(), key=lambda one: placed(one, me).order))
