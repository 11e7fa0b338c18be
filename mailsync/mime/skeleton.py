"""The source of a message without the bodies of its attachments, so that one and the same parser reads it (RFC 2046 5.1)."""

from collections.abc import Mapping

import msgspec

from mailsync.mime.header.fields import parameters, raw_text
from mailsync.mime.header.headers import split_message
from mailsync.mime.structure import Part, read_structure
from store.domain.message import Message

ENCODED_LINE, ENCODED_BYTES, PLAIN_BYTES = 76, 4, 3
"""RFC 2045 6.8: a line of base64, and how many bytes become how many."""


class Node(msgspec.Struct, frozen=True):
    """One part as the server tells of it: `mime` is its header, `body` None where it was left there."""

    number: str
    content_type: str
    mime: bytes = b""
    body: bytes | None = b""
    children: tuple["Node", ...] = ()


def skeleton(header: bytes, root: Node) -> bytes | None:
    """Write the source; None when our own parser would not find the same parts in it, and so not in the message either."""
    boundary = _boundary(header) if root.children else b""
    if boundary is None:
        return None
    pieces = [_ended(header)]
    if not _write(root, boundary, pieces):
        return None
    source = b"".join(pieces)
    return source if _agrees(read_structure(source), root) else None


def _write(node: Node, boundary: bytes, pieces: list[bytes]) -> bool:
    if not node.children:
        pieces.append(node.body or b"")
        return True
    for child in node.children:
        inner = _boundary(child.mime) if child.children else b""
        if inner is None:
            return False
        pieces += [b"\r\n--", boundary, b"\r\n", _ended(child.mime)]
        if not _write(child, inner, pieces):
            return False
    pieces += [b"\r\n--", boundary, b"--\r\n"]
    return True


def _ended(header: bytes) -> bytes:
    """A header with the empty line that ends it."""
    if header.endswith((b"\r\n\r\n", b"\n\n")) or header in (b"\r\n", b"\n"):
        return header
    return header + (b"\r\n" if header.endswith(b"\n") or not header else b"\r\n\r\n")


def _boundary(header: bytes) -> bytes | None:
    """What the parts are divided by; None where the header does not say it."""
    fields, _ = split_message(header)
    stated = fields.first("content-type")
    if stated is None:
        return None
    return parameters(raw_text(stated, fields.hint)).get("boundary", "").encode("utf-8", "replace").rstrip() or None


def _agrees(found: Part, node: Node) -> bool:
    theirs = {part.number: part for part in found.walk()}
    ours = {leaf.number: leaf for leaf in _leaves(node)}
    if any(number not in theirs for number in ours):
        return False
    # What our parser finds inside of a part that came whole (a mail in the mail) is its own affair.
    if any(not (part.children or number in ours or _is_inside(number, ours)) for number, part in theirs.items()):
        return False
    return all(leaf.body is not None or theirs[number].content_type == leaf.content_type for number, leaf in ours.items())


def _is_inside(number: str, ours: Mapping[str, Node]) -> bool:
    return any(leaf.body is not None and number.startswith(f"{outer}.") for outer, leaf in ours.items())


def _leaves(node: Node) -> list[Node]:
    return [node] if not node.children else [leaf for child in node.children for leaf in _leaves(child)]


def decoded_bytes(encoding: str, encoded_bytes: int) -> int:
    """About how large a part is once decoded; of base64 right to two bytes when its lines are of the usual length."""
    if encoding != "base64":
        return encoded_bytes
    lines, rest = divmod(encoded_bytes, ENCODED_LINE + 2)
    return (lines * ENCODED_LINE + rest) * PLAIN_BYTES // ENCODED_BYTES


def with_sizes(message: Message, sizes: Mapping[str, int]) -> Message:
    """The message with the sizes of the attachments that were left at the server, by part."""
    attachments = tuple(msgspec.structs.replace(each, size_bytes=sizes[each.part]) if each.part in sizes else each for each in message.attachments)
    return msgspec.structs.replace(message, attachments=attachments)
