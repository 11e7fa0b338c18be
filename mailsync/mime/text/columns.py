"""How many columns of a terminal a text takes (UAX #11), so that what is laid out as a table here stands straight there."""

from functools import lru_cache
from unicodedata import category, east_asian_width


def columns_of(text: str) -> int:
    """The columns a text takes: two for a wide character, none for what combines with another."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def widths_of(text: str) -> list[int]:
    """The columns of each character of a text."""
    return [1] * len(text) if text.isascii() else [*map(_columns, text)]


@lru_cache(8192)
def _columns(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text with blanks up to so many columns."""
    blanks = " " * (columns - columns_of(text))
    return blanks + text if right else text + blanks
