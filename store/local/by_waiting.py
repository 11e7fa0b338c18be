"""Lists by who waits longest for our answer: an index of its own for each of the views that a desk works from, and the rest behind them.

Any other list is sorted by it as far as its newest lines go (`store.local.arranged`): an index of all who wait would be walked for few.
"""

from typing import NamedTuple, Protocol

from store.domain.query import All, And, Field, Query
from store.domain.saved_view import Arrangement, Grouping, Sort
from store.local.conditions import Condition, all_of
from store.local.rows import PageKey
from store.local.selection import Selection
from store.local.times import micros
from store.sqlite.connection import Connection, Row

_VIEWS: tuple[Query, ...] = (All(), Field("is", "tray"), Field("is", "mine"), Field("is", "unowned"))
_BY = {"conversation_mine": "conversation_mine_waiting", "conversation_unowned": "conversation_unowned_waiting"}
_WAITS = Condition("c.waiting_since IS NOT NULL")


def is_by_waiting(query: Query, arrangement: Arrangement) -> bool:
    """Whether an index pages this list in this order."""
    parts = query.parts if isinstance(query, And) else (query,)
    is_whole = arrangement.group in (Grouping.NONE, Grouping.DAY)
    return arrangement.sort is Sort.WAITING and is_whole and all(part in _VIEWS for part in parts)


def waiting_place(key: PageKey) -> tuple[int, float, str]:
    """Where it stands among those that wait; all that do not are at one place behind them."""
    return (1, 0.0, "") if key.waiting_since is None else (0, key.waiting_since.timestamp(), key.id)


def not_waiting(selection: Selection) -> Selection:
    """What of a list nobody waits in."""
    return selection._replace(wanted=all_of([selection.wanted, Condition("c.waiting_since IS NULL")]), counter=None)


class Lines(Protocol):
    """A list that is newest first."""

    def stretch(self, key: PageKey | None, limit: int, *, upwards: bool) -> list[Row]: ...
    def any_beyond(self, key: PageKey, *, upwards: bool) -> bool: ...


class ByWaiting(NamedTuple):
    """Inside one read: those that wait, the longest first, and behind them `rest`."""

    connection: Connection
    selection: Selection
    columns: str
    rest: Lines

    def stretch(self, key: PageKey | None, limit: int, *, upwards: bool) -> list[Row]:
        """The next lines from a place on, over the end of those that wait."""
        waits = key is not None and key.waiting_since is not None
        rows: list[Row] = []
        if upwards and not waits:
            rows = self.rest.stretch(key, limit, upwards=True)
            key = None
        if upwards or key is None or waits:
            rows += self._waiting(key, limit - len(rows), upwards=upwards) if len(rows) < limit else []
            key = None
        if not upwards and len(rows) < limit:
            rows += self.rest.stretch(key, limit - len(rows), upwards=False)
        return rows

    def any_beyond(self, key: PageKey, *, upwards: bool) -> bool:
        """Whether a line stands there, or beyond: the place itself counts."""
        if key.waiting_since is not None:
            here = self._waiting(key, 1, upwards=upwards, inclusive=True)
            return bool(here) or (not upwards and bool(self.rest.stretch(None, 1, upwards=False)))
        return self.rest.any_beyond(key, upwards=upwards) or (upwards and bool(self._waiting(None, 1, upwards=True)))

    def _waiting(self, key: PageKey | None, limit: int, *, upwards: bool, inclusive: bool = False) -> list[Row]:
        (leg,) = self.selection.legs
        by = _BY.get(leg.by or "", "conversation_waiting")
        sign = ("<" if upwards else ">") + ("=" if inclusive else "")
        place = Condition("1") if key is None else Condition(f"(c.waiting_since, c.id) {sign} (?, ?)", (micros(key.waiting_since), key.id))
        where = all_of([leg.where, _WAITS, self.selection.wanted, place])
        direction = "DESC" if upwards else "ASC"
        sql = (
            f"SELECT {self.columns} FROM conversation c INDEXED BY {by} WHERE {where.sql} "  # noqa: S608 - constants, and conditions of ours
            f"ORDER BY c.waiting_since {direction}, c.id {direction} LIMIT ?"
        )
        return self.connection.execute(sql, (*where.params, limit))
