"""A text whose lines are in more than one charset: a footer, a signature or a quotation that was put in as it lay. Pure."""

import re
from collections.abc import Callable

MAX_LINES = 5_000
"""Of a longer text all is read alike: its lines would be looked at one by one."""
MIXED = "The text mixes charsets; each line was read by its own."

_WIDE = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}[\xe2-\xef][\x80-\xbf]{2}")
_ACCENT = re.compile(rb"[\xc3-\xc5][\x80-\xbf](?<=[A-Za-z]..)(?![\x80-\xff])")
_ALPHABET = re.compile(rb"[\xce-\xd1][\x80-\xbf](?:[\xce-\xd1][\x80-\xbf]){3}")

Reads = Callable[[bytes], str | None]


def evidence(raw: bytes) -> bool:
    """Bytes that are UTF-8, and in a line that is UTF-8 as a whole hardly anything else: kana and kanji, an accent in a word, Greek, Cyrillic.

    Three patterns, for one that begins with a choice is looked for ten times as slowly.
    """
    return bool(_WIDE.search(raw) or _ACCENT.search(raw) or _ALPHABET.search(raw))


def by_lines(raw: bytes, others: Reads) -> str | None:
    """The text, its lines that are UTF-8 read so, the rest together by `others`; None where it is not such a mixture."""
    if not 0 < raw.count(b"\n") <= MAX_LINES or not evidence(raw):
        return None
    lines = raw.split(b"\n")
    read: list[str | None] = [_utf8(line) for line in lines]
    if not any(text is not None and not text.isascii() and evidence(line) for line, text in zip(lines, read, strict=True)):
        return None
    left = [number for number, text in enumerate(read) if text is None]
    rest = others(b"\n".join(lines[number] for number in left)) if left else None
    return "\n".join(text or "" for text in read) if rest is not None and _put(read, left, rest) else None


def apart(raw: bytes, is_foreign: Callable[[bytes], bool], foreign: Callable[[bytes], str], own: Callable[[bytes], str]) -> str:
    """The text, the lines of two kinds each read together; all of it by `own` where it has too many."""
    if raw.count(b"\n") > MAX_LINES:
        return own(raw)
    lines = raw.split(b"\n")
    kinds: tuple[list[int], list[int]] = ([], [])
    for number, line in enumerate(lines):
        kinds[is_foreign(line)].append(number)
    read: list[str | None] = [None] * len(lines)
    for numbers, reads in zip(kinds, (own, foreign), strict=True):
        if numbers and not _put(read, numbers, reads(b"\n".join(lines[number] for number in numbers))):
            return own(raw)
    return "\n".join(text or "" for text in read)


def _put(read: list[str | None], numbers: list[int], text: str) -> bool:
    """Put the lines of a text to where they were; False where they are no longer so many."""
    texts = text.split("\n")
    if len(texts) != len(numbers):
        return False
    for number, line in zip(numbers, texts, strict=True):
        read[number] = line
    return True


def _utf8(line: bytes) -> str | None:
    """The line as UTF-8; a few bytes of it may be lost. None: it is something else."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        lenient = line.decode("utf-8", "replace")
    lost = lenient.count("\ufffd")
    return lenient if evidence(line) and len(re.sub(r"[\x00-\x7f\ufffd]", "", lenient)) > 3 * lost else None
