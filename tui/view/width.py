"""Columns on a terminal: how many a text takes, and cutting and padding by them. A Japanese character takes two."""

import re
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

ELLIPSIS = "…"
_PLAIN = re.compile(r"[ -~\u3000-\u3029\u3030-\u303e\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*")
"""ASCII in one column, and what takes two columns and in UTF-8 three bytes."""


def columns_of(text: str) -> int:
    """How many columns the text takes."""
    if text.isascii():
        return len(text)
    if _PLAIN.fullmatch(text):
        # A letter of one byte counts one and one, a letter of three one and three: half of that.
        return (len(text) + len(text.encode())) // 2
    return cell_len(text)


@lru_cache(4096)
def character_columns(character: str) -> int:
    """0, 1 or 2."""
    return get_character_cell_size(character)


def cut(text: str, columns: int) -> str:
    """The longest beginning that fits; a wide character is never halved."""
    if columns <= 0:
        return ""
    if text.isascii():
        return text[:columns]
    used = 0
    for index, character in enumerate(text):
        used += character_columns(character)
        if used > columns:
            return text[:index]
    return text


def shorten(text: str, columns: int) -> str:
    """The text, or its beginning and an ellipsis, in at most so many columns."""
    return text if columns_of(text) <= columns else _shortened(text, columns)


def _shortened(text: str, columns: int) -> str:
    return cut(text, columns - columns_of(ELLIPSIS)) + ELLIPSIS if columns > 1 else cut(text, columns)


def shorten_middle(text: str, columns: int) -> str:
    """The text, or its beginning and its end with an ellipsis between them, in at most so many columns: of a file's name the end tells most."""
    if columns_of(text) <= columns:
        return text
    room = columns // 2
    end = len(text)
    while end and columns_of(text[end - 1 :]) <= room:
        end -= 1
    return cut(text, columns - columns_of(ELLIPSIS) - columns_of(text[end:])) + ELLIPSIS + text[end:]


def fit(text: str, columns: int, *, right: bool = False) -> str:
    """The text in exactly so many columns: shortened or padded."""
    width = columns_of(text)
    if width > columns:
        text = _shortened(text, columns)
        width = columns_of(text)
    if width >= columns:
        return text
    padding = " " * (columns - width)
    return padding + text if right else text + padding
