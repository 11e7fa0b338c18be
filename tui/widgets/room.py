"""Holds the panes, and shows nothing itself: Textual would work out its borders and paddings at every key."""

from textual.containers import Horizontal


class Room(Horizontal):
    """Panes side by side, with nothing between them."""

    BLANK = True
