"""The side bar of the desk: which views there are, which is shown, and how many conversations each has."""

import asyncio
from collections.abc import Coroutine
from typing import Protocol

from textual.screen import Screen

from tui.screens.arranging import Arranging
from tui.screens.status_bar import is_there
from tui.screens.view_counts import ViewCounts
from tui.screens.views import Views
from tui.session import Session
from tui.view.sidebar import side_lines, view_at
from tui.widgets.lines_pane import LinesPane


class Sided(Protocol):
    """The desk as this module sees it."""

    session: Session
    views: Views
    panes: Arranging

    @property
    def screen(self) -> Screen[object]: ...
    @property
    def side(self) -> LinesPane: ...
    def spawn(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]": ...


class SideBar:
    """Painted when something in it is another, never by itself."""

    def __init__(self, desk: Sided) -> None:
        self._desk = desk
        self.counts = ViewCounts(desk, desk.views.shelf, is_seen=lambda: self._is_seen and desk.screen.is_current, on_counts=self.paint)

    @property
    def _is_seen(self) -> bool:
        return is_there(self._desk.screen) and self._desk.panes.shows_side

    def paint(self) -> None:
        """What stands there."""
        if not self._is_seen:
            return
        desk, views = self._desk, self._desk.views
        current = views.current.id if views.current is not None else ""
        height = max(desk.side.size.height, desk.screen.size.height)
        desk.side.show(side_lines(views.shelf.listed(), self.counts.known, current, height, desk.session.keys))

    def click(self, row: int) -> None:
        """The mouse: the view on that line is shown."""
        views = self._desk.views
        if (one := view_at(views.shelf.listed(), row)) is not None:
            views.show_listed(one)

    def changed(self) -> None:
        """Another view is shown, there is another to choose from, or the bar has come."""
        self.paint()
        self.counts.anew()
