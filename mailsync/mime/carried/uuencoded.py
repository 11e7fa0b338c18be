"""Files in the middle of a text: uuencoded blocks (POSIX.1, uuencode), as old mailers and fax gateways still send them."""

import binascii
import re
from typing import NamedTuple

from mailsync.mime.carried.holders import MAX_INSIDE

_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,250})\r?\n", re.MULTILINE)
_END = re.compile(rb"^(?:end|====)[ \t]{0,9}\r?(?:\n|\Z)", re.MULTILINE)


class UuencodedFile(NamedTuple):
    """A file out of a text. `damaged`: some of its lines could not be read."""

    name: bytes
    content: bytes
    damaged: bool


def take_uuencoded(text: bytes) -> tuple[list[UuencodedFile], bytes]:
    """The files in a text, and the text without them. A block without an end, or whose lines are no code, is text."""
    if b"begin" not in text:
        return [], text
    files: list[UuencodedFile] = []
    rest: list[bytes] = []
    at = 0
    while len(files) < MAX_INSIDE and (begin := _BEGIN.search(text, at)) is not None:
        end = _END.search(text, begin.end())
        if end is None:
            break
        is_base64 = begin[0].startswith(b"begin-base64")
        lines = text[begin.end() : end.start()].splitlines()
        if lines and all(len(line) <= 100 for line in lines[:3]) and (is_base64 or _looks_like_code(lines[0])):
            content, damaged = _base64(lines) if is_base64 else decode_lines(lines)
            files.append(UuencodedFile(begin[1].strip(), content, damaged))
            rest.append(text[at : begin.start()])
        else:
            rest.append(text[at : end.end()])
        at = end.end()
    return files, b"".join([*rest, text[at:]]) if at else text


def _looks_like_code(line: bytes) -> bool:
    """Whether a line's first letter counts the bytes that follow: prose that begins with `begin` does not."""
    if not line.strip():
        return False
    needed = (((line[0] - 32) & 63) * 4 + 2) // 3
    return 32 <= line[0] <= 96 and all(32 <= byte <= 96 for byte in line) and needed - 3 <= len(line) - 1 <= needed + 4


def decode_lines(lines: list[bytes]) -> tuple[bytes, bool]:
    """The bytes of uuencoded lines, and whether some could not be read."""
    decoded, damaged = [], False
    for line in lines:
        if line.strip() in (b"`", b""):
            continue
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Trailing spaces were cut, or counted wrong, by half the old encoders: take the length from the line itself.
            needed = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                decoded.append(binascii.a2b_uu(line[:needed].ljust(needed)))
            except binascii.Error:
                damaged = True
    return b"".join(decoded), damaged


def _base64(lines: list[bytes]) -> tuple[bytes, bool]:
    try:
        return binascii.a2b_base64(b"".join(lines)), False
    except binascii.Error:
        return b"", True
