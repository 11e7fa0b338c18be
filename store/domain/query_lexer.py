"""A query's text as tokens: where words, quotes, parentheses and fields begin and end."""

import re
from enum import StrEnum, auto
from functools import cache
from unicodedata import normalize

import msgspec

from store.domain.query_tree import QueryError

SPACES = " \t\r\n\u3000"
QUOTES = '"＂“”'
OPENS = "(（"
CLOSES = ")）"
COLONS = ":："
MINUSES = "-－−"
"""The last is what the Japanese keyboard of macOS writes."""
STARS = "*＊"


@cache
def _name() -> re.Pattern[str]:
    """What may be the name of a field, when a colon follows. Compiled when there is one, as in `store.local.normalise`."""
    return re.compile(r"[A-Za-zＡ-Ｚａ-ｚ_ぁ-んァ-ヶー一-龠々]+(?=[:：])")


class Sort(StrEnum):
    """What a token is."""

    WORD = auto()
    QUOTED = auto()
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    MINUS = auto()
    OR = auto()
    AND = auto()
    NOT = auto()


OPERATORS = {"OR": Sort.OR, "AND": Sort.AND, "NOT": Sort.NOT}


class Token(msgspec.Struct, frozen=True):
    """A piece of the query. Of a field, `text` is the name as typed; its value is the token after it, with `glued` set."""

    sort: Sort
    text: str
    position: int
    glued: bool = False
    """Follows the one before without a space."""


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a query.

    Raises:
        QueryError: A quotation mark that is never closed.
    """
    found: list[Token] = []
    at = 0
    spaced = True
    while at < len(text):
        if text[at] in SPACES:
            at, spaced = at + 1, True
            continue
        token, at = _next(text, at, glued=not spaced)
        found.append(token)
        spaced = False
    return tuple(found)


def _next(text: str, at: int, *, glued: bool) -> tuple[Token, int]:
    letter = text[at]
    if letter in OPENS:
        return Token(Sort.OPEN, letter, at, glued), at + 1
    if letter in CLOSES:
        return Token(Sort.CLOSE, letter, at, glued), at + 1
    if letter in QUOTES:
        return _quoted(text, at, glued=glued)
    if letter in MINUSES and at + 1 < len(text) and text[at + 1] not in SPACES + CLOSES + MINUSES:
        return Token(Sort.MINUS, letter, at, glued), at + 1
    name = _name().match(text, at) if any(colon in text for colon in COLONS) else None
    if name is not None and not text.startswith("//", name.end() + 1):  # `https://…` is no field
        return Token(Sort.FIELD, name[0], at, glued), name.end() + 1
    return _word(text, at, glued=glued)


def _quoted(text: str, at: int, *, glued: bool) -> tuple[Token, int]:
    end = next((i for i in range(at + 1, len(text)) if text[i] in QUOTES), None)
    if end is None:
        raise QueryError(at, "this quotation mark is never closed")
    return Token(Sort.QUOTED, text[at + 1 : end], at, glued), end + 1


def _word(text: str, at: int, *, glued: bool) -> tuple[Token, int]:
    end = at
    while end < len(text) and text[end] not in SPACES + QUOTES + OPENS + CLOSES:
        end += 1
    word = text[at:end]
    return Token(OPERATORS.get(normalize("NFKC", word), Sort.WORD), word, at, glued), end
