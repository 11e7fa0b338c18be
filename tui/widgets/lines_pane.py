"""A pane of lines one can scroll: the reading pane, the comments, the help."""

from collections.abc import Sequence

from tui.view.spans import Line, Span
from tui.widgets.toned import Toned

_NOTHING = Line()


class LinesPane(Toned, can_focus=True):
    """Shows lines from `top` on. `divider`: a rule at the left edge; `lead`: a line that stays at the top."""

    def __init__(self, *, id: str | None = None, divider: bool = False) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.lines: tuple[Line, ...] = ()
        self.top = 0
        self.divider = divider
        self.lead: Line | None = None

    @property
    def text_width(self) -> int:
        """Columns a line may take."""
        return max(4, self.size.width - (2 if self.divider else 0))

    @property
    def text_height(self) -> int:
        """Rows for lines."""
        return max(1, self.size.height - (1 if self.lead else 0))

    def show(self, lines: Sequence[Line], *, top: int = 0, lead: Line | None = None) -> None:
        """Show these lines from `top` on."""
        changed = tuple(lines) != self.lines or lead != self.lead
        resized = len(lines) != len(self.lines) or (lead is None) != (self.lead is None)
        self.lines, self.lead = tuple(lines), lead
        before, self.top = self.top, self._allowed(top)
        if changed or before != self.top:
            self.refresh(layout=resized and bool(self.styles.height and self.styles.height.is_auto))

    def scroll_by(self, lines: int) -> bool:
        """Scroll; False: it was at the end already."""
        before, self.top = self.top, self._allowed(self.top + lines)
        if before != self.top:
            self.refresh()
        return before != self.top

    def jump(self, by: int) -> None:
        """To the next (or previous) line that is marked."""
        marks = [index for index, line in enumerate(self.lines) if line.mark]
        ahead = [index for index in marks if index > self.top] if by > 0 else [index for index in reversed(marks) if index < self.top]
        if ahead:
            self.scroll_by(ahead[0] - self.top)

    def to_edge(self, *, end: bool) -> None:
        """To the first or the last line."""
        self.scroll_by(len(self.lines) if end else -len(self.lines))

    def _allowed(self, top: int) -> int:
        return min(max(0, top), max(0, len(self.lines) - self.text_height))

    def line_at(self, y: int) -> Line:
        """The line of row `y`."""
        index = y - (1 if self.lead else 0)
        line = self.lead if index < 0 and self.lead else self.lines[self.top + index] if 0 <= self.top + index < len(self.lines) else _NOTHING
        return Line((Span("│ ", "rule"), *line.spans)) if self.divider else line

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """As high as its lines, where the style sheet says `auto`."""
        return len(self.lines) + (1 if self.lead else 0)
