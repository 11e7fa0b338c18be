"""The list: one line a conversation, painted from a window of rows; a key repaints two lines."""

from textual import events
from textual.message import Message

from store.domain.status import BUILT_IN, Urgency
from store.local.rows import ConversationRow
from tui.view.columns import columns_for
from tui.view.rows import Reader, row_spans
from tui.view.spans import Line, Span, line
from tui.view.statuses import status_name, urgency_word
from tui.view.width import columns_of
from tui.view.window import Window
from tui.widgets.toned import Toned

_NOTHING = Line()


class ConversationList(Toned, can_focus=True):
    """Paints a `Window` of rows for a `Reader`. It knows neither the store nor the keys."""

    class Resized(Message):
        """So many lines fit now."""

        def __init__(self, height: int) -> None:
            super().__init__()
            self.height = height

    def __init__(self, reader: Reader, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.window: Window[ConversationRow] = Window()
        self.reader = reader
        self.empty_words: tuple[str, ...] = ()
        """What an empty list says instead of rows."""
        self._painted: list[Line] = []

    def show(self, window: Window[ConversationRow], reader: Reader | None = None) -> None:
        """Show this window; only lines that look different are painted again."""
        self.window = window
        self.reader = reader or self.reader
        lines = self._lines()
        if len(lines) == len(self._painted):
            self.repaint_rows([y for y, (before, now) in enumerate(zip(self._painted, lines, strict=True)) if before != now])
        else:
            self.refresh()
        self._painted = lines

    def on_resize(self, event: events.Resize) -> None:
        """Lay everything out anew."""
        self._painted = []
        self.post_message(self.Resized(event.size.height))

    def line_at(self, y: int) -> Line:
        """The line of row `y`."""
        if not self._painted:
            self._painted = self._lines()
        return self._painted[y] if y < len(self._painted) else _NOTHING

    def _lines(self) -> list[Line]:
        width, height = self.size
        if not self.window.rows:
            return [line("  " + words, "quiet" if index else "") for index, words in enumerate(("", *self.empty_words))][:height]
        columns = columns_for(width, urgent_word=urgency_word(Urgency.VERY_URGENT), widest_status=_widest_status())
        shown = self.window.shown[:height]
        lines = []
        for index, row in enumerate(shown, self.window.top):
            spans = row_spans(row, columns, self.reader, gone=row.id in self.window.gone)
            if index == self.window.cursor:
                # One tone for the whole line: the marks and letters say what the colours said.
                text = "".join(span.text for span in spans)
                spans = (Span(text + " " * max(0, width - columns_of(text)), "selected"),)
            lines.append(Line(spans))
        return lines + [_NOTHING] * (height - len(lines))


def _widest_status() -> int:
    return max(columns_of(status_name(key)) for key in BUILT_IN)
