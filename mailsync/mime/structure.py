"""The tree of MIME parts, found by offsets into the raw bytes; nothing is decoded or copied here (RFC 2045, RFC 2046)."""

import re
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from mailsync.mime.boundaries import BOUNDARY_BYTES, GUESSED_BYTES, GUESSED_WITHIN, Guess, guessed_boundary, shown_before
from mailsync.mime.header.fields import Fields, file_name, header_end, looks_like_fields, parameters, parse_fields, raw_text
from mailsync.mime.header.headers import split_message
from mailsync.mime.text.charset_labels import Chosen
from mailsync.mime.transfer import decode_text_transfer, decode_transfer

MAX_DEPTH = 30
MAX_PARTS = 1_000
PART_HEADER_BYTES = 1_048_576
"""Of the headers of all parts together; the header of the whole message has a bound of its own."""
UNWRAPPED_BYTES = 4_194_304
"""What may be decoded beyond the size of the message itself, where a multipart or an attached message is encoded as a whole."""
LOOKS = 100_000
"""How often a boundary is looked at, whether it stands in a line of its own: an attack repeats it a million times inside its lines."""
DELIMITER_LINE = 1_000
EMBEDDED_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
TEXT_TYPES = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html")
"""What may be the text of a mail."""

_MEANT = {
    "plain/text": "text/plain", "text/text": "text/plain", "text/ascii": "text/plain", "text/plan": "text/plain", "text/htm": "text/html",
    "html/text": "text/html", "text/xhtml": "text/html", "application/xhtml+xml": "text/html",
}  # fmt: skip
"""Types that there are not, or that mail programs do not know."""
_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+", re.ASCII)
_LINE_ENDS = re.compile(rb"[\r\n]*")


class Part(msgspec.Struct, frozen=True):
    """One node. `number` is its IMAP section (RFC 9051 6.4.5): "" for a multipart that is the whole message.

    An attached message has one child, the root of that message; if that is a multipart, the two have the same number.
    """

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
        stated = self.fields.ascii("content-transfer-encoding")
        return stated if stated.isalnum() else re.split(r"[\s;(]", stated.strip("\"'"), maxsplit=1)[0]

    @property
    def name(self) -> str:
        """Its file name; "" where it has none."""
        return file_name(self.disposition, self.parameters)

    def content(self) -> tuple[bytes, str | None]:
        """The decoded bytes, and a sentence when they were damaged."""
        decode = decode_text_transfer if self.content_type in TEXT_TYPES and not self.is_attachment else decode_transfer
        return decode(self.body, self.encoding)

    @property
    def is_attachment(self) -> bool:
        """Whether its sender says that it is a file."""
        return self.disposition.get("", "") == "attachment"

    @property
    def is_message(self) -> bool:
        """Whether it is a message of its own, attached to this one."""
        return self.content_type in EMBEDDED_TYPES

    @property
    def is_multipart(self) -> bool:
        """Whether it is only a frame around other parts."""
        return bool(self.children) and not self.is_message

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def own(self) -> Iterator["Part"]:
        """The same without what lies inside attached messages."""
        yield self
        if not self.is_message:
            for child in self.children:
                yield from child.own()


def read_structure(raw: bytes, chosen: Chosen | None = None, split: tuple[Fields, int] | None = None) -> Part:
    """The tree of a message. Never raises; bounded by MAX_DEPTH, MAX_PARTS and the bytes decoded on the way.

    `chosen`: the charset of every part, whatever they say. `split`: what `split_message` says of the message, where that is known.
    """
    fields, body = split or split_message(raw, chosen)
    return _Walk(len(raw), chosen).part("", fields, raw, (body, len(raw)), "text/plain", 0, root=True)


