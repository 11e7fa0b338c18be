"""The conversation beside the text: read and scrolled from there, and lines of it taken into the text."""

from textual import events
from textual.message import Message

from tui.view.commands.command import Place
from tui.view.spans import Line, line
from tui.view.width import fit
from tui.widgets.keyed import reader_for
from tui.widgets.lines_pane import LinesPane

_STEPS = {"beside-down": 1, "beside-up": -1}
_PAGES = {"beside-page-down": 1, "beside-page-up": -1}
_EDGES = {"beside-top": False, "beside-bottom": True}


class ContextPane(LinesPane):
    """j k move, v begins to select, Enter takes the lines, or without any the message, Esc goes back to the text."""

    class Taken(Message):
        """These lines, the last one included; `selected` False: the message they are in."""

        def __init__(self, first: int, last: int, *, selected: bool) -> None:
            super().__init__()
            self.first, self.last, self.selected = first, last, selected

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.at = 0
        self._anchor: int | None = None
        self._keys = reader_for(self, Place.BESIDE)

    def on_focus(self) -> None:
        """The cursor is on what is in sight."""
        self._anchor = None
        if not self.top <= self.at < self.top + self.text_height:
            self.at = self.top
        self.refresh()

    def on_blur(self) -> None:
        """No cursor any more."""
        self._anchor = None
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """Move, select, take."""
        name = self._keys.hear(event.key, event.character)
        if name in _STEPS:
            self._move(self.at + _STEPS[name])
        elif name in _PAGES:
            self._move(self.at + _PAGES[name] * max(1, self.text_height - 1))
        elif name in _EDGES:
            self._move(len(self.lines) if _EDGES[name] else 0)
        elif name == "beside-select":
            self._anchor = self.at if self._anchor is None else None
            self.refresh()
        elif name == "beside-take":
            first, last = self._selected
            self.post_message(self.Taken(first, last, selected=self._anchor is not None))
        elif not self._keys.is_waiting:
            return
        event.stop()
        event.prevent_default()

    @property
    def _selected(self) -> tuple[int, int]:
        other = self.at if self._anchor is None else self._anchor
        return min(self.at, other), max(self.at, other)

    def _move(self, to: int) -> None:
        self.at = min(max(0, to), max(0, len(self.lines) - 1))
        if self.at < self.top:
            self.scroll_by(self.at - self.top)
        elif self.at >= self.top + self.text_height:
            self.scroll_by(self.at - self.top - self.text_height + 1)
        self.refresh()

    def line_at(self, y: int) -> Line:
        """The line; those that Enter takes stand out while one is here."""
        shown = super().line_at(y)
        first, last = self._selected
        if self.has_focus and first <= self.top + y <= last and self.lines:
            return line(fit(shown.text, self.size.width), "selected")
        return shown
