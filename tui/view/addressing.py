"""Typing several addresses into one field: which of them the cursor is in, and what stands there once one is taken. Pure."""

import re

_WHOLE = re.compile(r'[^@\s<>,;"]+@[^@\s<>,;"]+\.[^@\s<>,;".]{2,}')


def part_at(text: str, cursor: int) -> tuple[int, int]:
    """The beginning and the end of the address under the cursor, blanks around it left out; separators in quotes part nothing."""
    start, end, quoted = 0, len(text), False
    for index, character in enumerate(text):
        quoted ^= character == '"'
        if character in ",;、" and not quoted:
            if index >= cursor:
                end = index
                break
            start = index + 1
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), max(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))


def is_whole(part: str) -> bool:
    """Whether it can be sent to as it stands: then Tab and Enter mean the next field, and not another address that begins so."""
    return part.endswith(">") or _WHOLE.fullmatch(part) is not None


def with_taken(text: str, cursor: int, address: str) -> tuple[str, int]:
    """The field with this address in place of the one under the cursor, ready for the next; and where the cursor stands then."""
    start, end = part_at(text, cursor)
    rest = text[end:].lstrip(",;、 ")
    before = f"{text[:start]}{address}, "
    return before + rest, len(before)
