"""The help: what works here and now, narrowed by typing."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.screens.picker import Dialog
from tui.view.commands.command import Place
from tui.view.spans import Line
from tui.widgets.field import Field
from tui.widgets.keyed import reader_for
from tui.widgets.lines_pane import LinesPane

_STEPS = {"help-down": 1, "help-up": -1}
_PAGES = {"help-page-down": 1, "help-page-up": -1}


class HelpScreen(Dialog):
    """A page of lines over everything; typing narrows it. Esc (or q where nothing is typed) leaves."""

    def __init__(self, title: str, lines: Callable[[str, int], tuple[Line, ...]]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._typed = ""
        self._keys = reader_for(self, Place.HELP)

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
        name = "" if self._typed and event.is_printable else self._keys.hear(event.key, event.character)
        if name == "help-leave":
            self.dismiss(None)
        elif name in _STEPS:
            pane.scroll_by(_STEPS[name])
        elif name in _PAGES:
            pane.scroll_by(_PAGES[name] * pane.text_height)
        else:
            return
        event.stop()
        event.prevent_default()

    def _show(self) -> None:
        if self.is_mounted:
            pane = self.query_one(LinesPane)
            pane.show(self._lines(self._typed, pane.text_width))
