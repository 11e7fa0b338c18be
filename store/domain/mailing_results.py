"""What became of each row, written back into the table it came from: four columns at the end, every other byte as it was. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from store.domain.mailing_sheet import Record, Sheet

RESULT_COLUMNS = ("mado_state", "mado_reason", "mado_time", "mado_message_id")


class RowResult(NamedTuple):
    """A row's fate. `state`: as in `store.domain.mailing.Fate`, or `left_out` where it never was part of the mailing; `at` ISO 8601, or ""."""

    state: str
    reason: str = ""
    at: str = ""
    message_id: str = ""


NOT_IN_IT = RowResult("left_out")


def with_results(sheet: Sheet, results: Mapping[int, RowResult]) -> Iterator[bytes]:
    """The file again, piece by piece; results by row. Columns of ours from an earlier time are replaced.

    Raises:
        SheetUnreadable: The table is broken.
    """
    yield sheet.preamble
    header = next(record for record in sheet.records() if not record.empty)
    ours = _place_of_ours(header.cells)
    # Behind the longest row: what stands beyond the header is somebody's, too.
    width = ours if ours is not None else max(len(record.cells) for record in sheet.records())
    end = _line_end(sheet, header)
    for record in sheet.records():
        if record.empty:
            yield record.raw
            continue
        added = RESULT_COLUMNS if record.n == header.n else results.get(record.n, NOT_IN_IT)
        yield _extended(sheet, record, width, added, end)


def _extended(sheet: Sheet, record: Record, width: int, added: Sequence[str], end: str) -> bytes:
    text = record.raw.decode(sheet.encoding.name)
    body = text.rstrip("\r\n") if text.endswith(("\r", "\n")) else text
    its_end = text[len(body) :]
    before, of_ours = record.cells[:width], record.cells[width:]
    tail = sheet.delimiter + _row(sheet, of_ours) if of_ours else ""
    missing = sheet.delimiter * (width - len(before))
    new = missing + sheet.delimiter + _row(sheet, added) + (its_end or end)
    if body.endswith(tail):
        kept = record.raw[: len(record.raw) - len((tail + its_end).encode(sheet.encoding.name, "surrogatepass"))]
    else:
        # Somebody's program has quoted it otherwise since.
        kept = _row(sheet, before).encode(sheet.encoding.name, "replace")
    return kept + new.encode(sheet.encoding.name, "replace")


def _row(sheet: Sheet, cells: Sequence[str]) -> str:
    made = io.StringIO(newline="")
    # What may end a line is quoted only where it is named here.
    csv.writer(made, delimiter=sheet.delimiter, lineterminator="\r\n").writerow(cells)
    return made.getvalue().removesuffix("\r\n")


def _place_of_ours(cells: Sequence[str]) -> int | None:
    found = [n for n in range(len(cells)) if tuple(cells[n : n + len(RESULT_COLUMNS)]) == RESULT_COLUMNS]
    return found[-1] if found else None


def _line_end(sheet: Sheet, header: Record) -> str:
    text = header.raw.decode(sheet.encoding.name)
    return next((end for end in ("\r\n", "\n", "\r") if text.endswith(end)), "\n")
