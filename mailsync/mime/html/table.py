"""Tables of HTML mail: those that hold data become straight rows, those that only place things on a page dissolve into lines."""

import re

import msgspec

from mailsync.mime.text.columns import columns_of, padded

WIDEST = 76
"""Columns of a table that is laid out straight; a wider one would be broken by the reader's own lines."""
WIDEST_CELL = 200
WIDEST_LINES = 40
"""Characters of a cell of several lines in a table that nothing but its rows shows to hold data."""
MOST_COLUMNS = 30

_NUMBER = re.compile(r"[-+−▲△]?\s?[¥￥$€£]?\s?[\d,.]*\d[\d,.]*\s?(?:[%％円個点本枚台件kK]|kg|cm|mm|JPY|EUR|USD|税込)?")


class Table(msgspec.Struct):
    """A table in the making: its rows of cells' texts."""

    rows: list[dict[int, str]] = msgspec.field(default_factory=list)
    """By their columns. An empty cell is none: two spans can make a thousand of each that is filled."""
    holds_tables: bool = False
    has_headers: bool = False
    spans: dict[int, int] = msgspec.field(default_factory=dict)
    """Columns still covered by a cell of a row above, and for how many rows."""
    column: int = 0
    """Of the next cell, if none of a row above covers it."""

    def begin_row(self) -> None:
        """A row begins."""
        self.rows.append({})
        self.column = 0

    def cell(self, text: str, columns: int, rows: int) -> None:
        """The next cell of the last row, over so many columns and rows."""
        if not self.rows:
            self.begin_row()
        column, spans = self.column, self.spans
        while column < MOST_COLUMNS and spans.get(column, 0) > 0:
            spans[column] -= 1
            column += 1
        if text:
            self.rows[-1][column] = text
        self.column = column + columns
        if rows > 1:
            spans.update(dict.fromkeys(range(column, min(self.column, MOST_COLUMNS)), rows - 1))

    def text(self) -> str:
        """The table as lines."""
        rows = [row for row in self.rows if row]
        used = sorted(set().union(*rows))
        if self._is_data(rows, len(used)):
            return _straight([[row.get(column, "") for column in used] for row in rows])
        return "\n".join(_dissolved(list(row.values())) for row in rows)

    def _is_data(self, rows: list[dict[int, str]], columns: int) -> bool:
        if self.holds_tables or not 2 <= columns <= MOST_COLUMNS:
            return False
        cells = [cell for row in rows for cell in row.values()]
        if any(len(cell) > WIDEST_CELL or cell.count("\n") > 3 or "\n\n" in cell for cell in cells):
            return False
        if self.has_headers:
            return True
        if len(rows) > 1 and columns > 2 and all(len(row) == columns for row in rows) and all(len(cell) <= WIDEST_LINES for cell in cells):
            return True  # no page is laid out so: a product's number below its name is one cell
        full = sum(len(row) > 1 for row in rows)
        return full * 2 >= len(rows) and not any("\n" in cell for cell in cells)


def _dissolved(filled: list[str]) -> str:
    """A row's cells one below the other; single lines that stand side by side stay so."""
    if len(filled) > 1 and all("\n" not in cell and len(cell) <= WIDEST for cell in filled) and sum(map(len, filled)) <= WIDEST * 2:
        return " | ".join(filled)
    return "\n".join(filled)


def _straight(rows: list[list[str]]) -> str:
    """Rows whose columns stand below each other, numbers to the right; unpadded where that would be too wide."""
    rows = [[" ".join(cell.split("\n")) for cell in row] for row in rows]
    widths = [max(columns_of(row[column]) for row in rows) for column in range(len(rows[0]))]
    if sum(widths) + 3 * (len(widths) - 1) > WIDEST:
        return "\n".join(" | ".join(row).strip(" |") for row in rows)
    numeric = [_is_numeric([row[column] for row in rows]) for column in range(len(widths))]
    lines = (" | ".join(padded(cell, width, right=right) for cell, width, right in zip(row, widths, numeric, strict=True)) for row in rows)
    return "\n".join(line.rstrip(" |") if line.endswith(" ") else line for line in lines)


def _is_numeric(column: list[str]) -> bool:
    """Whether a column, its first cell aside, holds numbers."""
    body = [cell for cell in column[1:] if cell]
    return bool(body) and all(len(cell) < 30 and _NUMBER.fullmatch(cell) for cell in body)
