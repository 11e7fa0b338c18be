"""Where words stand in a text that a person reads: widths and capitals make no difference. For pages; a query has a matcher of its own."""

import re
from collections.abc import Iterator

from store.domain.query import And, Field, Not, Or, Query, Word
from store.local.normalise import folded
from tui.view.highlight import Matcher

_LETTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
"""A character with its marks: `ﾀﾞ` is one letter only together."""


def words_matcher(words: str) -> Matcher:
    """Finds the words as they were typed, blanks of any length between them."""
    pieces = [re.escape(each) for each in folded(words).split()]
    pattern = re.compile(r"\s+".join(pieces)) if pieces else None

    def matches(text: str) -> tuple[tuple[int, int], ...]:
        if pattern is None:
            return ()
        origin: list[tuple[int, int]] = []
        pieces: list[str] = []
        for letter in _LETTER.finditer(text):
            piece = folded(letter[0])
            pieces.append(piece)
            origin.extend([letter.span()] * len(piece))
        found = pattern.finditer("".join(pieces))
        return tuple((origin[each.start()][0], origin[each.end() - 1][1]) for each in found)

    return matches


def query_matcher(query: Query) -> Matcher | None:
    """Finds what a query asks for; None: it asks for no words."""
    words = tuple(words_in(query))
    matchers = [words_matcher(each) for each in words if each.strip()]
    if not matchers:
        return None

    def matches(text: str) -> tuple[tuple[int, int], ...]:
        found = sorted({place for each in matchers for place in each(text)})
        apart: list[tuple[int, int]] = []
        for first, last in found:
            if not apart or first >= apart[-1][1]:
                apart.append((first, last))
        return tuple(apart)

    return matches


def words_in(query: Query) -> Iterator[str]:
    """The words that were asked for, those that must not be there left out."""
    match query:
        case Word(text=text):
            yield text
        case Field(name=name, value=value) if name in ("from", "to", "subject"):
            yield value
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from words_in(part)
        case Not():
            return
