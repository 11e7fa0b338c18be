"""Reads the list from the store page by page, and keeps the window on it: never all of it, never on the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from store.domain.ids import ConversationId
from store.domain.query import Query, parse_query
from store.domain.saved_view import PLAIN, Arrangement
from store.local.rows import ConversationRow, Page, PageKey
from store.local.store import LocalStore
from store.sqlite.errors import ReadGivenUp
from tui.view.window import AHEAD, Parting, Window, rows_to_read

Read = TypeVar("Read")

LONGEST = 3_000
"""Rows kept; the far end is dropped beyond it."""
BEST = 200
"""Rows of a list that is sorted by relevance: who does not find it among these asks better."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stood in a list, to come back to."""

    query: Query
    arrangement: Arrangement
    window: Window[ConversationRow]


class Pager:
    """The window on one query. `on_window` is called on the event loop whenever it changed."""

    def __init__(
        self,
        store: LocalStore,
        query: Query,
        on_window: Callable[[Window[ConversationRow]], None],
        window: Window[ConversationRow] | None = None,
        at_work: Callable[[], bool] = lambda: False,
        untouched: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._on_window = on_window
        self.query = query
        self.window: Window[ConversationRow] = window or Window()
        self._at_work = at_work
        self._untouched = untouched
        self.is_held = False
        """New lines stand above the screen, which was at the top, because somebody is at work on its lines."""
        self._reading = asyncio.Lock()
        self._stale = False
        self.arrangement = PLAIN
        self._parting: Parting[ConversationRow] | None = None
        self._best = False
        """The list is sorted by relevance: all of it is loaded at once."""
        self._wished = query
        """The list that is to be shown, while it is still read."""
        self._asked: Future[object] | None = None

    @property
    def goes_by_relevance(self) -> bool:
        """Whether what answers best stands at the top, instead of what is newest."""
        return self._best

    @property
    def standing(self) -> Standing | None:
        """Where one stands now; None in what was sorted by relevance, which is read in one piece."""
        return None if self._best or not self.window.rows else Standing(self.query, self.arrangement, self.window)

    def show(self, window: Window[ConversationRow]) -> None:
        """Take this window, tell whoever paints it, and read on where its edge is near."""
        self.window = window
        self._on_window(window)

    def let_go(self) -> None:
        """Nobody is at work any more: show what came in above."""
        if self.is_held and not self._at_work():
            self.is_held = False
            self.show(self.window.to_the_top())

    def near_edge(self) -> str | None:
        """`before` or `after` when less than two pages are loaded on that side."""
        window = self.window
        if window.more_after and len(window.rows) - window.top - window.height < AHEAD * window.height:
            return "after"
        return "before" if window.more_before and window.top < AHEAD * window.height else None

    async def open(
        self, query: Query, *, best: bool = False, arrangement: Arrangement = PLAIN, parting: Parting[ConversationRow] | None = None,
        standing: Standing | None = None,
    ) -> bool:  # fmt: skip
        """Show another list from its top; `best`: what answers best first, where words say what that is. `parting`: with headings.

        `standing`: not from its top, where it is the list that one left there.
        The newest wish wins: one that is outdated is given up. False: that was so with this one.
        """
        self._wished = query
        if self._asked is not None:
            self._asked.cancel()
        async with self._reading:
            if query is not self._wished:
                return False
            left = standing.window if standing is not None and (standing.query, standing.arrangement, best) == (query, arrangement, False) else None
            found = await self._ask(lambda: self._again(left or Window(), query, arrangement, best=best))
            if found is None or query is not self._wished:
                return False
            page, has_before, _ghost = found
            self.query, self._best = query, best
            self.arrangement, self._parting = (PLAIN, None) if best else (arrangement, parting)
            fresh = self._fresh(page)
            if left is not None:
                left = replace(left, height=fresh.height, parting=fresh.parting)
                # No ghost: what has left the list meanwhile did so out of sight.
                fresh = left.refreshed(page.rows, None, more_before=has_before, more_after=page.more_after)
            self.show(fresh)
            return True

    def _fresh(self, page: Page) -> Window[ConversationRow]:
        """A window on another stretch."""
        begun: Window[ConversationRow] = Window(rows=tuple(page.rows), height=self.window.height, parting=self._parting)
        return replace(begun, more_before=page.more_before, more_after=page.more_after)

    async def open_on(self, row: ConversationRow) -> None:
        """Show that one conversation alone, as a list of its own."""
        async with self._reading:
            self.query = self._wished = parse_query(f"number:{row.number}") if row.number is not None else parse_query(f"inbox:{row.inbox}")
            self._best, self.arrangement, self._parting = False, PLAIN, None
            self.show(Window(rows=(row,), height=self.window.height))

    async def to_edge(self, *, end: bool) -> None:
        """The first or the last row."""
        window, query, arrangement = self.window, self.query, self.arrangement
        if not (window.more_after if end else window.more_before):
            self.show(window.placed(len(window.rows) - 1 if end else 0))
            return
        async with self._reading:
            page = await self._ask(lambda: self._store.page(query, limit=rows_to_read(window.height), from_end=end, arrangement=arrangement))
            if page is None or query is not self.query:
                return
            fresh = self._fresh(page)
            self.show(fresh.placed(len(fresh.rows) - 1 if end else 0))

    async def read_on(self) -> None:
        """Load more at whichever edge is near; returns at once when none is."""
        if self._reading.locked():
            return
        async with self._reading:
            side = self.near_edge()
            if side is None:
                return
            window, query, arrangement = self.window, self.query, self.arrangement
            key = window.rows[0 if side == "before" else -1].key
            page = await self._ask(lambda: self._neighbours(query, arrangement, key, side))
            if page is not None and query is self.query and self.window.rows:
                more = page.more_before if side == "before" else page.more_after
                self.show(_trimmed(self.window.extended(page.rows, before=side == "before", more=more)))

    async def refresh(self) -> None:
        """Read the stretch that is loaded anew; several calls while one runs are one more."""
        self._stale = True
        async with self._reading:
            if not self._stale:
                return
            self._stale = False
            window, query, arrangement, best = self.window, self.query, self.arrangement, self._best
            found = await self._ask(lambda: self._again(window, query, arrangement, best=best))
            if found is not None and query is self.query:
                page, has_before, ghost = found
                before, more = self.window, page.more_after
                hands = {"at_work": self._at_work(), "untouched": self._untouched()}
                after = before.refreshed(page.rows, ghost, more_before=has_before, more_after=more, **hands)
                self.is_held = after.top > 0 and (self.is_held or before.top == 0)
                self.show(after)

    async def _ask(self, work: Callable[[], Read]) -> Read | None:
        """None: it was given up, because another list is wanted."""
        asked = self._store.ask(work)
        self._asked = cast("Future[object]", asked)
        try:
            return await asyncio.wrap_future(asked)
        except ReadGivenUp:
            return None
        except asyncio.CancelledError:
            if not asked.cancelled() or self._wished is self.query:
                raise
            return None

    def _neighbours(self, query: Query, arrangement: Arrangement, key: PageKey, side: str) -> Page:
        if side == "before":
            return self._store.page(query, limit=rows_to_read(self.window.height), before=key, arrangement=arrangement)
        return self._store.page(query, limit=rows_to_read(self.window.height), after=key, arrangement=arrangement)

    def _top(self, query: Query, arrangement: Arrangement, anchor: PageKey | None, *, best: bool, rows: int = 0) -> Page:
        found = self._store.best(query, limit=BEST) if best else None
        if found is not None:
            return Page(found, more_before=False, more_after=False)
        return self._store.page(query, limit=max(rows, rows_to_read(self.window.height)), after=anchor, arrangement=arrangement)

    def _again(
        self, window: Window[ConversationRow], query: Query, arrangement: Arrangement, *, best: bool
    ) -> tuple[Page, bool, ConversationRow | None]:
        anchor: PageKey | None = None
        if window.more_before and window.rows:
            # The page begins behind whatever stands before our first row now.
            before = self._store.page(query, limit=1, before=window.rows[0].key, arrangement=arrangement).rows
            anchor = before[-1].key if before else None
        page = _with_known(window.rows, self._top(query, arrangement, anchor, best=best, rows=len(window.rows)))
        selected = window.selected
        ghost = None
        if selected is not None and all(row.id != selected.id for row in page.rows):
            ghost = self._store.row(ConversationId(selected.id))
        return page, anchor is not None, ghost


def _with_known(rows: Sequence[ConversationRow], page: Page) -> Page:
    """The page with the very same objects for lines that have not changed: they are laid out already."""
    known = {row.id: row for row in rows}
    kept = (before if (before := known.get(row.id)) == row and before is not None else row for row in page.rows)
    return Page(tuple(kept), more_before=page.more_before, more_after=page.more_after)


def _trimmed(window: Window[ConversationRow]) -> Window[ConversationRow]:
    extra = len(window.rows) - LONGEST
    if extra <= 0:
        return window
    if window.top > extra:
        return replace(window, rows=window.rows[extra:], cursor=window.cursor - extra, top=window.top - extra, more_before=True)
    keep = max(LONGEST, window.top + 4 * window.height)
    return replace(window, rows=window.rows[:keep], more_after=window.more_after or keep < len(window.rows))
