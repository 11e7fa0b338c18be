"""Which columns the list has at which width, and how wide each is."""

from dataclasses import astuple, dataclass, replace
from functools import lru_cache

from store.domain.saved_view import CHOOSABLE
from tui.view.width import columns_of

NARROW = 60
WIDE = 120
LOW = 12
NUMBER = 6
"""Columns of a conversation's number."""
SIDE_BY_SIDE = 160
"""Terminals so wide show the mail beside the list."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in terminal columns; 0: not shown. A blank stands between any two."""

    mark: int
    status: int
    urgency: int
    number: int
    owner: int
    customer: int
    subject: int
    presence: int
    age: int

    def total(self) -> int:
        """All columns with the blanks between them."""
        widths: tuple[int, ...] = astuple(self)
        shown = [width for width in widths if width]
        return sum(shown) + len(shown) - 1


@lru_cache(64)
def columns_for(width: int, *, urgent_word: str = "!!", widest_status: int = 1, chosen: tuple[str, ...] = ()) -> Columns:
    """The layout of a list so many columns wide. What is left over goes to the subject, then to the customer.

    `urgent_word`: the longest mark of urgency shown in full at a wide list; `widest_status`: columns of the longest status name there.
    `chosen`: only these (`saved_view.CHOOSABLE`) beside the mark and the subject; () for all there is room for.
    """
    return _with_subject(width, _of_these(_with_room(width, urgent_word, widest_status), chosen))


def _with_room(width: int, urgent_word: str, widest_status: int) -> Columns:
    if width < NARROW:
        return Columns(1, 1, 2, 0, 0, 10 if width >= 36 else 0, 0, 0, 3)
    if width < WIDE:
        owner = 6 if width < 72 else 8
        customer = 14 if width < 90 else 18
        # `✎田中 3m` takes eight, `✎田中 12m` nine.
        presence = 8 if width < 72 else 9 if width < 100 else 11
        return Columns(1, 1, 2, 0, owner, customer, 0, presence, 3)
    extra = min(width - WIDE, 80)
    return Columns(1, max(1, widest_status), columns_of(urgent_word), 6, 10 + extra // 20, 20 + extra // 8, 0, 16, 4)


def _of_these(columns: Columns, chosen: tuple[str, ...]) -> Columns:
    if not chosen:
        return columns
    number = columns.number or NUMBER if columns.owner else 0
    left_out = dict.fromkeys((name for name in CHOOSABLE if name not in chosen), 0)
    return replace(columns, **{"number": number, **left_out})


def _with_subject(width: int, columns: Columns) -> Columns:
    return replace(columns, subject=max(1, width - columns.total() - 1))


def list_columns(terminal: int) -> int:
    """How wide the list is on a terminal so wide: all of it, or the share the style sheet gives it."""
    return terminal if terminal < SIDE_BY_SIDE else terminal * 9 // 22


def layouts(columns: int, lines: int) -> dict[str, bool]:
    """The style sheet's words for a terminal so wide and high, and whether each suits it."""
    return {"-wide": columns >= SIDE_BY_SIDE, "-narrow": columns < NARROW, "-low": lines < LOW}
