"""Characters whose width Unicode leaves open (UAX #11: ambiguous), on a terminal that gives them two columns: here, in Rich, and so in Textual.

What our own rules and frames are made of stays one column wide: it is written as ASCII then (`tui.view.signs`).
"""

import unicodedata
from collections.abc import Iterator, Sequence

import rich.cells
from rich._unicode_data import load

from tui.view.signs import LINES
from tui.view.width import character_columns

_RANGES = ((0xA1, 0xFFFE), (0x1F100, 0x1F1AE))
"""Where they are; the private planes beyond show nothing that we know."""


def widen() -> None:
    """From now on, for as long as the program runs: a terminal does not change its mind."""
    table = load("auto")
    widened = table._replace(widths=tuple(_merged(table.widths)))
    vars(rich.cells)["load_cell_table"] = lambda _version="auto": widened
    # A shortcut for text of which Rich knows that each character takes one.
    vars(rich.cells)["_is_single_cell_widths"] = str.isascii
    rich.cells.get_character_cell_size.cache_clear()
    rich.cells.cached_cell_len.cache_clear()
    character_columns.cache_clear()


def _merged(widths: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Rich's table with the ambiguous ones in it, in order, one entry each; what shows nothing stays so."""
    known = {code: width for start, end, width in widths for code in range(start, end + 1)}
    for first, last in _RANGES:
        for code in range(first, last):
            if code not in known and chr(code) not in LINES and unicodedata.east_asian_width(chr(code)) == "A":
                known[code] = 2
    start = before = width = -1
    for code in sorted(known):
        if code != before + 1 or known[code] != width:
            if start >= 0:
                yield start, before, width
            start, width = code, known[code]
        before = code
    yield start, before, width
