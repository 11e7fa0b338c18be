"""What a server says a message is made of: BODYSTRUCTURE (RFC 9051 7.5.2), read without trusting a word of it."""

from collections.abc import Iterator

import msgspec

from mailsync.imap.tokens import Value

MAX_DEPTH = 30
MAX_PARTS = 1_000
LONGEST_SIZE = 18
"""Digits; what is longer is no size."""


class BadStructure(ValueError):
    """This is no BODYSTRUCTURE, or one that no honest mail has."""


class BodyPart(msgspec.Struct, frozen=True):
    """One part. `number` is its section, "" for a multipart that is the whole message; `size_bytes` counts it as encoded for transfer."""

    number: str
    content_type: str
    encoding: str = ""
    size_bytes: int = 0
    attachment: bool = False
    children: tuple["BodyPart", ...] = ()

    def walk(self) -> Iterator["BodyPart"]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_structure(value: Value) -> BodyPart:
    """Read the tree; a message inside the message is one part, and what it is made of is not looked at.

    Raises:
        BadStructure: It cannot be read; ask for the whole message instead.
    """
    budget = [MAX_PARTS]
    return _part(value, "", 0, budget)


def _part(value: Value, number: str, depth: int, budget: list[int]) -> BodyPart:
    budget[0] -= 1
    if not isinstance(value, list) or not value or depth > MAX_DEPTH or budget[0] < 0:
        raise BadStructure("no part")
    if not isinstance(value[0], list):
        return _leaf(value, number or "1")
    children: list[BodyPart] = []
    while value[len(children) : len(children) + 1] and isinstance(value[len(children)], list):
        index = len(children) + 1
        children.append(_part(value[index - 1], f"{number}.{index}" if number else str(index), depth + 1, budget))
    subtype = value[len(children)] if len(children) < len(value) else None
    return BodyPart(number, f"multipart/{_word(subtype)}", children=tuple(children))


def _leaf(value: list[Value], number: str) -> BodyPart:
    # type subtype (parameters) id description encoding octets …
    if len(value) < 7:
        raise BadStructure("a part with too few fields")
    octets = value[6]
    if not isinstance(octets, bytes) or not octets.isdigit() or len(octets) > LONGEST_SIZE:
        raise BadStructure("a part without a size")
    return BodyPart(number, f"{_word(value[0])}/{_word(value[1])}", _word(value[5]), int(octets), attachment=_is_attachment(value))


def _is_attachment(value: list[Value]) -> bool:
    # The disposition stands behind a different number of fields for each type, and some servers leave it out.
    return any(isinstance(each, list) and len(each) == 2 and isinstance(each[0], bytes) and each[0].lower() == b"attachment" for each in value[7:])


def _word(value: Value) -> str:
    return value.decode("ascii", "replace").strip().lower() if isinstance(value, bytes) else ""
