"""Long paragraphs broken softly (RFC 3676, `format=flowed; delsp=yes`): who reads flowed text sees them whole, at any width. Pure.

The other direction is `mailsync.mime.text.flowed`. With DelSp the space that ends a soft line is not part of the text, so that Japanese,
which has no spaces to break at, can be broken anywhere, and a space of the text stands before it.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from mailsync.mime.text.columns import columns_of, widths_of

FLOWED_COLUMNS = 74
"""Of a soft line with its quote marks, without the space that ends it: at most 78 with all (RFC 3676 4.2)."""
SIGNATURE = "-- "
LINES_KEPT = 512
LONGEST_WORD = 500
"""A word, such as an address of the web, is left whole up to here: a reader that knows nothing of flowed text could not put it together."""

_QUOTED = re.compile(r"(>+)( ?)(.*)", re.DOTALL)
_NOT_FIRST = frozenset("、。，．・：；？！゛゜ヽヾゝゞ々ー）〕］｝〉》」』】〙〗ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゠–〜～…‥,.:;?!)]}%°′″℃")
_NOT_LAST = frozenset("（〔［｛〈《「『【〘〖([{￥＄£$¥")


def needs_flow(body: str) -> bool:
    """Whether a line is longer than a line of mail should be."""
    return any(len(line) > FLOWED_COLUMNS or columns_of(line) > FLOWED_COLUMNS + 4 for line in body.split("\n"))


def flow(body: str) -> str | None:
    """The text, lines ended by LF, in soft lines; None: it cannot be said so that it reads back exactly (a line ends in a space)."""
    out: list[str] = []
    for line in body.split("\n"):
        marks, content = _marks_of(line)
        if content.endswith((" ", "\t")) and content != SIGNATURE:
            return None
        # Quoted text has a space behind its marks anyway; what begins like something else gets one (RFC 3676 4.4).
        stuffed = " " if (marks and content) or content.startswith((" ", ">", "From ")) else ""
        pieces = (content,) if content == SIGNATURE else _soft(content, FLOWED_COLUMNS - len(marks) - 1)
        out += [
            f"{marks}{_stuffing(piece, marks, stuffed, first=n == 0)}{piece}{' ' if n < len(pieces) - 1 else ''}" for n, piece in enumerate(pieces)
        ]
    return "\n".join(out)


def _stuffing(piece: str, marks: str, of_line: str, *, first: bool) -> str:
    if first or marks:
        return of_line
    return " " if piece.startswith((" ", ">", "From ")) else ""


def _marks_of(line: str) -> tuple[str, str]:
    """The marks of a quoted line, and the rest. `>x` is no quotation as we write one: it is text that begins so."""
    found = _QUOTED.fullmatch(line)
    if found is None or (found[3] and not found[2]) or (found[2] and not found[3]):
        return "", line
    return found[1], found[3]


@lru_cache(LINES_KEPT)
def _soft(content: str, most: int) -> Sequence[str]:
    """The pieces of a paragraph, which are the paragraph when put together. Kept by line: the mails of a mailing have most of theirs in common."""
    if columns_of(content) <= most:
        return (content,)
    pieces: list[str] = []
    start = columns = looked = 0
    for at, (character, width) in enumerate(zip(content, widths_of(content), strict=True)):
        columns += width
        if columns > most:
            # Looked for only where a line is full, and never twice at one place.
            place = next((place for place in range(at, max(start, looked), -1) if _may_break(content, start, place)), None)
            if place is not None:
                pieces.append(content[start:place])
                start, looked, columns = place, place, columns_of(content[place : at + 1])
                continue
            looked = at
        if at - start > LONGEST_WORD and not unicodedata.combining(character):
            pieces.append(content[start:at])
            start, columns = at, width
    return (*pieces, content[start:])


def _may_break(content: str, start: int, at: int) -> bool:
    """Whether a line that begins at `start` may end before this character."""
    before, here = content[at - 1], content[at]
    if content[start:at] == "--":
        # With the blank of a soft line behind it, that alone would begin a signature.
        return False
    if before == " ":
        return here != " "
    if here in _NOT_FIRST or before in _NOT_LAST or here == " " or _clings(here) or before == "\u200d":
        return False
    return _is_wide(before) or _is_wide(here)


def _clings(character: str) -> bool:
    """What belongs to the character before it: marks, selectors, joiners, skin tones."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Cf")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U0001f1e6" <= character <= "\U0001f1ff"
    )


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
