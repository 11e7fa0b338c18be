"""Which lines a list is made of, and by which index they are read: so that a page costs a page, whatever the list is of.

A list is cut from one view, or from a few stretches of one index that are merged (`status:new,hold`). Where words decide, their hits are
sorted when they are few; when they are many, the list is walked and each line is checked until the page is full.
"""

from collections.abc import Sequence
from math import isqrt
from typing import NamedTuple

from store.domain.query import All, And, Field, Not, Or, Query
from store.domain.query_dates import Span
from store.domain.query_due import NONE, due_span
from store.domain.status import Category
from store.local.by_time import BY_TIME, IN_ORDER, are_few
from store.local.conditions import NOBODY, TRUE, Around, Condition, all_of, condition, due_within, statuses_of
from store.local.expressions import OF_COMMENTS, Target, expression, names_field, names_junk, split
from store.sqlite.connection import Connection

CHECKS_A_HIT = 750
"""Checking a line costs about 15 times what fetching a hit does, for about 50 lines a page: with h hits of n lines, h² = 750 n is where both
take as long."""
FEWEST = 2_000
"""Fewer hits than this are always sorted."""


class Leg(NamedTuple):
    """One stretch of lines, in the order of the list: that of an index. `by` None: in no order."""

    by: str | None
    where: Condition

    @property
    def source(self) -> str:
        """FROM. SQLite's planner, which knows nothing of the LIMIT's worth, sometimes prefers to sort: say it."""
        return "conversation c" if self.by is None else f"conversation c INDEXED BY {self.by}"


class Selection(NamedTuple):
    """All lines of a list: those of `legs` for which `wanted` holds."""

    legs: tuple[Leg, ...]
    wanted: Condition
    counter: str | None = None
    """Where its length is kept, for the three views."""
    checking: Condition | None = None
    """Says the same as `wanted`, line by line: better as long as every few lines fit."""
    words: str | None = None
    """What the index is asked for, where the whole list depends on it, and it has many hits."""
    besides: Condition = TRUE
    """What is wanted besides the words."""


def select(connection: Connection, query: Query, around: Around) -> Selection:
    """How to read the list of a query."""
    base = _base(query, around)
    wanted = condition(base.rest, around)
    by_hits = Selection((Leg(None, _any_leg(base.legs)),), wanted)
    if _names_one(base.rest):
        return by_hits
    words, besides = split(base.rest, Target.MESSAGE)
    if isinstance(words, bool) or names_field(base.rest, OF_COMMENTS):
        # Of comments there are few: whatever is asked of them is sorted.
        return Selection(base.legs, wanted, base.counter) if base.rest == All() else by_hits
    if words is not None and _hits_are_few(connection, words):
        return by_hits
    if words is not None or _has_words(base.rest):
        checking = condition(base.rest, around.looking_at_each())
        legs = base.legs
        if legs[0].by == BY_TIME and not are_few(connection, legs[0].where, FEWEST):
            legs = (Leg(IN_ORDER, legs[0].where),)
        return Selection(legs, wanted, None, checking, words, condition(besides, around))
    return Selection(base.legs, wanted)


class _Base(NamedTuple):
    legs: tuple[Leg, ...]
    counter: str | None
    rest: Query


_JUNK = Leg("conversation_junk", Condition("c.shown = 0"))
_SHOWN = Leg("conversation_shown", Condition("c.shown = 1"))
_TRAY = Leg("conversation_tray", Condition("c.tray = 1"))


