"""Where base64 ends and plain text begins, in a part that a list or a virus scanner has added lines to. Pure."""

import re

_OUTSIDE = re.compile(rb"[^A-Za-z0-9+/=\r\n]")
_EMPTY_LINE = re.compile(rb"(?<=[^\s])[ \t]{0,99}\r?\n[ \t]{0,99}\r?\n")
_WORD = re.compile(rb"[A-Za-z0-9\x80-\xff]")
MAX_DAMAGED = 1_000
"""Lines with other bytes that are looked at."""
LEAST_OF_DAMAGED = 40
"""Bytes of a line that is base64 although something in it is not."""
MOST_OUTSIDE = 2
SURELY_BASE64 = 16
"""A single line of so many bytes, all of the alphabet and whole groups of four, is no word."""


def split_off_text(raw: bytes) -> tuple[bytes, bytes]:
    """The base64 and the text behind it; no text: it is only damaged; no base64: it is text from its beginning on."""
    at = _text_at(raw)
    head, tail = raw[:at], raw[at:]
    if not _WORD.search(tail):
        return raw, b""
    return (head, tail) if _is_base64(head) else (b"", raw)


def _text_at(raw: bytes) -> int:
    """Where the first line begins that is no base64, or that stands behind the padding or an empty line before such a one."""
    at = 0
    for _ in range(MAX_DAMAGED):
        if (found := _OUTSIDE.search(raw, at)) is None:
            return len(raw)
        start, end = raw.rfind(b"\n", 0, found.start()) + 1, raw.find(b"\n", found.start())
        line = raw[start : end if end != -1 else len(raw)].strip()
        if _OUTSIDE.search(line) and not _is_damaged(line):
            return min(start, *_ends(raw, start))
        if end == -1:
            return len(raw)
        at = end
    return len(raw)


def _ends(raw: bytes, limit: int) -> tuple[int, int]:
    """Behind the line with the first padding, and behind the first empty line."""
    padding = raw.find(b"=", 0, limit)
    blank = _EMPTY_LINE.search(raw, 0, limit)
    return (raw.find(b"\n", padding, limit) + 1 or limit) if padding != -1 else limit, blank.end() if blank is not None else limit


def _is_damaged(line: bytes) -> bool:
    """Whether a line that holds other bytes is base64 all the same: long, in one piece, or quoted."""
    line = line.lstrip(b"> ")
    return len(line) >= LEAST_OF_DAMAGED and b" " not in line and len(_OUTSIDE.findall(line)) <= MOST_OUTSIDE


def _is_base64(head: bytes) -> bool:
    """Whether an encoder wrote these lines: all are of one length but the last, which is no longer; a single short one is a word."""
    lines = head.split()
    if len(lines) > 1:
        return all(len(line) == len(lines[0]) for line in lines[:-1]) and len(lines[-1]) <= len(lines[0])
    return bool(lines) and (lines[0].endswith(b"=") or (len(lines[0]) % 4 == 0 and len(lines[0]) >= SURELY_BASE64))
