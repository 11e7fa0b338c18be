"""How the panes of a wide terminal share it; chosen by key, kept by the terminal's width. Pure."""

from dataclasses import dataclass

import msgspec

from tui.view.columns import SIDE_BAR, SIDE_BY_SIDE
from tui.view.commands.command import Place

STEP = 5
LEAST, MOST = 15, 75
"""Per cent that a pane keeps, and takes."""
WITH_SIDE_BAR = 200
"""From so many columns on the side bar stands there unless one puts it away: list, mail and comments keep 64, 76 and 38 columns."""


class Sizes(msgspec.Struct, frozen=True):
    """Per cent: the list, of all that the side bar leaves; the comments, of what the list leaves. None: as it suits the width."""

    list: int | None = None
    comments: int | None = None
    side: bool | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """The same with everything decided."""

    list: int
    comments: int
    side: bool


def shares_of(sizes: Sizes, columns: int) -> Shares:
    """What stands on a terminal so wide."""
    side = columns >= SIDE_BY_SIDE and (columns >= WITH_SIDE_BAR if sizes.side is None else sizes.side)
    return Shares(sizes.list or (36 if side else 41), sizes.comments or 33, side)


def resized(sizes: Sizes, columns: int, place: Place, by: int) -> Sizes:
    """The pane one is in so many steps wider."""
    shares = shares_of(sizes, columns)
    if place is Place.COMMENTS:
        return msgspec.structs.replace(sizes, comments=_within(shares.comments + by * STEP))
    sign = 1 if place is Place.LIST else -1
    return msgspec.structs.replace(sizes, list=_within(shares.list + sign * by * STEP))


def _within(share: int) -> int:
    return min(max(share, LEAST), MOST)


def read_sizes(text: str | None) -> Sizes:
    """As they were kept; what cannot be read is as it suits the width."""
    try:
        return msgspec.json.decode(text, type=Sizes) if text else Sizes()
    except msgspec.MsgspecError:
        return Sizes()


def written(sizes: Sizes) -> str:
    """To be kept."""
    return msgspec.json.encode(sizes).decode("utf-8")


def list_columns(shares: Shares, columns: int) -> int:
    """How wide the list is."""
    return (columns - (SIDE_BAR if shares.side else 0)) * shares.list // 100


def comment_columns(shares: Shares, columns: int) -> int:
    """How wide the comments are."""
    return (columns - (SIDE_BAR if shares.side else 0) - list_columns(shares, columns)) * shares.comments // 100


def list_place(terminal: int) -> tuple[int, int]:
    """Where the list of a terminal so wide begins, and how wide it is, before anybody has said otherwise."""
    if terminal < SIDE_BY_SIDE:
        return 0, terminal
    shares = shares_of(Sizes(), terminal)
    return (SIDE_BAR if shares.side else 0), list_columns(shares, terminal)