def _base(query: Query, around: Around) -> _Base:
    """The view a list is cut from, and what is left of the query. Junk is only shown to those who ask for it."""
    parts = query.parts if isinstance(query, And) else (query,)
    for narrow in (_mine, _owners_at_work, _narrow, _due, _owners, _statuses, _inbox_or_tray, _commented):
        for part in parts:
            if (found := narrow(part, parts, around)) is not None:
                legs, counter, used = found
                rest = _and(tuple(other for other in parts if other not in used))
                shown = () if names_junk(query) else (Condition("c.shown = 1"),)
                if legs[0].by not in {_TRAY.by, "conversation_mine", "conversation_unowned", BY_TIME}:
                    legs = tuple(Leg(leg.by, all_of([leg.where, *shown])) for leg in legs)
                return _Base(legs, counter, rest)
    if names_junk(query):
        return _Base((Leg(None, Condition("c.shown >= 0")),), None, query)
    return _Base((_SHOWN,), "shown", query)


_Found = tuple[tuple[Leg, ...], str | None, tuple[Query, ...]] | None
"""Legs, a counter, and the parts of the query that they answer."""


def _mine(part: Query, _parts: Sequence[Query], around: Around) -> _Found:
    if part == Field("is", "mine"):
        # Of nobody, before the server has said who sits here: nothing, and no line is looked at for it.
        return (Leg("conversation_mine", Condition("c.mine = ?", (around.me,))),), f"mine:{around.me}", (part,)
    return None


_NARROW = {
    Field("is", "unowned"): Leg("conversation_unowned", Condition("c.owner IS NULL AND c.tray = 1")),
    Field("is", "flagged"): Leg("conversation_flagged", Condition("c.flags <> ''")),
    Field("is", "outside"): Leg("conversation_flagged", Condition("c.flags <> '' AND instr(c.flags, 'answered_outside') > 0")),
    Field("is", "unread"): Leg("conversation_unread", Condition("c.unread = 1")),
    Field("is", "woken"): Leg("conversation_woken", Condition("c.woken = 1")),
    Field("is", "sent"): Leg("conversation_sent", Condition("c.sent = 1")),
    Field("is", "called"): Leg("conversation_called", Condition("c.called = 1")),
    Field("has", "comment"): Leg("conversation_commented", Condition("c.comments > 0")),
    Field("is", "pending"): Leg(None, Condition("c.pending = 1")),
    Field("urgency", "urgent"): Leg("conversation_urgent", Condition("c.urgency = 1 AND c.urgency > 0")),
    Field("urgency", "very_urgent"): Leg("conversation_urgent", Condition("c.urgency = 2 AND c.urgency > 0")),
}
"""What few lines are, each with an index of its own."""


def _narrow(part: Query, _parts: Sequence[Query], _around: Around) -> _Found:
    for one in _choices(part):
        if one in _NARROW:
            choices = dict.fromkeys(_choices(part))
            legs = tuple(_NARROW[each] for each in choices if each in _NARROW)
            return (legs, None, (part,)) if len(legs) == len(choices) and len({leg.by for leg in legs}) == 1 else None
    return None


def _due(part: Query, _parts: Sequence[Query], around: Around) -> _Found:
    """What is due at all is little; of several stretches of time all between, which `rest` then cuts."""
    if part == Field("has", "due"):
        return (Leg(BY_TIME, due_within(Span(None, None))),), None, (part,)
    spans = [due_span(one.value, around.now) for one in _choices(part) if isinstance(one, Field) and one.name == "due" and one.value != NONE]
    if len(spans) != len(_choices(part)):
        return None
    starts, ends = [one.start for one in spans], [one.end for one in spans]
    whole = Span(min(filter(None, starts)) if all(starts) else None, max(filter(None, ends)) if all(ends) else None)
    return (Leg(BY_TIME, due_within(whole)),), None, (part,) if len(spans) == 1 else ()


def _owners(part: Query, parts: Sequence[Query], _around: Around) -> _Found:
    choices = _choices(part)
    if not all(_names_owner(one) for one in choices):
        return None
    owners = dict.fromkeys(one.value.casefold() for one in choices if isinstance(one, Field))
    if Field("is", "tray") in parts:
        # What is in work alone: an owner of years has finished many more.
        return tuple(Leg("conversation_mine", Condition("c.mine = ?", (owner,))) for owner in owners), None, (part,)
    return tuple(Leg("conversation_owner", Condition("c.owner = ?", (owner,))) for owner in owners), None, (part,)


