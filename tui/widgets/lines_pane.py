"""A pane of lines one can scroll: the reading pane, the comments, the help, a page of source."""

from collections.abc import Mapping, Sequence

from textual import events
from textual.message import Message

from tui.view.highlight import Mark, highlighted
from tui.view.spans import Line, Span
from tui.widgets.toned import Toned

_NOTHING = Line()
WHEEL_LINES = 3


class LinesPane(Toned, can_focus=True):
    """Shows lines from `top` on, of which it asks only for those on the screen. `divider`: a rule at the left; `lead`: a line that stays."""

    class Clicked(Message):
        """The mouse, on one of its lines: which, from 0; below 0 on the lead."""

        def __init__(self, pane: "LinesPane", row: int) -> None:
            super().__init__()
            self.pane, self.row = pane, row

    def __init__(self, *, id: str | None = None, divider: bool = False) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.lines: Sequence[Line] = ()
        self.top = 0
        self.divider = divider
        self.lead: Line | None = None
        self._found: Mapping[int, Sequence[Mark]] = {}

    @property
    def text_width(self) -> int:
        """Columns a line may take."""
        return max(4, self.size.width - (2 if self.divider else 0))

    @property
    def text_height(self) -> int:
        """Rows for lines."""
        return max(1, self.size.height - (1 if self.lead else 0))

    @property
    def at_end(self) -> bool:
        """Whether the last line is on the screen."""
        return self.top + self.text_height >= len(self.lines)

    def show(self, lines: Sequence[Line], *, top: int = 0, lead: Line | None = None, found: Mapping[int, Sequence[Mark]] | None = None) -> None:
        """Show these lines from `top` on. `found`: by line, what is to be marked in it."""
        before, led = self._visible(), self.lead
        resized = len(lines) != len(self.lines) or (lead is None) != (self.lead is None)
        self.lines, self.lead, self._found = lines, lead, found or {}
        self.top = self._allowed(top)
        if before != self._visible() or lead != led:
            self.refresh(layout=resized and bool(self.styles.height and self.styles.height.is_auto))

    def scroll_by(self, lines: int) -> bool:
        """Scroll; False: it was at the end already."""
        before, self.top = self.top, self._allowed(self.top + lines)
        if before != self.top:
            self.refresh()
        return before != self.top

    def scroll_into_view(self, index: int) -> None:
        """Have this line on the screen; one that is there already moves nothing, any other comes a third from the top."""
        if not self.top <= index < self.top + self.text_height:
            self.scroll_by(index - self.text_height // 3 - self.top)

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """The wheel, where the mouse was asked for."""
        self.scroll_by(WHEEL_LINES)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Back."""
        self.scroll_by(-WHEEL_LINES)

    def on_click(self, event: events.Click) -> None:
        """A click, likewise."""
        self.post_message(self.Clicked(self, self.top + event.y - (1 if self.lead else 0)))

    def on_resize(self) -> None:
        """No blank half page at the end; what was shown before the pane had its height may be painted already, from too far down."""
        before, self.top = self.top, self._allowed(self.top)
        if before != self.top:
            self.refresh()

    def to_edge(self, *, end: bool) -> None:
        """To the first or the last line."""
        self.scroll_by(len(self.lines) if end else -len(self.lines))

    def _allowed(self, top: int) -> int:
        return min(max(0, top), max(0, len(self.lines) - self.text_height))

    def _visible(self) -> list[Line]:
        return [self._line(index) for index in range(self.top, min(len(self.lines), self.top + max(self.text_height, self.size.height)))]

    def _line(self, index: int) -> Line:
        line = self.lines[index]
        return highlighted(line, self._found[index]) if index in self._found else line

    def line_at(self, y: int) -> Line:
        """The line of row `y`."""
        index = y - (1 if self.lead else 0)
        line = self.lead if index < 0 and self.lead else self._line(self.top + index) if 0 <= self.top + index < len(self.lines) else _NOTHING
        return Line((Span("│ ", "rule"), *line.spans)) if self.divider else line

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """As high as its lines, where the style sheet says `auto`."""
        return len(self.lines) + (1 if self.lead else 0)
