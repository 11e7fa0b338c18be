"""The list: one line a conversation, painted from a window of rows; a key repaints two lines."""

from collections.abc import Callable

from textual import events
from textual.message import Message

from store.local.rows import ConversationRow
from tui.view.found import Found
from tui.view.listing import NOTHING, LaidOut, list_lines
from tui.view.rows import Reader
from tui.view.spans import Line
from tui.view.window import Window
from tui.widgets.toned import Toned

WHEEL_LINES = 3


class ConversationList(Toned, can_focus=True):
    """Paints a `Window` of rows for a `Reader`. It knows neither the store nor the keys."""

    class Resized(Message):
        """So many lines fit now."""

        def __init__(self, height: int) -> None:
            super().__init__()
            self.height = height

    class Pointed(Message):
        """A click on a row of the screen, or the wheel: `by` lines on."""

        def __init__(self, row: int = -1, by: int = 0) -> None:
            super().__init__()
            self.row, self.by = row, by

    def __init__(self, window: Window[ConversationRow], reader: Reader, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.window = window
        self.reader = reader
        self.empty_words: tuple[str, ...] = ()
        """What an empty list says instead of rows."""
        self.found: Found | None = None
        """What the list was searched for."""
        self.chosen_columns: tuple[str, ...] = ()
        """Those that a view has chosen; () for all there is room for."""
        self.is_marked: Callable[[ConversationRow], bool] = lambda _row: False
        """Which rows bear the mark of the next command."""
        self._painted: list[Line] = []
        self._laid_out = LaidOut()

    def show(self, window: Window[ConversationRow], reader: Reader | None = None) -> None:
        """Show this window; only lines that look different are painted again."""
        self.window = window
        self.reader = reader or self.reader
        lines = self._lines()
        if len(lines) == len(self._painted):
            self.repaint_rows([y for y, (before, now) in enumerate(zip(self._painted, lines, strict=True)) if before is not now and before != now])
        else:
            self.refresh()
        self._painted = lines

    def show_emptiness(self, words: tuple[str, ...]) -> None:
        """Say this in an empty list from now on."""
        self.empty_words = words
        self.show(self.window)

    def on_resize(self, event: events.Resize) -> None:
        """Lay everything out anew."""
        self._painted = []
        self.post_message(self.Resized(event.size.height))

    def on_click(self, event: events.Click) -> None:
        """With the mouse asked for only: without it none of these ever comes."""
        self.post_message(self.Pointed(row=event.y))

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """The wheel."""
        self.post_message(self.Pointed(by=WHEEL_LINES))

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Back."""
        self.post_message(self.Pointed(by=-WHEEL_LINES))

    def line_at(self, y: int) -> Line:
        """The line of row `y`."""
        if not self._painted:
            self._painted = self._lines()
        return self._painted[y] if y < len(self._painted) else NOTHING

    def _lines(self) -> list[Line]:
        width, height = self.size
        return list_lines(self.window, self.reader, width, height, self.empty_words, self.found, self._laid_out, self.chosen_columns, self.is_marked)
