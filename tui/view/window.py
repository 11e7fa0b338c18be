"""The stretch of the list that is loaded, which row the cursor is on, and which row is at the top. Pure; the widget paints it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar


class HasId(Protocol):
    """Anything with an id of its own."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=HasId)

AHEAD = 2
"""Pages kept loaded beyond the one shown."""
SMALLEST_READ = 60


def rows_to_read(height: int) -> int:
    """How many rows are read at once for a list of so many lines."""
    return max(SMALLEST_READ, height * (AHEAD + 1))


@dataclass(frozen=True, slots=True)
class Window(Generic[Row]):
    """`rows` are neighbours in the list; `top` and `cursor` are indexes into them; `height` lines fit on the screen.

    `gone`: ids of rows that have left the view but are shown until the cursor leaves them.
    """

    rows: tuple[Row, ...] = ()
    cursor: int = 0
    top: int = 0
    height: int = 1
    more_before: bool = False
    more_after: bool = False
    gone: frozenset[str] = frozenset()

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def to_the_top(self) -> "Window[Row]":
        """The screen at the top again where the cursor can stay on it."""
        return replace(self, top=0) if not self.more_before and self.cursor < self.height else self

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows on the screen."""
        return self.rows[self.top : self.top + self.height]

    def resized(self, height: int) -> "Window[Row]":
        """The same with another height; the cursor stays on the screen."""
        return _settled(replace(self, height=max(1, height)))

    def moved(self, by: int) -> "Window[Row]":
        """The cursor so many rows on; at the edge of the screen a whole page is turned, so that a step repaints two lines, not all."""
        return self.placed(self.cursor + by)

    def placed(self, cursor: int) -> "Window[Row]":
        """The cursor on that row."""
        if not self.rows:
            return self
        cursor = min(max(cursor, 0), len(self.rows) - 1)
        top = self.top
        if cursor >= top + self.height:
            top = cursor if cursor == top + self.height else cursor - self.height + 1
        elif cursor < top:
            top = max(0, cursor - self.height + 1) if cursor == top - 1 else cursor
        return _settled(_without_left_ghosts(replace(self, cursor=cursor, top=top)))

    def paged(self, pages: int) -> "Window[Row]":
        """A page on or back; the cursor keeps its line on the screen."""
        line = self.cursor - self.top
        top = min(max(0, self.top + pages * self.height), max(0, len(self.rows) - 1))
        cursor = min(top + line, max(0, len(self.rows) - 1))
        if pages > 0 and self.top + self.height >= len(self.rows):
            top, cursor = self.top, len(self.rows) - 1
        if pages < 0 and self.top == 0:
            cursor = 0
        return _settled(_without_left_ghosts(replace(self, cursor=max(0, cursor), top=top)))

    def extended(self, rows: Sequence[Row], *, before: bool, more: bool) -> "Window[Row]":
        """With a neighbouring stretch added; rows already here are not doubled."""
        known = {row.id for row in self.rows}
        fresh = tuple(row for row in rows if row.id not in known)
        if before:
            return replace(self, rows=fresh + self.rows, cursor=self.cursor + len(fresh), top=self.top + len(fresh), more_before=more)
        return replace(self, rows=self.rows + fresh, more_after=more)

    def refreshed(self, rows: Sequence[Row], ghost: Row | None, *, more_before: bool, more_after: bool, at_work: bool = False) -> "Window[Row]":
        """The same stretch read anew: the cursor stays on its conversation, and that on its line of the screen where there are rows enough.

        `ghost`: the row under the cursor as it is now, when it is no longer among `rows`; it stays where it was until the cursor leaves it.
        At the very top of the list the screen stays at the top, so that new mail is seen; but not while somebody is `at_work` on its lines:
        the line under their hands must not become another's.
        """
        new = list(rows)
        selected = self.selected
        gone: frozenset[str] = frozenset()
        # A conversation that is part of another by now: its ghost is the other's row, which may stand in the list already.
        wanted = {row.id for row in (selected, ghost) if row is not None}
        at = next((index for index, row in enumerate(new) if row.id in wanted), None)
        if at is None and selected is not None and ghost is not None:
            at = self._place_of_ghost(new)
            new.insert(at, ghost)
            gone = frozenset({ghost.id})
        if at is None:
            at = min(self.cursor, max(0, len(new) - 1))
        line = self.cursor - self.top
        at_the_top = self.top == 0 and not self.more_before
        top = 0 if at_the_top and at < self.height and not at_work else max(0, at - line)
        return _settled(replace(self, rows=tuple(new), cursor=at, top=top, gone=gone, more_before=more_before, more_after=more_after))

    def _place_of_ghost(self, new: Sequence[Row]) -> int:
        """Behind the nearest row that stood before it and still does."""
        places = {row.id: index for index, row in enumerate(new)}
        for row in reversed(self.rows[: self.cursor]):
            if row.id in places:
                return places[row.id] + 1
        return 0


def _without_left_ghosts(window: Window[Row]) -> Window[Row]:
    selected = window.selected
    left = window.gone - ({selected.id} if selected else set())
    if not left:
        return window
    before = sum(row.id in left for row in window.rows[: window.cursor])
    rows = tuple(row for row in window.rows if row.id not in left)
    above = sum(row.id in left for row in window.rows[: window.top])
    return replace(window, rows=rows, cursor=window.cursor - before, top=max(0, window.top - above), gone=window.gone - left)


def _settled(window: Window[Row]) -> Window[Row]:
    cursor = min(max(window.cursor, 0), max(0, len(window.rows) - 1))
    top = min(max(window.top, 0), cursor)
    if cursor >= top + window.height:
        top = cursor - window.height + 1
    if not window.more_after:
        # No blank half page at the end of the list.
        top = min(top, max(0, len(window.rows) - window.height)) if cursor >= max(0, len(window.rows) - window.height) else top
    return replace(window, cursor=cursor, top=top)
