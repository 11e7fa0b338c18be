"""The tree of MIME parts, found by offsets into the raw bytes; nothing is decoded or copied here (RFC 2045, RFC 2046)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailsync.mime.charset_labels import Chosen
from mailsync.mime.fields import Fields, file_name, header_end, looks_like_fields, parameters, parse_fields, raw_text
from mailsync.mime.headers import split_message
from mailsync.mime.transfer import decode_transfer

MAX_DEPTH = 30
MAX_PARTS = 1_000

_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+", re.ASCII)
_FIRST_DELIMITER = re.compile(rb"\n--([^\r\n]{1,200}?)[ \t]*\r?\n")


@dataclass(frozen=True)
class Part:
    """One node. `number` is its IMAP section (RFC 9051 6.4.5): "" for a multipart that is the whole message."""

    number: str
    fields: Fields
    content_type: str
    parameters: dict[str, str]
    disposition: dict[str, str]
    raw: bytes
    start: int
    end: int
    children: tuple["Part", ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def body(self) -> bytes:
        """The bytes of the body, still encoded for transfer."""
        return self.raw[self.start : self.end]

    @property
    def encoding(self) -> str:
        """The transfer encoding, lower case, without the comments some senders add."""
        return re.split(r"[\s;(]", self.fields.ascii("content-transfer-encoding").strip("\"'"), maxsplit=1)[0]

    @property
    def name(self) -> str:
        """Its file name; "" where it has none."""
        return file_name(self.disposition, self.parameters)

    def content(self) -> tuple[bytes, str | None]:
        """The decoded bytes, and a sentence when they were damaged."""
        return decode_transfer(self.body, self.encoding)

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_structure(raw: bytes, chosen: Chosen | None = None) -> Part:
    """The tree of a message. Never raises; bounded by MAX_DEPTH and MAX_PARTS. `chosen`: the charset of every part, whatever they say."""
    fields, body = split_message(raw, chosen)
    return _Walk(chosen).part("", fields, raw, (body, len(raw)), "text/plain", 0)


class _Walk:
    """One walk, which counts its parts."""

    def __init__(self, chosen: Chosen | None) -> None:
        self._parts = 0
        self._chosen = chosen

    def part(self, number: str, fields: Fields, raw: bytes, span: tuple[int, int], default: str, depth: int) -> Part:
        """Make one part and those below it."""
        self._parts += 1
        stated = fields.first("content-type")
        values = parameters(raw_text(stated, fields.hint)) if stated is not None else {}
        named = _TYPE.match(values.get("", ""))
        content_type = (
            named[0]
            if named
            else default
            if stated is None
            else {"text": "text/plain"}.get(values[""], "text/plain" if depth == 0 else "application/octet-stream")
        )
        laid_out = fields.first("content-disposition")
        disposition = parameters(raw_text(laid_out, fields.hint)) if laid_out is not None else {}
        leaf = Part(number or "1", fields, content_type, values, disposition, raw, *span)
        if not content_type.startswith("multipart/"):
            return leaf
        children, warnings = self._children(leaf, number, depth)
        if not children:
            return Part(number or "1", fields, "text/plain", values, {}, raw, *span, warnings=warnings)
        return Part(number, fields, content_type, values, disposition, raw, *span, children, warnings)

    def _children(self, parent: Part, number: str, depth: int) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        if depth >= MAX_DEPTH:
            return (), (f"Parts nested deeper than {MAX_DEPTH} are shown as they are.",)
        raw, spans = parent.raw, (parent.start, parent.end)
        warnings: list[str] = []
        boundary = parent.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        pieces, closed = _pieces(raw, spans, boundary) if boundary else ([], False)
        if not pieces and parent.encoding in ("base64", "quoted-printable"):
            raw = parent.content()[0]
            pieces, closed = _pieces(raw, (0, len(raw)), boundary) if boundary else ([], False)
            warnings.append("A multipart was itself encoded, which RFC 2045 forbids.")
        if not pieces and (guess := _FIRST_DELIMITER.search(raw, max(spans[0] - 1, 0), spans[1])):
            pieces, closed = _pieces(raw, spans, guess[1])
            warnings.append("The boundary was missing or wrong; it was guessed.")
        if not pieces:
            return (), ("A multipart has no parts; its text is shown as it is.",)
        if not closed:
            warnings.append("A multipart has no end; the message may have been cut off.")
        default = "message/rfc822" if parent.content_type == "multipart/digest" else "text/plain"
        children = []
        for index, (start, end) in enumerate(pieces, 1):
            if self._parts >= MAX_PARTS:
                warnings.append(f"There are more than {MAX_PARTS} parts; the rest is not shown.")
                break
            fields, body = _part_fields(raw, start, end, self._chosen)
            children.append(self.part(f"{number}.{index}" if number else str(index), fields, raw, (body, end), default, depth + 1))
        return tuple(children), tuple(warnings)


def _part_fields(raw: bytes, start: int, end: int, chosen: Chosen | None) -> tuple[Fields, int]:
    header, body = header_end(raw, start, end)
    if header == start:
        return Fields(hint=chosen or ""), body
    if not looks_like_fields(raw[start : min(header, start + 4096)]):
        return Fields(hint=chosen or ""), start  # no header and no blank line: all of it is body
    return parse_fields(raw[start:header], chosen), body


def _pieces(raw: bytes, span: tuple[int, int], boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """The spans between the delimiter lines of a boundary, and whether the closing one was there."""
    start, end = span
    delimiter = b"--" + boundary
    pieces: list[tuple[int, int]] = []
    opened: int | None = None
    at = raw.find(delimiter, start, end)
    while at != -1:
        after = at + len(delimiter)
        line_end = raw.find(b"\n", after, end)
        line_end = end if line_end == -1 else line_end
        rest = raw[after : min(line_end, after + 200)].strip()
        if (at == start or raw[at - 1 : at] in (b"\n", b"\r")) and rest in (b"", b"--"):
            if opened is not None:
                pieces.append((opened, _before_line_end(raw, opened, at)))
            if rest == b"--" and (opened is not None or pieces):
                return pieces, True
            opened = min(line_end + 1, end)
            if len(pieces) > MAX_PARTS:
                return pieces, True
        at = raw.find(delimiter, after, end)
    if opened is not None:
        pieces.append((opened, end))
    return pieces, False


def _before_line_end(raw: bytes, start: int, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1)."""
    if at - 1 >= start and raw[at - 1 : at] == b"\n":
        at -= 1
    if at - 1 >= start and raw[at - 1 : at] == b"\r":
        at -= 1
    return at
