"""Which panes of the desk stand on the screen, and how: list and mail side by side where there is room, else one in the other's place."""

from textual.dom import DOMNode
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tui.view.columns import SIDE_BAR, layouts
from tui.view.commands.command import Place
from tui.view.pane_sizes import Shares, comment_columns, list_columns
from tui.widgets.conversation_list import ConversationList
from tui.widgets.lines_pane import LinesPane


def suit(screen: DOMNode, size: Size) -> None:
    """The classes of a terminal of this size."""
    for name, suits in layouts(size.width, size.height).items():
        screen.set_class(suits, name)


def show_panes(screen: DOMNode, *, reads: bool, side: bool = False, zoomed: Place | None = None) -> None:
    """The mail in the list's place while it is read; both where the screen is wide. `zoomed`: this pane alone.

    Not by a class that the styles know: for that Textual finds out anew how every widget of the screen looks.
    """
    screen.set_class(reads, "-reading", update=False)
    wide = screen.has_class("-wide")
    list_, right = (zoomed is Place.LIST, zoomed is not Place.LIST) if zoomed and wide else (wide or not reads, wide or reads)
    shown = {"#side": side and zoomed is None, "#list": list_, "#right": right, "#reading": zoomed is not Place.COMMENTS}
    for name, is_shown in shown.items():
        pane = screen.query_one(name)
        if pane.display != is_shown:
            pane.display = is_shown
    comments = screen.query_one("#comments")
    if zoomed is Place.READING:
        comments.display = False
    elif zoomed is Place.COMMENTS:
        # Even where they are not shown beside a mail, for want of lines.
        comments.display = True
    elif comments.styles.inline.has_rule("display"):
        # Whether they are shown is for the styles to say again.
        comments.styles.clear_rule("display")
    _free(comments, free=zoomed is Place.COMMENTS)


def _free(comments: Widget, *, free: bool) -> None:
    """As high as there is room for, or as the styles say."""
    if free:
        comments.styles.height, comments.styles.max_height = "1fr", "100%"
    elif comments.styles.inline.has_rule("max_height"):
        for rule in ("height", "max_height"):
            comments.styles.clear_rule(rule)


def share_out(screen: DOMNode, shares: Shares, columns: int, zoomed: Place | None) -> None:
    """How wide each pane of a wide terminal is; on others, and where one stands alone, the styles say it."""
    widths = {"#list": list_columns(shares, columns), "#comments": comment_columns(shares, columns), "#side": SIDE_BAR}
    for name, width in widths.items():
        pane = screen.query_one(name)
        if zoomed is not None:
            pane.styles.width = "1fr"
        elif screen.has_class("-wide"):
            pane.styles.width = width
        elif pane.styles.inline.has_rule("width"):
            pane.styles.clear_rule("width")


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
        """Columns and rows for a mail: of the pane, or what it will have once it takes another's place."""
        stands = self.query_one("#right").display and self.reading.display
        if not stands and not self.list.display:
            return self.comments.text_width, self.comments.text_height
        # A pane that has only just taken its place has no size before the next frame.
        if stands and (self.is_wide or (self.has_class("-reading") and self.reading.size.width)):
            return self.reading.text_width, self.reading.text_height
        width, height = self.list.size
        return max(4, width - (2 if self.reading.divider else 0)), height

    @property
    def side(self) -> LinesPane:
        """The side bar."""
        return self.query_one("#side", LinesPane)

    @property
    def comments(self) -> LinesPane:
        """The comments, or the timeline."""
        return self.query_one("#comments", LinesPane)

    @property
    def is_wide(self) -> bool:
        """Whether list and mail stand side by side."""
        return self.has_class("-wide")
