"""A few words around a hit, in the text's own spelling."""

import re
import unicodedata

from store.local.normalise import folded

SNIPPET_CHARACTERS = 120
BEFORE_CHARACTERS = 40


_LETTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
"""A character with its marks: `ﾀﾞ` is one letter only together."""


def snippet(text: str, terms: tuple[str, ...]) -> str:
    """One line of at most `SNIPPET_CHARACTERS` around the first term that stands in the text; its beginning where none does."""
    at = next((place for term in terms if (place := _find(text, term)) >= 0), 0)
    start = max(0, at - BEFORE_CHARACTERS)
    end = start + SNIPPET_CHARACTERS
    line = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"


def _find(text: str, term: str) -> int:
    """Where the term begins in the text, -1 if it cannot be seen there (another spelling, or a phrase broken over a line)."""
    wanted = folded(term).strip()
    if not wanted:
        return -1
    plain = text.casefold()
    if len(plain) != len(text) or not unicodedata.is_normalized("NFKC", plain):
        return _find_letter_by_letter(text, wanted)
    return plain.find(wanted)


def _find_letter_by_letter(text: str, wanted: str) -> int:
    # Folding moves places: remember of each folded letter where it came from.
    origin: list[int] = []
    pieces: list[str] = []
    for letter in _LETTER.finditer(text):
        piece = folded(letter.group())
        pieces.append(piece)
        origin.extend([letter.start()] * len(piece))
    place = "".join(pieces).find(wanted)
    return -1 if place < 0 else origin[place]
