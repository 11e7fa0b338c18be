"""How the panes of the desk share the terminal: side bar, widths, one pane alone; remembered for each width of terminal."""

import asyncio
from collections.abc import Coroutine
from typing import Protocol

import msgspec
from textual.screen import Screen

from store.settings.kept import Kept
from tui.screens.panes import share_out, show_panes
from tui.session import Session
from tui.view.columns import SIDE_BY_SIDE
from tui.view.commands.command import Place
from tui.view.pane_sizes import Shares, Sizes, read_sizes, resized, shares_of, written
from tui.words import _


class Paned(Protocol):
    """The desk as this module sees it."""

    session: Session
    place: Place

    @property
    def screen(self) -> Screen[object]: ...
    def spawn(self, work: Coroutine[object, object, None]) -> object: ...
    def say(self, words: str, tone: str = "notice") -> None: ...
    def perform(self, name: str, argument: str = "") -> None: ...
    def panes_changed(self) -> None: ...


class Arranging:
    """The panes of one desk."""

    def __init__(self, desk: Paned) -> None:
        self._desk = desk
        self._sizes: dict[int, Sizes] = {}
        self._is_zoomed = False

    @property
    def columns(self) -> int:
        """Of the terminal."""
        return self._desk.screen.app.size.width

    @property
    def shares(self) -> Shares:
        """What stands on this terminal, and how wide."""
        return shares_of(self._sizes.get(self.columns, Sizes()), self.columns)

    @property
    def shows_side(self) -> bool:
        """Whether the side bar is on the screen."""
        return self.shares.side and not self._is_zoomed

    async def begin(self) -> None:
        """As it was left on a terminal so wide."""
        columns = self.columns
        if columns in self._sizes:
            return
        # Not twice, where it cannot be read.
        self._sizes[columns] = Sizes()
        kept = read_sizes(await asyncio.to_thread(Kept(self._desk.session.home).preference, _key(columns)))
        if kept != Sizes() and columns == self.columns:
            self._change(kept)

    def suit(self) -> None:
        """The panes as they are to stand now."""
        share_out(self._desk.screen, self.shares, self.columns, self._zoomed)
        self._show()

    def focus_moved(self) -> None:
        """Which panes there are, after the focus went elsewhere."""
        if self._is_zoomed or self._is_low:
            self.suit()
        else:
            self._show()

    @property
    def _is_low(self) -> bool:
        """Whether mail and comments have no room below one another."""
        return self._desk.screen.has_class("-low")

    @property
    def _zoomed(self) -> Place | None:
        """Which pane stands alone."""
        place = self._desk.place
        return place if self._is_zoomed or (self._is_low and place is Place.COMMENTS) else None

    def _show(self) -> None:
        show_panes(self._desk.screen, reads=self._desk.place is not Place.LIST, side=self.shares.side, zoomed=self._zoomed)

    def toggle_side(self) -> None:
        """The side bar comes, or goes; where it has no room, the views come over the list."""
        if self.columns < SIDE_BY_SIDE:
            self._desk.perform("views")
            return
        self._is_zoomed = False
        self._keep(msgspec.structs.replace(self._sizes.get(self.columns, Sizes()), side=not self.shares.side))

    def resize(self, by: int) -> None:
        """The pane one is in is wider, or narrower."""
        if self.columns < SIDE_BY_SIDE:
            self._desk.say(
                _("Panes stand side by side from {n} columns on; {key} shows one alone.").format(
                    n=SIDE_BY_SIDE, key=self._desk.session.keys.shown("zoom")
                )
            )
            return
        self._is_zoomed = False
        self._keep(resized(self._sizes.get(self.columns, Sizes()), self.columns, self._desk.place, by))

    def zoom(self) -> None:
        """The pane one is in alone, or all again; it goes along with the focus."""
        self._is_zoomed = not self._is_zoomed
        self._change(self._sizes.get(self.columns, Sizes()))

    def _keep(self, sizes: Sizes) -> None:
        self._change(sizes)
        kept = Kept(self._desk.session.home)

        async def write() -> None:
            await asyncio.to_thread(kept.set_preference, _key(self.columns), written(sizes))

        self._desk.spawn(write())

    def _change(self, sizes: Sizes) -> None:
        self._sizes[self.columns] = sizes
        self.suit()
        self._desk.panes_changed()


def _key(columns: int) -> str:
    return f"panes-{columns}"
