"""Lists: pages by keyset on partial indexes, counts from counters, and the lines as they are shown."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeVar

from store.domain.ids import ConversationId, MemberKey
from store.domain.query import All, And, Field, Or, Query
from store.domain.status import Category, Urgency
from store.local.codec import micros, moment
from store.local.conditions import Around, Condition, condition, split
from store.local.conversations import LIST_MARK, named_since, now_called
from store.local.files import Presences
from store.local.lookup import resolve
from store.local.rows import ConversationRow, Page, PageKey
from store.sqlite.connection import Connection, Row, SqlValue

FEW_HITS = 2_000
"""Up to so many hits a list is sorted from them; with more, walking the list and checking each line is quicker."""

_COLUMNS = (
    "c.id, c.last_at, c.number, c.revision, c.inbox, c.subject, c.customer_name, c.customer_address, c.status, c.category, c.owner, "
    "c.suggested_owner, c.urgency, c.tags, c.lease_by, c.lease_since, c.messages, c.pending, c.mentions, c.flags"
)


class _Selection(NamedTuple):
    """FROM and WHERE of a list."""

    source: str
    where: Condition
    counter: str | None
    """Where its length is kept, for the three views."""


class _Beside(NamedTuple):
    """What a line shows that lies in no table of the cache."""

    me: MemberKey | None
    drafts: frozenset[str]
    seen: Mapping[str, int]
    presences: Presences


T = TypeVar("T")


class Shelf(Protocol):
    """The databases of a home as lists need them; `store.local.files.Files` is one."""

    me: MemberKey | None
    presences: Presences

    def read(self, work: Callable[[Connection], T]) -> T: ...
    def kept(self, work: Callable[[Connection], T]) -> T: ...


class Lists:
    """What the list screens read."""

    def __init__(self, files: Shelf) -> None:
        self._files = files

    def page(self, query: Query, *, limit: int, after: PageKey | None, before: PageKey | None, from_end: bool) -> Page:
        """See `LocalStore.page`."""
        beside = self._beside()

        def work(connection: Connection) -> Page:
            selection = self._selection(connection, query, beside)
            upwards = from_end or before is not None
            key = before if before is not None else after
            rows = _stretch(connection, selection, None if from_end else key, limit + 1, upwards=upwards)
            more = len(rows) > limit
            rows = rows[:limit]
            behind = bool(key and not from_end and _any_beyond(connection, selection, key, upwards=not upwards))
            if upwards:
                rows.reverse()
            lines = tuple(_line(row, beside) for row in rows)
            return Page(lines, more_before=more if upwards else behind, more_after=behind if upwards else more)

        return self._files.read(work)

    def position(self, query: Query, key: PageKey) -> int:
        """How many lines of the list stand before this place."""

        def work(connection: Connection) -> int:
            selection = self._selection(connection, query, self._beside())
            where = f"{selection.where.sql} AND (c.last_at, c.id) > (?, ?)"
            return int(connection.value(f"SELECT count(*) FROM {selection.source} WHERE {where}", (*selection.where.params, *_at(key))))

        return self._files.read(work)

    def count(self, query: Query) -> int:
        """The length of the list."""

        def work(connection: Connection) -> int:
            selection = self._selection(connection, query, self._beside())
            if selection.counter is not None:
                return connection.value("SELECT conversations FROM counter WHERE view = ?", (selection.counter,)) or 0
            return int(connection.value(f"SELECT count(*) FROM {selection.source} WHERE {selection.where.sql}", selection.where.params))

        return self._files.read(work)

    def row(self, conversation_id: ConversationId) -> ConversationRow | None:
        """One line."""
        sql = f"SELECT {_COLUMNS} FROM conversation c WHERE c.id = ?"
        found = self._files.read(lambda connection: connection.one(sql, (now_called(connection, conversation_id),)))
        return None if found is None else _line(found, self._beside())

    def resolve(self, text: str) -> ConversationId | None:
        """See `store.local.lookup.resolve`."""
        return self._files.read(lambda connection: resolve(connection, text))

    def _beside(self) -> _Beside:
        def work(connection: Connection) -> tuple[list[Row], list[Row]]:
            return connection.execute("SELECT conversation_id FROM draft"), connection.execute("SELECT conversation_id, revision FROM seen")

        drafts, seen = self._files.kept(work)
        return _Beside(self._files.me, frozenset(row[0] for row in drafts), dict(seen), self._files.presences)

    def _selection(self, connection: Connection, query: Query, beside: _Beside) -> _Selection:
        around = Around(beside.me, of_messages=False, drafts=tuple(beside.drafts))
        base, counter, rest = _view(query, beside.me)
        wanted = condition(rest, around)
        where = Condition(f"{base.sql} AND {wanted.sql}", (*base.params, *wanted.params))
        words, _ = split(rest)
        if _names_one(rest) or (words is not None and _hits_are_few(connection, words)):
            return _Selection("conversation c", where, None)
        return _Selection(_source(base), where, counter if rest == All() else None)


def _view(query: Query, me: MemberKey | None) -> tuple[Condition, str | None, Query]:
    """The view a list is cut from, its counter, and what is left of the query. Junk is only shown to those who ask for it."""
    parts = query.parts if isinstance(query, And) else (query,)
    for part in parts:
        rest = tuple(other for other in parts if other is not part)
        if part == Field("is", "tray"):
            return Condition("c.tray = 1"), "tray", _and(rest)
        if part == Field("is", "mine") and me is not None:
            return Condition("c.mine = ?", (me,)), f"mine:{me}", _and(rest)
    if any(_is_junk(part) for part in parts):
        return Condition("c.shown = 0"), None, query
    if _names_junk(query):
        return Condition("c.shown >= 0"), None, query
    return Condition("c.shown = 1"), "shown", query


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


def _is_junk(part: Query) -> bool:
    return isinstance(part, Field) and part.name in {"status", "category"} and part.value == "junk"


def _names_junk(query: Query) -> bool:
    return _is_junk(query) or (isinstance(query, And | Or) and any(_names_junk(part) for part in query.parts))


_INDEXES = {
    "c.tray = 1": "conversation_tray",
    "c.mine = ?": "conversation_mine",
    "c.shown = 1": "conversation_shown",
    "c.shown = 0": "conversation_junk",
}


def _source(base: Condition) -> str:
    # SQLite's planner, which knows nothing of the LIMIT's worth, sometimes prefers to sort: say it.
    return f"conversation c INDEXED BY {_INDEXES[base.sql]}" if base.sql in _INDEXES else "conversation c"


def _hits_are_few(connection: Connection, words: str) -> bool:
    sql = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return int(connection.value(sql, (words, FEW_HITS + 1))) <= FEW_HITS


def _at(key: PageKey) -> tuple[SqlValue, SqlValue]:
    return micros(key.last_at), key.id


def _stretch(connection: Connection, selection: _Selection, key: PageKey | None, limit: int, *, upwards: bool) -> list[Row]:
    order = "ASC" if upwards else "DESC"
    place = "" if key is None else f" AND (c.last_at, c.id) {'>' if upwards else '<'} (?, ?)"
    sql = f"SELECT {_COLUMNS} FROM {selection.source} WHERE {selection.where.sql}{place} ORDER BY c.last_at {order}, c.id {order} LIMIT ?"
    return connection.execute(sql, (*selection.where.params, *(() if key is None else _at(key)), limit))


def _any_beyond(connection: Connection, selection: _Selection, key: PageKey, *, upwards: bool) -> bool:
    # The place itself counts as beyond: it is the line the caller has.
    sign, order = (">=", "ASC") if upwards else ("<=", "DESC")
    sql = (
        f"SELECT 1 FROM {selection.source} WHERE {selection.where.sql} AND (c.last_at, c.id) {sign} (?, ?) "
        f"ORDER BY c.last_at {order}, c.id {order} LIMIT 1"
    )
    return connection.one(sql, (*selection.where.params, *_at(key))) is not None


def _words(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(LIST_MARK)) if joined else ()


def _line(row: Row, beside: _Beside) -> ConversationRow:
    (conversation_id, last_at, number, revision, inbox, subject, customer_name, customer_address, status, category, owner) = row[:11]
    (suggested_owner, urgency, tags, lease_by, lease_since, messages, pending, mentions, flags) = row[11:]
    present = beside.presences.in_(conversation_id)
    return ConversationRow(
        id=conversation_id,
        number=number,
        revision=revision,
        inbox=inbox,
        subject=subject,
        customer_name=customer_name,
        customer_address=customer_address,
        status=status,
        category=Category(category),
        owner=owner,
        suggested_owner=suggested_owner,
        urgency=Urgency(urgency),
        tags=_words(tags),
        lease_by=lease_by,
        lease_since=moment(lease_since),
        lease_idle=any(one.member == lease_by and one.writing and one.idle for one in present),
        present=tuple(one.member for one in present),
        messages=messages,
        last_at=moment(last_at),
        pending=bool(pending),
        mentions_me=named_since(mentions, beside.me, beside.seen.get(conversation_id, 0)),
        flags=_words(flags),
        has_draft=conversation_id in beside.drafts,
    )
