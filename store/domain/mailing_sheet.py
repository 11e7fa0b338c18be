"""A table of recipients as people save it: its encoding, its delimiter, its records, each with the very bytes it was read from. Pure.

Spreadsheets write CSV in whatever their country is used to (RFC 4180 names none of it): UTF-8 with or without a mark, UTF-16 with one,
Shift_JIS; commas, semicolons, tabs; line ends inside quotes; rows of different lengths.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from store.errors import BadInput

LARGEST_BYTES = 100_000_000
DELIMITERS = (",", "\t", ";", "|")
LONGEST_LINE = 2000
"""Letters in which the place of a quotation mark is looked for."""
LOOKED_AT = 50
"""Records by which the delimiter is known."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_LINE_BYTES = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_SEPARATOR_SAID = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE | re.DOTALL)
_NO_LETTER = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
"""What Python's cp932 makes of bytes that stand for nothing."""
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")


PROBLEMS = {
    "too_large": "the file is larger than {fact} MB",
    "empty": "the file is empty",
    "no_text": "this is no text; save it as CSV in UTF-8",
    "encoding": "the letters are neither UTF-8 nor Shift_JIS; save it as CSV in UTF-8",
    "other_encoding": "the letters are not {fact} as the file says; save it as CSV in UTF-8",
    "open_quote": "a quotation mark is opened and never closed",
    "stray_quote": "letters follow a closing quotation mark; inside a cell it is written twice",
    "no_addresses": "no column is called `address`, `mail` or メール; these are there: {fact}",
    "two_columns": "two columns are called {fact}",
    "too_many": "there are more than {fact} rows; split the table",
}
"""What can be wrong with a whole file, and what each says in English."""


class SheetUnreadable(BadInput):
    """The file is no table that can be read. `row` and `column` count from 1 as a spreadsheet does; 0: the whole file."""

    def __init__(self, code: str, row: int = 0, column: int = 0, fact: str = "") -> None:
        where = f"row {row}, column {column}: " if column else f"row {row}: " if row else ""
        super().__init__(where + PROBLEMS[code].format(fact=fact), code=code, row=row, column=column, fact=fact)
        self.code, self.row, self.column, self.fact = code, row, column, fact


class Encoding(NamedTuple):
    """How the file's letters are written, and the mark in front of them."""

    name: str
    mark: bytes = b""


class Record(NamedTuple):
    """One row. `n`: its number, from 1 with the header; `raw`: its bytes, line end included; `cells` as they stand, quotes taken off."""

    n: int
    raw: bytes
    cells: list[str]

    @property
    def empty(self) -> bool:
        """Whether nothing stands there."""
        return not any(cell.strip() for cell in self.cells)


class Sheet(NamedTuple):
    """A file that can be read: `preamble` is what stands before the header (Excel's `sep=;`), with the mark."""

    encoding: Encoding
    delimiter: str
    preamble: bytes
    body: bytes

    def records(self) -> Iterator[Record]:
        """Every row, empty ones too; a broken one ends it.

        Raises:
            SheetUnreadable: A quotation mark is open or out of place.
        """
        heard: list[bytes] = []
        reader = csv.reader(_texts(self.body, self.encoding.name, heard), delimiter=self.delimiter, strict=True)
        n = 0
        while True:
            heard.clear()
            n += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise SheetUnreadable(_broken(str(error)), n, _broken_at(heard, self)) from error
            yield Record(n, b"".join(heard), cells)


