"""Where what is looked for stands in a text that a person reads: what a query found, and words looked for on one page."""

import re

from store.domain.query import Query
from store.local.matches import matches_in, pattern_of
from store.local.normalise import folded
from tui.view.highlight import Matcher

EVERYWHERE = ("text", "subject", "from", "to", "cc", "file", "comment")
"""A page shows all of a mail."""

_LETTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
"""A character with its marks: `ﾀﾞ` is one letter only together."""


def query_matcher(query: Query, *fields: str) -> Matcher | None:
    """Finds what a query asks for in texts that are these `fields`; none: any. None: it asks for no words there."""
    wanted = fields or EVERYWHERE
    if pattern_of(query, frozenset(wanted)) is None:
        return None
    return lambda text: matches_in(text, query, wanted)


def words_matcher(words: str) -> Matcher:
    """Finds the words as they were typed, inside of others too: widths and capitals make no difference, blanks are of any length."""
    pieces = [re.escape(each) for each in folded(words).split()]
    pattern = re.compile(r"\s+".join(pieces)) if pieces else None

    def matches(text: str) -> tuple[tuple[int, int], ...]:
        if pattern is None:
            return ()
        origin: list[tuple[int, int]] = []
        letters: list[str] = []
        for letter in _LETTER.finditer(text):
            piece = folded(letter[0])
            letters.append(piece)
            origin.extend([letter.span()] * len(piece))
        found = pattern.finditer("".join(letters))
        return tuple((origin[each.start()][0], origin[each.end() - 1][1]) for each in found)

    return matches