class _Walk:
    """One walk, which counts its parts and what it decodes."""

    def __init__(self, size_bytes: int, chosen: Chosen | None) -> None:
        self._parts = 0
        self._chosen = chosen
        self._header_bytes = PART_HEADER_BYTES
        self._unwrapped_bytes = size_bytes + UNWRAPPED_BYTES
        self._looks = LOOKS
        self._guessed_bytes = GUESSED_BYTES

    def part(self, number: str, fields: Fields, raw: bytes, span: tuple[int, int], default: str, depth: int, *, root: bool = False) -> Part:
        """Make one part and those below it. `root`: it is a whole message, whose only part is number 1 below `number`."""
        self._parts += 1
        own_number = (f"{number}.1" if number else "1") if root else number
        stated = fields.first("content-type")
        values = parameters(raw_text(stated, fields.hint)) if stated is not None else {}
        named = _TYPE.match(values.get("", ""))
        content_type = (
            _MEANT.get(named[0], named[0])
            if named
            else default
            if stated is None
            else {"text": "text/plain"}.get(values[""], "text/plain" if depth == 0 else "application/octet-stream")
        )
        laid_out = fields.first("content-disposition")
        disposition = parameters(raw_text(laid_out, fields.hint)) if laid_out is not None else {}
        leaf = Part(own_number, fields, content_type, values, disposition, raw, *span)
        if content_type in EMBEDDED_TYPES:
            return self._embedded(leaf, depth)
        if not content_type.startswith("multipart/"):
            return leaf
        children, warnings = self._children(leaf, number, depth)
        if not children:
            return replace(leaf, content_type="text/plain", disposition={}, warnings=warnings)
        return Part(number, fields, content_type, values, disposition, raw, *span, children, warnings)

    def _embedded(self, leaf: Part, depth: int) -> Part:
        """An attached message and what is in it."""
        if depth >= MAX_DEPTH or self._parts >= MAX_PARTS:
            return leaf
        raw, start, end = leaf.raw, leaf.start, leaf.end
        if leaf.encoding in ("base64", "quoted-printable"):
            # RFC 2046 5.2.1 forbids it, and some senders do it all the same.
            raw = self._unwrapped(leaf)
            start, end = 0, len(raw)
        fields, body = self._message_fields(raw, start, end)
        if not fields.values:
            return leaf
        return replace(leaf, children=(self.part(leaf.number, fields, raw, (body, end), "text/plain", depth + 1, root=True),))

    def _unwrapped(self, part: Part) -> bytes:
        """The decoded bytes of a part that holds parts; none when too much was decoded already."""
        size = part.end - part.start
        if size > self._unwrapped_bytes:
            return b""
        self._unwrapped_bytes -= size
        return part.content()[0]

    def _message_fields(self, raw: bytes, start: int, end: int) -> tuple[Fields, int]:
        blank = _LINE_ENDS.match(raw, start, end)
        return self._part_fields(raw, blank.end() if blank else start, end)

    def _part_fields(self, raw: bytes, start: int, end: int) -> tuple[Fields, int]:
        header, body = header_end(raw, start, end)
        if header == start:
            return Fields(hint=self._chosen or ""), body
        if not looks_like_fields(raw[start : min(header, start + 4096)]):
            return Fields(hint=self._chosen or ""), start  # no header and no blank line: all of it is body
        block = raw[start : min(header, start + max(self._header_bytes, 0))]
        self._header_bytes -= len(block)
        return parse_fields(block, self._chosen), body

    def _children(self, parent: Part, number: str, depth: int) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        if depth >= MAX_DEPTH:
            return (), (f"Parts nested deeper than {MAX_DEPTH} are shown as they are.",)
        raw, span = parent.raw, (parent.start, parent.end)
        warnings: list[str] = []
        boundary = parent.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()[:BOUNDARY_BYTES]
        pieces, closed = self._pieces(raw, span, boundary) if boundary else ([], False)
        if not pieces and parent.encoding in ("base64", "quoted-printable"):
            raw = self._unwrapped(parent)
            span = (0, len(raw))
            pieces, closed = self._pieces(raw, span, boundary) if boundary else ([], False)
            warnings.append("A multipart was itself encoded, which RFC 2045 forbids.")
        before: tuple[int, int] | None = None
        if not pieces and (guess := self._guessed(raw, span)) is not None:
            pieces, closed = self._pieces(raw, (guess.at, span[1]), guess.boundary)
            before = shown_before(raw, (span[0], guess.at), parent.content_type)
            warnings.append("The boundary was missing or wrong; it was guessed.")
        if not pieces:
            return (), ("A multipart has no parts; its text is shown as it is.",)
        if not closed:
            warnings.append("A multipart has no end; the message may have been cut off.")
        default = "message/rfc822" if parent.content_type == "multipart/digest" else "text/plain"
        children = []
        if before is not None:
            children.append(self.part(f"{number}.0" if number else "0", Fields(hint=self._chosen or ""), raw, before, "text/plain", depth + 1))
        for index, (start, end) in enumerate(pieces, 1):
            if self._parts >= MAX_PARTS:
                warnings.append(f"There are more than {MAX_PARTS} parts; the rest is not shown.")
                break
            fields, body = self._part_fields(raw, start, end)
            children.append(self.part(f"{number}.{index}" if number else str(index), fields, raw, (body, end), default, depth + 1))
        return tuple(children), tuple(warnings)

    def _guessed(self, raw: bytes, span: tuple[int, int]) -> Guess | None:
        if self._guessed_bytes <= 0:
            return None
        self._guessed_bytes -= min(span[1] - span[0], GUESSED_WITHIN)
        return guessed_boundary(raw, span)

    def _pieces(self, raw: bytes, span: tuple[int, int], boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
        """The spans between the delimiter lines of a boundary, and whether the closing one was there."""
        start, end = span
        delimiter = b"--" + boundary
        pieces: list[tuple[int, int]] = []
        opened: int | None = None
        closed = False
        at = raw.find(delimiter, start, end)
        while at != -1 and self._looks > 0:
            self._looks -= 1
            after = at + len(delimiter)
            line_end = raw.find(b"\n", after, min(end, after + DELIMITER_LINE))
            line_end = min(end, after + DELIMITER_LINE) if line_end == -1 else line_end
            rest = raw[after:line_end].strip()
            if (at == start or raw[at - 1 : at] in (b"\n", b"\r")) and rest in (b"", b"--"):
                if opened is not None:
                    pieces.append((opened, _before_line_end(raw, opened, at)))
                if rest == b"--" and opened is not None:
                    if not _opens_again(raw, line_end, end, delimiter):
                        return pieces, True
                    closed = True
                # A closing line that closes nothing is none of a delimiter's.
                opened = min(line_end + 1, end) if rest != b"--" else None
                if len(pieces) > MAX_PARTS:
                    return pieces, True
            at = raw.find(delimiter, after, end)
        if opened is not None:
            pieces.append((opened, end))
        return pieces, closed and opened is None


def _opens_again(raw: bytes, start: int, end: int, delimiter: bytes) -> bool:
    """Whether another part follows behind the end: of a multipart in a multipart with the same boundary, the inner one's end was met."""
    at = raw.find(b"\n" + delimiter, start, end)
    behind = raw[at + 1 + len(delimiter) : at + DELIMITER_LINE].lstrip(b" \t\r") if at != -1 else b""
    return behind[:9].lower() == b"\ncontent-"


def _before_line_end(raw: bytes, start: int, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1)."""
    if at - 1 >= start and raw[at - 1 : at] == b"\n":
        at -= 1
    if at - 1 >= start and raw[at - 1 : at] == b"\r":
        at -= 1
    return at
