"""A message's source as lines that are safe to show: byte for byte, what cannot be shown by its number, and nothing laid out that is not seen."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, islice
from typing import overload

from tui.view.gate import TAB_COLUMNS, UNSEEN
from tui.view.highlight import Findings, Piece
from tui.view.spans import Line, line
from tui.view.width import character_columns

MATCHES_AT_MOST = 10_000
KNOWN_LETTERS = 30_000
"""Of so many it is remembered how wide they are."""
TAB = 0x09
_ODD = re.compile(rb"[^ -~]")
_HIDDEN = re.compile(f"[\x00-\x1f\x7f-\x9f{UNSEEN}]")


def safe_text(piece: bytes) -> str:
    """UTF-8 as it reads, a tab as blanks; other bytes, and characters that steer a terminal or have no width, by number: `\\x1b`, `\\u202e`."""
    text = piece.decode("utf-8", "backslashreplace")
    return _HIDDEN.sub(_number_of, text) if _HIDDEN.search(text) else text


def _number_of(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == TAB:
        return " " * TAB_COLUMNS
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class SourceLines(Sequence[Line]):
    """The lines of a source in a pane so wide. Only where each begins is kept; a line is made when it is asked for."""

    def __init__(self, raw: bytes, width: int) -> None:
        self._raw = raw
        self._begins = array("Q", _begins(raw, max(8, width)))

    def __len__(self) -> int:
        return len(self._begins)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        begin, end = self._span(index)
        return line(safe_text(self._raw[begin:end]))

    def _span(self, index: int) -> tuple[int, int]:
        """From where to where, without the line's end; a CR that stands alone is shown."""
        begin = self._begins[index]
        end = self._begins[index + 1] if index + 1 < len(self._begins) else len(self._raw)
        if self._raw[end - 1 : end] == b"\n" and end > begin:
            end -= 1
            if self._raw[end - 1 : end] == b"\r" and end > begin:
                end -= 1
        return begin, end

    def find(self, words: str) -> Findings:
        """Where these words stand, in UTF-8, capitals or not; at most `MATCHES_AT_MOST`."""
        if not words:
            return Findings()
        found = re.finditer(re.escape(words.encode("utf-8", "replace")), self._raw, re.IGNORECASE)
        return Findings(tuple(pieces for each in islice(found, MATCHES_AT_MOST) if (pieces := self._pieces(*each.span()))))

    def _pieces(self, first: int, last: int) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        index = bisect_right(self._begins, first) - 1
        while index < len(self) and self._begins[index] < last:
            begin, end = self._span(index)
            start, stop = (len(safe_text(self._raw[begin : min(end, max(begin, at))])) for at in (first, last))
            if start < stop:
                pieces.append(Piece(index, start, stop))
            index += 1
        return tuple(pieces)


def _begins(raw: bytes, width: int) -> list[int]:
    begins: list[int] = []
    at = 0
    while at < len(raw):
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end
        begins.append(at)
        if end - at > width // 4:
            _break_up(raw[at:end].removesuffix(b"\r"), at, width, begins)
        at = end + 1
    return begins


def _break_up(text: bytes, at: int, width: int, begins: list[int]) -> None:
    """Note where the further lines of a long one begin."""
    if _ODD.search(text) is None:
        begins.extend(range(at + width, at + len(text), width))
        return
    letters = text.decode("utf-8", "surrogateescape")
    # Without a step of Python for each letter: a mail of 5 MB has two million.
    ends = array("Q", accumulate(letters.translate(_COLUMNS).encode("latin-1")))
    begin = used = 0
    # One that is wider than the pane stands alone.
    while (end := max(begin + 1, bisect_right(ends, used + width, begin))) < len(letters):
        at += len(letters[begin:end].encode("utf-8", "surrogateescape"))
        begins.append(at)
        begin, used = end, ends[end - 1]


class _Columns(dict[int, str]):
    """For `str.translate`: instead of a letter the character whose number says how many columns it takes."""

    def __missing__(self, code: int) -> str:
        columns = chr(_columns_of(chr(code)))
        if len(self) < KNOWN_LETTERS:
            self[code] = columns
        return columns


def _columns_of(character: str) -> int:
    if character < "\x7f":
        return 1 if character >= " " else 4
    if "\udc80" <= character <= "\udcff":
        return 4
    return len(_HIDDEN.sub(_number_of, character)) if _HIDDEN.match(character) else character_columns(character)


_COLUMNS = _Columns()
