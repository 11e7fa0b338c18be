"""A few words around a hit, in the text's own spelling, and where in them the hit stands."""

import re

import msgspec

from store.local.matches import Spans, first_match, spans_of

SNIPPET_CHARACTERS = 120
BEFORE_CHARACTERS = 40
LOOKED_AT_FIRST = 500
"""Most hits stand near the beginning: the rest of a long mail is only folded when there is none."""

_BLANKS = re.compile(r"\s+")


class Snippet(msgspec.Struct, frozen=True):
    """One line of at most `SNIPPET_CHARACTERS` and two `…`; `spans` are what to mark in it."""

    text: str
    spans: Spans = ()


def snippet(text: str, pattern: re.Pattern[str] | None, *, thorough: bool = True, marked: bool = True) -> Snippet:
    """The text around a place that the pattern (`matches.pattern_of`) stands at; its beginning where it stands at none.

    Not `thorough`: only a place in the very spelling that was asked for is sought, because the hit is seen elsewhere.
    """
    place = None if pattern is None else _place(text, pattern, thorough=thorough)
    start = max(0, place[0] - BEFORE_CHARACTERS) if place else 0
    end = start + SNIPPET_CHARACTERS
    line = _BLANKS.sub(" ", text[start:end]).strip()
    before, after = "…" if start else "", "…" if end < len(text) else ""
    spans = spans_of(line, pattern) if place and marked and pattern is not None else ()
    return Snippet(f"{before}{line}{after}", tuple((first + len(before), last + len(before)) for first, last in spans))


def _place(text: str, pattern: re.Pattern[str], *, thorough: bool) -> tuple[int, int] | None:
    # Folded words that stand in the text as they are: no folding is needed to know where.
    found = _as_written(text[:LOOKED_AT_FIRST], pattern)
    if len(text) > LOOKED_AT_FIRST and (found is None or found[1] == LOOKED_AT_FIRST):
        # What stands at the cut may be a part of a longer word.
        found = _as_written(text, pattern)
    if found is not None or not thorough:
        return found
    return first_match(text[:LOOKED_AT_FIRST], pattern) or (first_match(text, pattern) if len(text) > LOOKED_AT_FIRST else None)


def _as_written(text: str, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    plain = text.lower()
    found = pattern.search(plain) if len(plain) == len(text) else None
    return None if found is None else found.span()
