"""The tour at the desk: shows one task above the desk and the composer, and hears what is done."""

from typing import Protocol

from textual.screen import Screen

from tui.screens.composer import Composer
from tui.screens.program import program_of
from tui.session import Session
from tui.view.commands.every import BY_NAME
from tui.view.spans import Line
from tui.view.tour import Deed, Tour, tour_lines
from tui.widgets.tour_pane import TourPane


class Toured(Protocol):
    """The desk as this module sees it."""

    session: Session

    @property
    def screen(self) -> "Screen[object]": ...


class Guide:
    """Leads through one tour at a time."""

    def __init__(self, desk: Toured) -> None:
        self._desk = desk
        self._tour: Tour | None = None
        self._panes: list[TourPane] = []

    @property
    def is_on(self) -> bool:
        """Whether somebody is on the tour."""
        return self._tour is not None

    async def begin(self) -> None:
        """From the first task on."""
        desk = self._desk
        self._tour = Tour()
        desk.session.on_deed = self._heard
        if not self._panes:
            composer = await program_of(desk.screen).standing(Composer, Composer)
            self._panes = [TourPane(self._lines), TourPane(self._lines)]
            await desk.screen.mount(self._panes[0], before="#banner")
            await composer.mount(self._panes[1], before="#banner")
        self._show()

    def end(self) -> None:
        """No tour any more."""
        self._tour = None
        self._desk.session.on_deed = lambda _deed: None
        for pane in self._panes:
            pane.remove()
        self._panes = []

    def skip(self) -> None:
        """The next task."""
        if self._tour is not None:
            self._go_on(self._tour.skipped())

    def _heard(self, deed: Deed) -> None:
        if self._tour is not None and self._tour.is_over:
            self.end()
        elif self._tour is not None:
            self._go_on(self._tour.after(deed))

    def _go_on(self, tour: Tour) -> None:
        if tour is not self._tour:
            self._tour = tour
            self._show()

    def _show(self) -> None:
        for pane in self._panes:
            pane.anew()

    def _lines(self, width: int) -> tuple[Line, ...]:
        keys = self._desk.session.keys
        return () if self._tour is None else tour_lines(self._tour, lambda name: keys.key_of(BY_NAME[name]), width)
