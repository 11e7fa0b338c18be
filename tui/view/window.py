"""The stretch of the list that is loaded, which row the cursor is on, and which row is at the top. Pure; the widget paints it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar


class HasId(Protocol):
    """Anything with an id of its own."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=HasId)
Parted_contra = TypeVar("Parted_contra", contravariant=True)


class Parting(Protocol[Parted_contra]):
    """By what a list is parted; `tui.view.parting.ListParting` is one."""

    def key(self, row: Parted_contra) -> str:
        """Tells the parts apart."""
        ...

    def words(self, row: Parted_contra) -> str:
        """What stands above the part this row is in."""
        ...


AHEAD = 2
"""Pages kept loaded beyond the one shown."""
SMALLEST_READ = 60
LOWEST_PARTED = 3
"""Lines a list must have for headings between its parts."""


def rows_to_read(height: int) -> int:
    """How many rows are read at once for a list of so many lines."""
    return max(SMALLEST_READ, height * (AHEAD + 1))


@dataclass(frozen=True, slots=True)
class Window(Generic[Row]):
    """`rows` are neighbours in the list; `top` and `cursor` are indexes into them; `height` lines fit on the screen.

    `gone`: ids of rows that have left the view but are shown until the cursor leaves them. `parting`: a heading takes a line above each part,
    and above the first row on the screen; `bare`: not above that one, for the cursor's line was to stay where it is.
    """

    rows: tuple[Row, ...] = ()
    cursor: int = 0
    top: int = 0
    height: int = 1
    more_before: bool = False
    more_after: bool = False
    gone: frozenset[str] = frozenset()
    parting: Parting[Row] | None = None
    bare: bool = False

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def to_the_top(self) -> "Window[Row]":
        """The screen at the top again where the cursor can stay on it."""
        return replace(self, top=0) if not self.more_before and self.cursor < self.end_of_screen(0) else self

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows on the screen."""
        return self.rows[self.top : self.end_of_screen(self.top)]

    def heading(self, index: int) -> str:
        """What stands above that row, of those on the screen; "" for nothing."""
        return self.parting.words(self.rows[index]) if self.parting is not None and self._is_headed(index, self.top) else ""

    def _is_headed(self, index: int, top: int) -> bool:
        if self.parting is None or self.height < LOWEST_PARTED:
            return False
        if index == top:
            return not (self.bare and top == self.top)
        row, before = self.rows[index], self.rows[index - 1]
        if before.id in self.gone and index > top + 1:
            before = self.rows[index - 2]
        # One that has left its part stands among those it stood among.
        return row.id not in self.gone and self.parting.key(row) != self.parting.key(before)

    def line_of(self, index: int, top: int) -> int:
        """On which line a row stands, from 0, with that row at the top."""
        if self.parting is None:
            return index - top
        return index - top + sum(self._is_headed(each, top) for each in range(top, index + 1))

    def end_of_screen(self, top: int) -> int:
        """The first row that does not fit, with that row at the top."""
        if self.parting is None:
            return min(len(self.rows), top + self.height)
        line = end = 0
        for end in range(top, len(self.rows)):
            line += 1 + self._is_headed(end, top)
            if line > self.height:
                return end
        return len(self.rows)

    def top_with_last(self, index: int) -> int:
        """The row at the top where this one is the last that fits."""
        top = max(0, index - self.height + 1)
        while top < index and self.line_of(index, top) >= self.height:
            top += 1
        return top

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
        end = self.end_of_screen(top)
        if cursor >= end:
            top = cursor if cursor == end else self.top_with_last(cursor)
        elif cursor < top:
            top = self.top_with_last(cursor) if cursor == top - 1 else cursor
        return _settled(_without_left_ghosts(_topped(self, cursor, top)))

    def paged(self, pages: int) -> "Window[Row]":
        """A page on or back; the cursor keeps its line on the screen."""
        top, end = self.top, self.end_of_screen(self.top)
        if pages > 0 and end >= len(self.rows):
            cursor = len(self.rows) - 1
        elif pages < 0 and top == 0:
            cursor = 0
        else:
            top = end if pages > 0 else self.top_with_last(top - 1)
            cursor = min(top + self.cursor - self.top, self.end_of_screen(top) - 1)
        return _settled(_without_left_ghosts(_topped(self, max(0, cursor), top)))

    def extended(self, rows: Sequence[Row], *, before: bool, more: bool) -> "Window[Row]":
        """With a neighbouring stretch added; rows already here are not doubled."""
        known = {row.id for row in self.rows}
        fresh = tuple(row for row in rows if row.id not in known)
        if before:
            return replace(self, rows=fresh + self.rows, cursor=self.cursor + len(fresh), top=self.top + len(fresh), more_before=more)
        return replace(self, rows=self.rows + fresh, more_after=more)

    def refreshed(
        self, rows: Sequence[Row], ghost: Row | None, *, more_before: bool, more_after: bool, at_work: bool = False, untouched: bool = False
    ) -> "Window[Row]":
        """The same stretch read anew: the cursor stays on its conversation, and that on its line of the screen where there are rows enough.

        `ghost`: the row under the cursor as it is now, when it is no longer among `rows`; it stays where it was until the cursor leaves it.
        At the very top of the list the screen stays at the top, so that new mail is seen; but not while somebody is `at_work` on its lines:
        the line under their hands must not become another's. As long as the list is `untouched` and its first line is one that came in
        before a screenful of newer ones, as at the first start, the cursor goes to the top with the screen.
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
        line = self.line_of(self.cursor, self.top) if self.rows else 0
        at_the_top = self.top == 0 and not self.more_before
        anew = replace(self, rows=tuple(new), cursor=at, top=0, gone=gone, more_before=more_before, more_after=more_after, bare=False)
        if at_the_top and untouched and self.cursor == 0 and at >= anew.end_of_screen(0):
            anew, at = replace(anew, cursor=0), 0
        return _settled(anew if at_the_top and at < anew.end_of_screen(0) and not at_work else _with_cursor_on(anew, line))

    def _place_of_ghost(self, new: Sequence[Row]) -> int:
        """Behind the nearest row that stood before it and still does."""
        places = {row.id: index for index, row in enumerate(new)}
        for row in reversed(self.rows[: self.cursor]):
            if row.id in places:
                return places[row.id] + 1
        return 0


def _topped(window: Window[Row], cursor: int, top: int) -> Window[Row]:
    return replace(window, cursor=cursor, top=top, bare=window.bare and top == window.top)


def _with_cursor_on(window: Window[Row], line: int) -> Window[Row]:
    """That one with the cursor on this line of the screen, where there are rows enough above it."""
    top = window.cursor
    while top > 0 and window.line_of(window.cursor, top) < line:
        top -= 1
    return replace(window, top=top, bare=window.line_of(window.cursor, top) > line)


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
    if window.rows and cursor >= window.end_of_screen(top):
        top = window.top_with_last(cursor)
    if window.rows and not window.more_after:
        # No blank half page at the end of the list.
        last_top = window.top_with_last(len(window.rows) - 1)
        top = min(top, last_top) if cursor >= last_top else top
    return _topped(window, cursor, top)
