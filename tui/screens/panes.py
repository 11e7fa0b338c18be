"""Which panes of the desk stand on the screen, and how: list and mail side by side where there is room, else one in the other's place."""

from textual.dom import DOMNode
from textual.geometry import Size

from tui.view.columns import layouts


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
