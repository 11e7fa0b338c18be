"""The help: what works here and now, narrowed by typing."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.screens.picker import Dialog
from tui.view.spans import Line
from tui.widgets.field import Field
from tui.widgets.lines_pane import LinesPane

_STEPS = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1}
_PAGES = {"pagedown": 1, "ctrl+d": 1, "pageup": -1, "ctrl+u": -1}


class HelpScreen(Dialog):
    """A page of lines over everything; typing narrows it. Esc (or q where nothing is typed) leaves."""

    def __init__(self, title: str, lines: Callable[[str, int], tuple[Line, ...]]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Title, field, page."""
        with Vertical(id="box"):
            yield Static(self._title, id="title", markup=False)
            field = Field(id="typed")
            yield field
            yield LinesPane(id="lines")

    def on_mount(self) -> None:
        """Ready."""
        self.query_one(Input).focus()
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Lay out anew."""
        self.call_after_refresh(self._show)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        event.stop()
        self._typed = event.value
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Scroll and leave."""
        pane = self.query_one(LinesPane)
        if event.key == "escape" or (not self._typed and event.character == "q"):
            self.dismiss(None)
        elif event.key in _STEPS:
            pane.scroll_by(_STEPS[event.key])
        elif event.key in _PAGES:
            pane.scroll_by(_PAGES[event.key] * pane.text_height)
        else:
            return
        event.stop()
        event.prevent_default()

    def _show(self) -> None:
        if self.is_mounted:
            pane = self.query_one(LinesPane)
            pane.show(self._lines(self._typed, pane.text_width))
