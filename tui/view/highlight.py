"""Marking what a search found in lines that are laid out already. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tui.view.spans import Line, Span
from tui.view.width import character_columns

Mark = tuple[int, int, str]
"""From that character up to before this one, and in which tone. Several of a line are ascending, and none is within another."""
Ranges = tuple[tuple[int, int], ...]
"""From that character up to before this one, ascending."""
Matcher = Callable[[str], Iterable[tuple[int, int]]]
"""Where something stands in a text."""


def highlighted(line: Line, marks: Iterable[Mark]) -> Line:
    """The line with these characters in tones of their own."""
    marks = tuple(marks)
    spans: list[Span] = []
    at = 0
    for span in line.spans:
        spans.extend(_pieces(span, at, marks))
        at += len(span.text)
    return Line(tuple(spans), line.mark)


def _pieces(span: Span, start: int, marks: Sequence[Mark]) -> Iterable[Span]:
    at, end = start, start + len(span.text)
    for begin, stop, tone in marks:
        first, last = max(begin, at), min(stop, end)
        if first < last:
            if first > at:
                yield Span(span.text[at - start : first - start], span.tone, span.link)
            yield Span(span.text[first - start : last - start], tone, span.link)
            at = last
    if at < end:
        yield Span(span.text[at - start :], span.tone, span.link)


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a match that stands on one line."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in lines, in order: each match in as many pieces as lines it stands on."""

    matches: tuple[tuple[Piece, ...], ...] = ()

    def line_of(self, match: int) -> int:
        """Where it begins."""
        return self.matches[match][0].line

    def first_from(self, line: int) -> int:
        """The first match that begins there or below; the first of all where none does."""
        return next((index for index, pieces in enumerate(self.matches) if pieces[0].line >= line), 0)

    def marks(self, here: int | None) -> dict[int, tuple[Mark, ...]]:
        """What is to be marked, by line; the match one is at louder than the others."""
        by_line: dict[int, list[Mark]] = {}
        for index, pieces in enumerate(self.matches):
            for piece in pieces:
                by_line.setdefault(piece.line, []).append((piece.start, piece.end, "found-here" if index == here else "found"))
        return {line: tuple(marks) for line, marks in by_line.items()}


NOTHING_FOUND = Findings()


def find_in_lines(lines: Sequence[Line], matcher: Matcher) -> Findings:
    """Where it stands, also across the end of a line: Japanese words break anywhere."""
    texts = [line.text for line in lines]
    joined, begins = _joined(texts)
    found = (_pieces_of(first, last, texts, begins) for first, last in matcher(joined))
    return Findings(tuple(pieces for pieces in found if pieces))


def _pieces_of(first: int, last: int, texts: Sequence[str], begins: Sequence[int]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    index = bisect_right(begins, first) - 1
    while index < len(texts) and begins[index] < last:
        piece = Piece(index, max(0, first - begins[index]), min(len(texts[index]), last - begins[index]))
        if piece.start < piece.end:
            pieces.append(piece)
        index += 1
    return tuple(pieces)


def _joined(texts: Sequence[str]) -> tuple[str, list[int]]:
    """The lines as one text, and where each begins in it. Between two wide characters nothing was left out at the break, elsewhere a blank."""
    pieces: list[str] = []
    begins: list[int] = []
    at = 0
    for index, text in enumerate(texts):
        begins.append(at)
        after = texts[index + 1] if index + 1 < len(texts) else ""
        whole = bool(text and after) and character_columns(text[-1]) == 2 and character_columns(after[0]) == 2
        pieces.append(text if whole else text + " ")
        at += len(pieces[-1])
    return "".join(pieces), begins


def clipped_places(places: Ranges, shown: str, text: str) -> Ranges:
    """Those of the text that are in what of it is shown; the ellipsis is none of it."""
    end = len(shown) if shown.startswith(text) else len(shown.rstrip()) - 1
    return tuple((first, min(last, end)) for first, last in places if first < end)