def read_sheet(raw: bytes) -> Sheet:
    """Find out how a file is written.

    Raises:
        SheetUnreadable: It is empty, too large, no text, or in an encoding that cannot be told.
    """
    if len(raw) > LARGEST_BYTES:
        raise SheetUnreadable("too_large", fact=str(LARGEST_BYTES // 1_000_000))
    encoding = _encoding(raw)
    body = raw[len(encoding.mark) :]
    if not body.strip(b"\x00\r\n\t ,;|"):
        raise SheetUnreadable("empty")
    first: list[bytes] = []
    said = _SEPARATOR_SAID.fullmatch(next(_texts(body, encoding.name, first)))
    if said:
        return Sheet(encoding, said[1], encoding.mark + first[0], body[len(first[0]) :])
    return Sheet(encoding, _delimiter(body, encoding.name), encoding.mark, body)


def _encoding(raw: bytes) -> Encoding:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            _decoded(raw[len(mark) :], name)
            return Encoding(name, mark)
    if b"\x00" in raw[:4096]:
        raise SheetUnreadable("no_text")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return Encoding(_japanese(raw))
    return Encoding("utf-8")


def _japanese(raw: bytes) -> str:
    """Shift_JIS as Windows writes it, or EUC-JP: of what both can read, half-width kana in numbers say that it was the other."""
    readings = {name: text for name in ("cp932", "euc_jp") if (text := _read_as(raw, name)) is not None}
    if not readings:
        bad = next((n for n, line in enumerate(raw.split(b"\n"), 1) if all(_read_as(line, name) is None for name in ("cp932", "euc_jp"))), 0)
        raise SheetUnreadable("encoding", bad)
    if len(readings) == 1:
        return next(iter(readings))
    text = readings["cp932"]
    foreign = sum(not letter.isascii() for letter in text)
    return "euc_jp" if len(_HALF_WIDTH.findall(text)) * 2 > foreign else "cp932"


def _read_as(raw: bytes, name: str) -> str | None:
    try:
        text = raw.decode(name)
    except UnicodeDecodeError:
        return None
    return None if _NO_LETTER.search(text) else text


def _decoded(raw: bytes, name: str) -> None:
    try:
        raw.decode(name)
    except UnicodeDecodeError as error:
        raise SheetUnreadable("other_encoding", _row_at(raw, error.start), fact=name) from error


def _row_at(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1


def _texts(body: bytes, name: str, heard: list[bytes]) -> Iterator[str]:
    """The lines as text, their bytes put into `heard` as they are taken."""
    if name.startswith("utf-16"):
        # A line end's bytes may be halves of other letters here.
        for found in _LINE.finditer(body.decode(name)):
            heard.append(found[0].encode(name, "surrogatepass"))
            yield found[0]
        return
    for line in _LINE_BYTES.finditer(body):
        heard.append(line[0])
        yield line[0].decode(name)


def _delimiter(body: bytes, name: str) -> str:
    """The one by which most rows get the same number of cells, more than one; a comma for a file of one column."""
    best, best_score = ",", 0
    lines: list[str] = []
    for line, _ in zip(_texts(body, name, []), range(LOOKED_AT * 4), strict=False):
        lines.append(line)
    for delimiter in DELIMITERS:
        widths = [len(cells) for cells in _lenient(lines, delimiter) if any(cells)][:LOOKED_AT]
        width = widths[0] if widths else 1
        score = sum(one == width for one in widths) * 100 + width if width > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _lenient(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except (StopIteration, csv.Error):
            return


def _broken(said: str) -> str:
    return "open_quote" if "unexpected end" in said or "larger than" in said else "stray_quote"


def _broken_at(heard: list[bytes], sheet: Sheet) -> int:
    """In which cell of the row's first line the quotation mark stands: the last of the shortest beginning that is broken by itself."""
    line = heard[0].decode(sheet.encoding.name, "replace")[:LONGEST_LINE] if heard else ""
    for end in range(1, len(line) + 1):
        try:
            list(csv.reader([line[:end]], delimiter=sheet.delimiter, strict=True))
        except csv.Error as error:
            if _broken(str(error)) == "stray_quote":
                return max((len(cells) for cells in _lenient([line[: end - 1]], sheet.delimiter)), default=1)
    return max((len(cells) for cells in _lenient([line], sheet.delimiter)), default=1)
