"""Where a typed line went wrong, shown under it; pure."""

from tui.view.gate import clean
from tui.view.width import columns_of, cut

CONTEXT_COLUMNS = 60
"""Of a long line only the surroundings of the place are shown."""


def caret_lines(text: str, position: int, length: int) -> tuple[str, str]:
    """The line, safe to show, and one that points at `length` characters from `position` on: `^~~~`. Behind the end it points there."""
    before, marked = clean(text[:position]), clean(text[position : position + length])
    shown = before
    while columns_of(shown) > CONTEXT_COLUMNS:
        shown = shown[max(1, (columns_of(shown) - CONTEXT_COLUMNS) // 2) :]
    start = f"…{shown}" if shown != before else shown
    marked = cut(marked, CONTEXT_COLUMNS)
    after = cut(clean(text[position + length :]), CONTEXT_COLUMNS)
    return f"{start}{marked}{after}", " " * columns_of(start) + "^" + "~" * (columns_of(marked) - 1)
