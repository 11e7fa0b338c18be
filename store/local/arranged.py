"""Lists in another order than newest first: one part after another, each a list of its own that an index pages as it pages any other.

A list by owner is the list of each owner, one behind the other; one by urgency, the very urgent, the urgent, the rest. What is sorted is the
handful of parts, never the lines: a page costs a page, and a part that is empty one look into an index.

What no index cuts (words, tags, dates) would be looked through once a part: of such a list the newest `SORTED` lines are sorted, and no more.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from store.domain.ids import MemberKey, StatusKey
from store.domain.query import All, And, Field, Or, Query
from store.domain.saved_view import Arrangement, Grouping, Sort
from store.domain.status import IN_WORK_TRAY, Category, Urgency
from store.domain.team_facts import TeamFacts
from store.local.by_waiting import is_by_waiting, waiting_place
from store.local.expressions import names_junk
from store.local.rows import PageKey
from store.sqlite.connection import Connection, Row

SORTED = 500
"""Lines that are sorted where no index does it: whoever does not find it among these asks better."""
_BY_INDEX = frozenset({"owner", "status", "category", "urgency", "inbox"})
_IS_BY_INDEX = frozenset({"tray", "mine", "unowned", "flagged", "unread", "woken", "sent", *Category})

Rank = tuple[tuple[int, str], ...]
"""Where a part stands among the others."""
Stretch = Callable[[Query, PageKey | None, int, bool], list[Row]]
"""The next lines of a list from a place on; the last argument: upwards, to what is newer."""


def sorts_only_the_newest(query: Query, arrangement: Arrangement) -> bool:
    """Whether a list in this order ends with the newest `SORTED` lines."""
    if arrangement.sort is Sort.WAITING:
        return not is_by_waiting(query, arrangement)
    in_parts = arrangement.sort is Sort.URGENCY or arrangement.group in _BY_FIELD
    return in_parts and not all(_is_cut_by_index(part) for part in _parts_of(query))


def _is_cut_by_index(part: Query) -> bool:
    choices = part.parts if isinstance(part, Or) else (part,)
    fields = [one for one in choices if isinstance(one, Field)]
    return len(fields) == len(choices) and all(one.name in _BY_INDEX or (one.name == "is" and one.value in _IS_BY_INDEX) for one in fields)


class Part(NamedTuple):
    """One list of those that make up the whole."""

    rank: Rank
    query: Query


class Parts:
    """A list as it is arranged. Made inside the read that pages it."""

    def __init__(self, connection: Connection, query: Query, arrangement: Arrangement, me: MemberKey | None, team: TeamFacts) -> None:
        self._me = me
        self._query = query
        self._statuses = team.every_status()
        self._arrangement = arrangement
        self._oldest_first = arrangement.sort is Sort.OLDEST
        parts = [Part((), query)]
        for field, values in self._levels(connection):
            parts = [Part((*part.rank, self._rank(field, value)), _narrowed(part.query, field, value)) for part in parts for value in values]
        self._parts = sorted(parts, key=lambda part: part.rank)

    def sorted(self, lines: Sequence[Row], key_of: Callable[[Row], PageKey]) -> list[Row]:
        """Lines that are newest first, in this order instead."""
        by_time = list(reversed(lines)) if self._oldest_first else list(lines)
        if self._by_waiting:
            by_time.sort(key=lambda row: waiting_place(key_of(row)))
        return sorted(by_time, key=lambda row: self._rank_of(key_of(row)))

    def is_before(self, one: PageKey, other: PageKey) -> bool:
        """Whether one place stands above the other."""
        ranks = self._rank_of(one), self._rank_of(other)
        if ranks[0] != ranks[1]:
            return ranks[0] < ranks[1]
        if self._by_waiting and (places := (waiting_place(one), waiting_place(other)))[0] != places[1]:
            return places[0] < places[1]
        times = [((0, "") if key.last_at is None else (1, key.last_at.isoformat()), key.id) for key in (one, other)]
        return times[0] < times[1] if self._oldest_first else times[0] > times[1]

    def stretch(self, read: Stretch, key: PageKey | None, limit: int, *, upwards: bool) -> list[Row]:
        """At most so many lines from a place on, the nearest first."""
        rows: list[Row] = []
        place = None if key is None else self._rank_of(key)
        for part in reversed(self._parts) if upwards else self._parts:
            if place is not None and (part.rank > place if upwards else part.rank < place):
                continue
            rows += read(part.query, key if part.rank == place else None, limit - len(rows), upwards is not self._oldest_first)
            if len(rows) >= limit:
                break
        return rows

    def any_beyond(self, stands_there: Callable[[Query, PageKey, bool], bool], read: Stretch, key: PageKey, *, upwards: bool) -> bool:
        """Whether a line stands at a place or beyond it; `stands_there` says so of one part."""
        place = self._rank_of(key)
        here = (part for part in self._parts if part.rank == place)
        if any(stands_there(part.query, key, upwards is not self._oldest_first) for part in here):
            return True
        beyond = (part for part in self._parts if (part.rank < place if upwards else part.rank > place))
        return any(read(part.query, None, 1, upwards) for part in beyond)

    def _levels(self, connection: Connection) -> Iterable[tuple[str, Sequence[str]]]:
        if self._arrangement.group is Grouping.OWNER:
            yield "owner", tuple(value for value in ("", *_values(connection, "owner", "owner IS NOT NULL")) if self._may_own(value))
        elif self._arrangement.group is Grouping.STATUS:
            yield "status", tuple(value for value in _values(connection, "status", "shown >= 0") if self._may_have(value))
        if self._arrangement.sort is Sort.URGENCY:
            yield "urgency", tuple(urgency.name.lower() for urgency in Urgency)

    def _may_own(self, owner: str) -> bool:
        """Whether the query leaves room for it: else all that it does find would be looked through for each owner."""
        for part in _parts_of(self._query):
            if part == Field("is", "mine") and owner != self._me:
                return False
            if part == Field("is", "unowned") and owner:
                return False
            if isinstance(part, Field) and part.name == "owner" and part.value.casefold() != (owner or "none"):
                return False
        return True

    def _may_have(self, status: str) -> bool:
        """Junk is shown to those who ask for it; and to look through all that is done for what is in work would take as long as all of it."""
        known = self._statuses.get(StatusKey(status))
        category = known.category if known else Category.OPEN
        if category is Category.JUNK:
            return names_junk(self._query)
        parts = _parts_of(self._query)
        return category in IN_WORK_TRAY or (Field("is", "tray") not in parts and (category is not Category.DONE or Field("is", "mine") not in parts))

    def _rank(self, field: str, value: str) -> tuple[int, str]:
        if field == "owner":
            # What is mine, then what is nobody's, then what is others'.
            return (0 if value and value == self._me else 1 if not value else 2), value
        if field == "status":
            known = self._statuses.get(StatusKey(value))
            return (known.order if known else 0), value
        return -Urgency[value.upper()], value

    def _rank_of(self, key: PageKey) -> Rank:
        of = {"owner": key.owner or "", "status": key.status, "urgency": key.urgency.name.lower()}
        fields = [*([str(self._arrangement.group)] if self._arrangement.group in _BY_FIELD else []), *(["urgency"] if self._by_urgency else [])]
        return tuple(self._rank(field, of[field]) for field in fields)

    @property
    def _by_waiting(self) -> bool:
        return self._arrangement.sort is Sort.WAITING

    @property
    def _by_urgency(self) -> bool:
        return self._arrangement.sort is Sort.URGENCY


_BY_FIELD = frozenset({Grouping.OWNER, Grouping.STATUS})


def _values(connection: Connection, column: str, there: str) -> tuple[str, ...]:
    """What the column holds, each once: one look into its index a value, not one a line."""
    found: list[str] = []
    value: str | None = connection.value(f"SELECT min({column}) FROM conversation WHERE {there}")  # noqa: S608 - constants of this file
    while value is not None:
        found.append(value)
        value = connection.value(f"SELECT min({column}) FROM conversation WHERE {there} AND {column} > ?", (value,))  # noqa: S608 - the same
    return tuple(found)


def _parts_of(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, And) else () if query == All() else (query,)


def _narrowed(query: Query, field: str, value: str) -> Query:
    part = Field(field, value or "none")
    parts = _parts_of(query)
    if not value and Field("is", "tray") in parts:
        # Of what is nobody's and in work there is an index.
        part = Field("is", "unowned")
    return And((*parts, part)) if parts else part
