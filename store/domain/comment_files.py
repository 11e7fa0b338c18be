"""Files put to a comment: what the journal knows of them, and which names and sizes the team takes. Pure; the bytes lie beside the journal."""

from collections.abc import Sequence
from unicodedata import category

import msgspec

FILE_AT_MOST = 20_000_000
"""Bytes."""
FILES_AT_MOST = 10
"""Of one comment."""
NAME_AT_MOST = 200
"""Bytes of UTF-8: file systems take 255."""
HASH_LETTERS = frozenset("0123456789abcdef")
HASH_LENGTH = 64

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_IN_NO_NAME = frozenset('/\\<>:"|?*')
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{digit}" for name in ("com", "lpt") for digit in range(1, 10))})


class CommentFile(msgspec.Struct, frozen=True):
    """One file. `sha256` of its bytes, hex: what is fetched later is what was put there."""

    name: str
    size_bytes: int
    sha256: str


def is_plain_name(name: str) -> bool:
    """Whether it can be nothing but one file in a folder, on any system, and looks like what it is.

    No folders, nothing that steers a terminal or turns the text round (Unicode Cc, Cf, line ends), no leading dot, dash or tilde, nothing
    that Windows cuts off at the end, and no device of Windows.
    """
    if not name or len(name.encode("utf-8", "replace")) > NAME_AT_MOST:
        return False
    if any(letter in _IN_NO_NAME or category(letter) in _STEERING for letter in name):
        return False
    if name[0] in ".-~ " or name[-1] in ". ":
        return False
    return name.partition(".")[0].strip().lower() not in _DEVICES


def is_hash(text: str) -> bool:
    """Whether it is a SHA-256 as we write it."""
    return len(text) == HASH_LENGTH and HASH_LETTERS.issuperset(text)


def problem_with_files(files: Sequence[CommentFile]) -> str | None:
    """What is wrong with the files of a comment, in words for its client's author; None: nothing."""
    if len(files) > FILES_AT_MOST:
        return f"a comment has at most {FILES_AT_MOST} files"
    if len({file.sha256 for file in files}) < len(files):
        return "the same file twice"
    for file in files:
        if not is_hash(file.sha256):
            return "a file's sha256 is 64 hexadecimal digits"
        if not 0 < file.size_bytes <= FILE_AT_MOST:
            return f"a file has 1 to {FILE_AT_MOST} bytes"
        if not is_plain_name(file.name):
            return "a file's name is no plain name"
    return None
