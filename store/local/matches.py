"""Where a text holds what a query found: the same folding as the index's, and the places in the text as it is written."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from store.domain.query import And, Field, Not, Or, Query, Word
from store.local.expressions import COLUMNS_OF
from store.local.normalise import (
    COMMON,
    FIRST_SINGLE,
    LONG,
    SINGLE,
    folded,
    folded_plain,
    is_plain,
    letters,
    settled,
    shortened,
    with_long_marks,
    words_in,
)
from store.local.spellings import spellings

Spans = tuple[tuple[int, int], ...]
"""Pairs of first and behind-the-last character, in order, none touching another."""

MOST = 1_000
"""Places in one text; a screen shows no more."""

_MARKS = (
    "\u00ad\u0300-\u036f\u034f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u3099-\u309c"
    "\ufe00-\ufe0f\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
)
"""What belongs to the character before it: `ﾀﾞ` is one letter only together."""


def matches_in(text: str, query: Query, fields: Iterable[str] = ("text",)) -> Spans:
    """The places that words of the query stand at. `fields`: what the text is (`text`, `subject`, `from`, `to`, `file`, `comment`); a word
    that was asked of another field is not marked, nor is one that was not wanted."""
    pattern = pattern_of(query, frozenset(fields))
    return () if pattern is None else spans_of(text, pattern)


def spans_of(text: str, pattern: re.Pattern[str]) -> Spans:
    """All places, those that touch made one."""
    spans: list[tuple[int, int]] = []
    for start, end in islice(places(text, pattern), MOST):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def first_match(text: str, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    """The first place."""
    return next(places(text, pattern), None)


@lru_cache(64)
def pattern_of(query: Query, fields: frozenset[str]) -> re.Pattern[str] | None:
    """What to look for in folded text; None: nothing."""
    wanted = dict.fromkeys(_words(query, fields))
    found = [one for text, prefix in wanted if (one := _pattern(text, prefix=prefix))]
    # The longest first: of two words that begin alike the whole of the longer one is marked.
    return re.compile("|".join(sorted(found, key=len, reverse=True))) if found else None


def _words(query: Query, fields: frozenset[str]) -> Iterator[tuple[str, bool]]:
    match query:
        case Word(text=text, prefix=prefix):
            yield text, prefix
        case Field(name=name, value=value, prefix=prefix) if name in fields and (name in COLUMNS_OF or name == "comment"):
            yield value, prefix
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _words(part, fields)
        case Not():
            return


def _pattern(text: str, *, prefix: bool) -> str:
    """The words of a phrase in each way the index is asked for them; a number also without, or with other, hyphens."""
    words = words_in(text)
    if not words:
        return ""
    found = "|".join(dict.fromkeys(_in_order(words_in(form), prefix=prefix) for form in spellings(text)))
    joined = spellings(text)[-1].strip()
    if joined.isascii() and joined.isalnum() and any(letter.isdigit() for letter in joined) and len(joined) > 1:
        # What stands before a telephone number without a space is no part of it, to the index neither: `TEL03-1234-5678`.
        start = "(?<![0-9])" if joined[0] == "0" and joined.isdigit() else "(?<![0-9a-z])"
        found += f"|{start}{_bounded('[-()]?'.join(joined), start=False, end=not prefix, escaped=True)}"
    return found


def _in_order(words: Sequence[str], *, prefix: bool) -> str:
    """Words with anything between them that is no part of a word, and the long mark that may stand behind the last."""
    bounded = [_bounded(word, start=True, end=True) for word in words]
    bounded[-1] = _bounded(words[-1], start=True, end=not prefix)
    is_long = len(words) > 2 and all("\u30a1" <= word <= "\u30fc" for word in words[-3:])
    return r"[\W_]*".join(bounded) + ("(?:ー(?![\u30a1-\u30fa]))?" if is_long else "")


def _bounded(word: str, *, start: bool, end: bool, escaped: bool = False) -> str:
    found = word if escaped else re.escape(word)
    if len(word) == 1 and word >= FIRST_SINGLE:
        return found
    edge = "[0-9a-z]" if word.isascii() else f"[^\\W_{SINGLE}]"
    return f"{f'(?<!{edge})' if start else ''}{found}{f'(?!{edge})' if end else ''}"


def places(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where a pattern of folded text stands in a text as it is written, one after the other."""
    plain = folded_plain(text)
    level = plain is not None and len(plain) == len(text)
    yield from (found.span() for found in pattern.finditer(plain or "")) if level else _places_by_line(text, pattern)


def _places_by_line(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Folding moves places: within a line they are sought letter by letter, but only in a line that holds one."""
    lines = _Lines(text)
    for found in pattern.finditer(folded(text)):
        yield lines.place_of(found.start())[0], lines.place_of(found.end() - 1)[1]


class _Lines:
    """The lines of a text, looked at as far as they are asked for."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines(keepends=True)
        self._folded_at = [0]
        self._written_at = [0]
        self._origins: dict[int, tuple[Sequence[int], Sequence[int]]] = {}

    def place_of(self, index: int) -> tuple[int, int]:
        """Where the letter begins and ends of which this letter of the folded text is a part."""
        while self._folded_at[-1] <= index and len(self._folded_at) <= len(self._lines):
            line = self._lines[len(self._folded_at) - 1]
            self._folded_at.append(self._folded_at[-1] + (len(line) if _is_level(line) else len(folded(line))))
            self._written_at.append(self._written_at[-1] + len(line))
        number = min(bisect_right(self._folded_at, index), len(self._lines)) - 1
        if number not in self._origins:
            line = self._lines[number]
            level = range(len(line)), range(1, len(line) + 1)
            self._origins[number] = level if _is_level(line) else _origins(line)
        starts, ends = self._origins[number]
        within = min(index - self._folded_at[number], len(starts) - 1)
        return self._written_at[number] + starts[within], self._written_at[number] + ends[within]


def _is_level(line: str) -> bool:
    """Whether each letter stands where it stands in the folded line."""
    return line.isascii() or (is_plain(line) and "ー" not in line)


def _origins(line: str) -> tuple[list[int], list[int]]:
    """Of each letter of the folded line, where in the line it begins and ends."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for letter in _letter().finditer(with_long_marks(line)):
        if letter.lastindex:
            # A run of common letters: each is one letter when it is folded.
            pieces.append(letter[0])
            starts.extend(range(letter.start(), letter.end()))
            ends.extend(range(letter.start() + 1, letter.end() + 1))
            continue
        piece = _folded_letter(letter[0])
        pieces.append(piece)
        starts.extend([letter.start()] * len(piece))
        ends.extend([letter.end()] * len(piece))
    for mark in reversed(list(LONG.finditer("".join(pieces)))):
        stays = mark.start() + len(shortened(mark))
        if stays and stays < mark.end():
            # What is folded away still belongs to the letter before it.
            ends[stays - 1] = ends[mark.end() - 1]
        del starts[stays : mark.end()], ends[stays : mark.end()]
    return starts, ends


@cache
def _letter() -> re.Pattern[str]:
    return re.compile(f"([{COMMON}]+(?![{_MARKS}]))|[\u1100-\u11ff]+|.[{_MARKS}]*", re.DOTALL)


@lru_cache(10_000)
def _folded_letter(letter: str) -> str:
    return letter if letter == "ー" else letters(settled(letter))
