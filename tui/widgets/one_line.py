"""Widgets of one line: the banner above, the status bar and the toast below."""

from tui.view.spans import Line, shortened
from tui.widgets.toned import Toned

_NOTHING = Line()


class OneLine(Toned):
    """Shows one line; nothing is painted when it stays the same."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.line = _NOTHING

    def show(self, line: Line | None) -> None:
        """Show it; None hides the widget where the style sheet has `-shown`."""
        self.set_class(line is not None, "-shown")
        if line is not None and line != self.line:
            self.line = line
            self.refresh()

    def line_at(self, y: int) -> Line:
        """The line, or as much of it as there is room for."""
        return shortened(self.line, self.size.width) if y == 0 else _NOTHING
