"""Which panes of the desk stand on the screen, and how: list and mail side by side where there is room, else one in the other's place."""

from textual.dom import DOMNode
from textual.geometry import Size
from textual.screen import Screen

from tui.view.columns import layouts
from tui.widgets.conversation_list import ConversationList
from tui.widgets.lines_pane import LinesPane


def suit(screen: DOMNode, size: Size) -> None:
    """The classes of a terminal of this size."""
    for name, suits in layouts(size.width, size.height).items():
        screen.set_class(suits, name)


def show_panes(screen: DOMNode, *, reads: bool) -> None:
    """The mail in the list's place while it is read; both where the screen is wide.

    Not by a class that the styles know: for that Textual finds out anew how every widget of the screen looks.
    """
    screen.set_class(reads, "-reading", update=False)
    wide = screen.has_class("-wide")
    for name, shown in (("#list", wide or not reads), ("#right", wide or reads)):
        pane = screen.query_one(name)
        if pane.display != shown:
            pane.display = shown


class PanedScreen(Screen[None]):
    """A screen with a list, a mail and its comments, and how they stand to each other."""

    BLANK = True

    @property
    def list(self) -> ConversationList:
        """The list."""
        return self.query_one("#list", ConversationList)

    @property
    def reading(self) -> LinesPane:
        """The mail."""
        return self.query_one("#reading", LinesPane)

    @property
    def reading_size(self) -> tuple[int, int]:
        """Columns and rows for a mail: of the pane, or what it will have once it takes the list's place."""
        # A pane that has only just taken its place has no size before the next frame.
        if self.is_wide or (self.has_class("-reading") and self.reading.size.width):
            return self.reading.text_width, self.reading.text_height
        return self.list.size

    @property
    def comments(self) -> LinesPane:
        """The comments, or the timeline."""
        return self.query_one("#comments", LinesPane)

    @property
    def is_wide(self) -> bool:
        """Whether list and mail stand side by side."""
        return self.has_class("-wide")
