"""Lists: pages by keyset on the indexes of `selection`, counts from counters, and the lines as they are shown."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from store.clock import local_now
from store.domain.ids import ConversationId
from store.domain.query import Query
from store.domain.saved_view import PLAIN, Arrangement
from store.local.arranged import SORTED, Parts, sorts_only_the_newest
from store.local.by_time import BY_TIME, lines_by_time
from store.local.by_waiting import ByWaiting, is_by_waiting, not_waiting
from store.local.conditions import Around, Condition, all_of, condition
from store.local.conversations import now_called
from store.local.counting import counted, counted_up_to
from store.local.expressions import Target, sayable
from store.local.files import Presences
from store.local.listed import COLUMNS, Beside, key_of, line_of
from store.local.lookup import resolve
from store.local.people import load_team
from store.local.rows import ConversationRow, Page, PageKey
from store.local.selection import Leg, Selection, select
from store.local.shelf import Shelf
from store.local.times import micros, moment
from store.sqlite.connection import Connection, Row, SqlValue

CHECKED_AT_MOST = 1_000
"""Lines that are checked against the index before all its hits are fetched instead."""
CHECKED_FIRST = 4
"""Pages of lines that are checked before so many."""


class ListShelf(Shelf, Protocol):
    """The databases of a home as lists need them; `store.local.files.Files` is one."""

    presences: Presences


class Lists:
    """What the list screens read. `now` says the time in the zone of whoever reads: what `today` means."""

    def __init__(self, files: ListShelf, now: Callable[[], datetime] = local_now) -> None:
        self._files = files
        self._now = now

    def page(
        self, query: Query, *, limit: int, after: PageKey | None, before: PageKey | None, from_end: bool, arrangement: Arrangement = PLAIN
    ) -> Page:
        """See `LocalStore.page`."""
        beside = self._beside()

        def work(connection: Connection) -> Page:
            list_ = self._list(connection, query, arrangement, beside)
            upwards = from_end or before is not None
            key = before if before is not None else after
            rows = list_.stretch(None if from_end else key, limit + 1, upwards=upwards)
            more = len(rows) > limit
            rows = rows[:limit]
            behind = bool(key and not from_end and list_.any_beyond(key, upwards=not upwards))
            if upwards:
                rows.reverse()
            lines = tuple(line_of(row, beside) for row in rows)
            return Page(lines, more_before=more if upwards else behind, more_after=behind if upwards else more)

        return self._files.read(work)

    def ids(self, query: Query, *, newest: PageKey | None, oldest: PageKey | None, limit: int) -> tuple[PageKey, ...]:
        """See `LocalStore.ids`."""
        bounds = [(key, sign) for key, sign in ((newest, "<="), (oldest, ">=")) if key is not None]
        place = all_of([Condition(f"(c.last_at, c.id) {sign} (?, ?)", _at(key)) for key, sign in bounds] or [Condition("1")])

        def work(connection: Connection) -> tuple[PageKey, ...]:
            rows = _read(connection, self._selection(connection, query, self._beside()), "c.id, c.last_at", place, limit, upwards=False)
            return tuple(PageKey(moment(last_at), ConversationId(id_)) for id_, last_at in rows)

        return self._files.read(work)

    def position(self, query: Query, key: PageKey) -> int:
        """How many lines of the list stand before this place."""

        def work(connection: Connection) -> int:
            return counted(connection, self._selection(connection, query, self._beside()), " AND (c.last_at, c.id) > (?, ?)", _at(key))

        return self._files.read(work)

    def count(self, query: Query, most: int | None) -> int:
        """The length of the list; above `most` it is not counted on."""

        def work(connection: Connection) -> int:
            selection = self._selection(connection, query, self._beside())
            if selection.counter is not None:
                length: int = connection.value("SELECT conversations FROM counter WHERE view = ?", (selection.counter,)) or 0
                return length
            return counted(connection, selection) if most is None else counted_up_to(connection, selection, most)

        return self._files.read(work)

    def row(self, conversation_id: ConversationId) -> ConversationRow | None:
        """One line."""
        sql = f"SELECT {COLUMNS} FROM conversation c WHERE c.id = ? AND c.shown >= 0"
        found = self._files.read(lambda connection: connection.one(sql, (now_called(connection, conversation_id),)))
        return None if found is None else line_of(found, self._beside())

    def fulfils(self, query: Query, conversation_id: ConversationId) -> bool:
        """Whether a conversation is one of those that the query, or a part of it, asks for."""

        def work(connection: Connection) -> bool:
            wanted = condition(sayable(query), self._around(self._beside()))
            sql = f"SELECT 1 FROM conversation c WHERE c.id = ? AND c.shown >= 0 AND {wanted.sql}"
            return connection.one(sql, (now_called(connection, conversation_id), *wanted.params)) is not None

        return self._files.read(work)

    def rows(self, conversation_ids: Sequence[ConversationId]) -> tuple[ConversationRow, ...]:
        """These lines, in this order."""
        sql = f"SELECT {COLUMNS} FROM conversation c WHERE c.id = ?"
        beside = self._beside()
        found = self._files.read(lambda connection: [row for each in conversation_ids for row in connection.execute(sql, (each,))])
        return tuple(line_of(row, beside) for row in found)

    def resolve(self, text: str) -> ConversationId | None:
        """See `store.local.lookup.resolve`."""
        return self._files.read(lambda connection: resolve(connection, text))

    def _list(self, connection: Connection, query: Query, arrangement: Arrangement, beside: Beside) -> "_Plain | _Parted | _Sorted | ByWaiting":
        if arrangement.is_plain:
            return _Plain(connection, self._selection(connection, query, beside))
        if is_by_waiting(query, arrangement):
            selection = self._selection(connection, query, beside)
            return ByWaiting(connection, selection, COLUMNS, _Plain(connection, not_waiting(selection)))
        parts = Parts(connection, query, arrangement, beside.me, load_team(connection))
        if sorts_only_the_newest(query, arrangement):
            newest = _Plain(connection, self._selection(connection, query, beside)).stretch(None, SORTED, upwards=False)
            return _Sorted(parts, tuple(parts.sorted(newest, key_of)))
        return _Parted(parts, lambda each: _Plain(connection, self._selection(connection, each, beside)))

    def _beside(self) -> Beside:
        drafts = self._files.kept(lambda connection: connection.execute("SELECT conversation_id FROM draft"))
        return Beside(self._files.me, frozenset(row[0] for row in drafts), self._files.presences)

    def _selection(self, connection: Connection, query: Query, beside: Beside) -> Selection:
        return select(connection, sayable(query), self._around(beside))

    def _around(self, beside: Beside) -> Around:
        return Around(beside.me, Target.CONVERSATION, self._now(), tuple(beside.drafts))


def _at(key: PageKey) -> tuple[SqlValue, SqlValue]:
    return micros(key.last_at), key.id


class _Plain(NamedTuple):
    """A list, newest first, inside one read."""

    connection: Connection
    selection: Selection

    def stretch(self, key: PageKey | None, limit: int, *, upwards: bool) -> list[Row]:
        """The next lines from a place on; of several legs the lines of all, merged."""
        place = Condition("1") if key is None else Condition(f"(c.last_at, c.id) {'>' if upwards else '<'} (?, ?)", _at(key))
        return _read(self.connection, self.selection, COLUMNS, place, limit, upwards=upwards)

    def any_beyond(self, key: PageKey, *, upwards: bool) -> bool:
        """Whether a line stands there, or beyond: the place itself counts, it is the line the caller has."""
        place = Condition(f"(c.last_at, c.id) {'>=' if upwards else '<='} (?, ?)", _at(key))
        return bool(_read(self.connection, self.selection, "c.id, c.last_at", place, 1, upwards=upwards))


class _Sorted(NamedTuple):
    """The newest lines of a list, in another order; there are no more."""

    parts: Parts
    lines: tuple[Row, ...]

    def stretch(self, key: PageKey | None, limit: int, *, upwards: bool) -> list[Row]:
        """The next lines from a place on."""
        lines = self.lines if key is None else [line for line in self.lines if self._is_beyond(key_of(line), key, upwards=upwards)]
        return list(reversed(lines))[:limit] if upwards else list(lines)[:limit]

    def any_beyond(self, key: PageKey, *, upwards: bool) -> bool:
        """Whether a line stands there, or beyond."""
        return any(line[0] == key.id or self._is_beyond(key_of(line), key, upwards=upwards) for line in self.lines)

    def _is_beyond(self, one: PageKey, key: PageKey, *, upwards: bool) -> bool:
        return self.parts.is_before(one, key) if upwards else self.parts.is_before(key, one)


class _Parted(NamedTuple):
    """A list in parts, inside one read."""

    parts: Parts
    part: Callable[[Query], _Plain]

    def stretch(self, key: PageKey | None, limit: int, *, upwards: bool) -> list[Row]:
        """The next lines from a place on, over the ends of its part."""
        return self.parts.stretch(self._read, key, limit, upwards=upwards)

    def any_beyond(self, key: PageKey, *, upwards: bool) -> bool:
        """Whether a line stands there, or beyond."""
        return self.parts.any_beyond(lambda query, place, up: self.part(query).any_beyond(place, upwards=up), self._read, key, upwards=upwards)

    def _read(self, query: Query, key: PageKey | None, limit: int, upwards: bool) -> list[Row]:  # noqa: FBT001 - `arranged.Stretch`
        return self.part(query).stretch(key, limit, upwards=upwards)


def _read(connection: Connection, selection: Selection, columns: str, place: Condition, limit: int, *, upwards: bool) -> list[Row]:
    direction = "ASC" if upwards else "DESC"
    order = f"ORDER BY c.last_at {direction}, c.id {direction}"
    in_order = f"{order} LIMIT ?"
    if selection.checking is not None:
        for lines in sorted({min(CHECKED_FIRST * limit, CHECKED_AT_MOST), CHECKED_AT_MOST}):
            in_reach = Condition(f"{place.sql} {in_order}", (*place.params, lines))
            rows = [row for leg in selection.legs for row in _checked(connection, leg, selection.checking, columns, in_reach, limit)]
            if len(rows) >= limit:
                return _merged(rows, limit, upwards=upwards)
    rows = []
    for leg in selection.legs:
        if leg.by == BY_TIME:
            rows += lines_by_time(connection, leg.where, selection.wanted, columns, place, order, limit)
            continue
        sql = f"SELECT {columns} FROM {leg.source} WHERE {leg.where.sql} AND {selection.wanted.sql} AND {place.sql} {in_order}"
        rows += connection.execute(sql, (*leg.where.params, *selection.wanted.params, *place.params, limit))
    return rows if len(selection.legs) == 1 else _merged(rows, limit, upwards=upwards)


def _checked(connection: Connection, leg: Leg, checking: Condition, columns: str, in_reach: Condition, limit: int) -> list[Row]:
    """Lines of a leg that fit, as they come; of those `in_reach` only."""
    sql = (
        f"WITH first AS MATERIALIZED (SELECT c.n AS line FROM {leg.source} WHERE {leg.where.sql} AND {in_reach.sql}), "
        "reach AS MATERIALIZED (SELECT min(x.n) AS oldest FROM first CROSS JOIN message x ON x.conversation = first.line) "
        f"SELECT {columns} FROM first CROSS JOIN conversation c ON c.n = first.line WHERE {checking.sql} LIMIT ?"
    )
    return connection.execute(sql, (*leg.where.params, *in_reach.params, *checking.params, limit))


def _merged(rows: list[Row], limit: int, *, upwards: bool) -> list[Row]:
    rows.sort(key=lambda row: (row[1], row[0]), reverse=not upwards)
    return rows[:limit]