def _owners_at_work(part: Query, parts: Sequence[Query], around: Around) -> _Found:
    # Before what is urgent or unread: an owner has few in work.
    return _owners(part, parts, around) if Field("is", "tray") in parts else None


def _names_owner(part: Query) -> bool:
    return isinstance(part, Field) and part.name == "owner" and part.value.casefold() not in NOBODY and part.value != "me"


def _statuses(part: Query, _parts: Sequence[Query], _around: Around) -> _Found:
    statuses: list[str] = []
    categories: list[str] = []
    for one in _choices(part):
        if not isinstance(one, Field):
            return None
        if one.name == "status":
            statuses.append(one.value)
        elif one.name == "category" or (one.name == "is" and one.value in frozenset(Category)):
            statuses.extend(statuses_of(one.value))
            categories.append(one.value)
        else:
            return None
    if not statuses:
        return None
    if set(statuses) == {"junk"} == set(categories):
        return (_JUNK,), None, (part,)
    legs = [Leg("conversation_status", Condition("c.status = ? AND c.shown >= 0", (key,))) for key in dict.fromkeys(statuses)]
    own = [Leg("conversation_own_status", Condition("c.own_category = ? AND c.shown >= 0", (key,))) for key in dict.fromkeys(categories)]
    return (*legs, *own), None, (part,)


def _inbox_or_tray(part: Query, parts: Sequence[Query], _around: Around) -> _Found:
    tray = Field("is", "tray")
    if part == tray and not any(_is_inbox(other) for other in parts):
        return (_TRAY,), "tray", (part,)
    if _is_inbox(part) and isinstance(part, Field):
        trays = (1,) if tray in parts else (0, 1)
        legs = tuple(Leg("conversation_inbox", Condition("c.inbox = ? AND c.tray = ? AND c.shown >= 0", (part.value, one))) for one in trays)
        return legs, None, (part, tray)
    return None


def _commented(part: Query, _parts: Sequence[Query], _around: Around) -> _Found:
    # Who is named is named in a comment, and few conversations have one; whether it is so is still asked of each.
    named = isinstance(part, Field) and (part.name == "mentions" or part == Field("is", "mentioned"))
    return ((Leg("conversation_commented", Condition("c.comments > 0")),), None, ()) if named else None


def _is_inbox(part: Query) -> bool:
    return isinstance(part, Field) and part.name == "inbox"


def _choices(part: Query) -> tuple[Query, ...]:
    return part.parts if isinstance(part, Or) else (part,)


def _any_leg(legs: Sequence[Leg]) -> Condition:
    sql = " OR ".join(f"({leg.where.sql})" for leg in legs)
    return Condition(f"({sql})", tuple(value for leg in legs for value in leg.where.params))


def _and(parts: tuple[Query, ...]) -> Query:
    match parts:
        case ():
            return All()
        case (only,):
            return only
    return And(parts)


def _names_one(query: Query) -> bool:
    # `#12`: a number has an index of its own.
    return any(isinstance(part, Field) and part.name == "number" for part in (query.parts if isinstance(query, And) else (query,)))


def _has_words(query: Query) -> bool:
    match query:
        case And(parts=parts) | Or(parts=parts):
            return any(_has_words(part) for part in parts)
        case Not(part=part):
            return _has_words(part)
    return isinstance(expression(query, Target.MESSAGE), str)


def _hits_are_few(connection: Connection, words: str) -> bool:
    lines: int = connection.value("SELECT conversations FROM counter WHERE view = 'shown'") or 0
    few = max(FEWEST, isqrt(CHECKS_A_HIT * lines))
    sql = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return int(connection.value(sql, (words, few + 1))) <= few
