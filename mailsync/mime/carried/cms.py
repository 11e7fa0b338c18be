"""The content of an S/MIME envelope as far as it can be had without a key: a bounded walk through its DER or BER (RFC 5652, RFC 8551 3.5)."""

from typing import NamedTuple

MAX_DEPTH = 40
MAX_ELEMENTS = 300_000
"""A large envelope comes in octet strings of a kilobyte, and is walked once for each of its outer layers."""

_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = frozenset(bytes.fromhex(oid) for oid in ("2a864886f70d010703", "2a864886f70d010706", "2a864886f70d0109100117", "2a864886f70d010704"))
"""envelopedData, encryptedData, authEnvelopedData, signedAndEnvelopedData: a key is needed."""
_OID, _OCTETS, _CONSTRUCTED, _CONTEXT_0, _SEQUENCE = 0x06, 0x04, 0x20, 0xA0, 0x30


class _Element(NamedTuple):
    """A tag, where its content begins and ends, and where the next element begins."""

    tag: int
    start: int
    end: int
    after: int


class _Bounds:
    """How many elements may still be looked at."""

    def __init__(self) -> None:
        self.left = MAX_ELEMENTS


def is_encrypted(envelope: bytes) -> bool:
    """Whether the envelope says that it is encrypted."""
    kind = _content_type(envelope)
    return kind is not None and kind[0] in _ENVELOPED


def is_signed(envelope: bytes) -> bool:
    """Whether the envelope says that it is signed."""
    kind = _content_type(envelope)
    return kind is not None and kind[0] == _SIGNED


def signed_entity(envelope: bytes) -> bytes | None:
    """The MIME entity inside a signed envelope; None where it is no such envelope or the content lies elsewhere. Nothing is verified."""
    bounds = _Bounds()
    kind = _content_type(envelope)
    if kind is None or kind[0] != _SIGNED:
        return None
    explicit = _read(envelope, kind[1], kind[2], 0, bounds)
    signed = _read(envelope, explicit.start, explicit.end, 1, bounds) if explicit is not None and explicit.tag == _CONTEXT_0 else None
    if signed is None or signed.tag != _SEQUENCE:
        return None
    for element in _children(envelope, signed, 2, bounds):
        if element.tag == _SEQUENCE:  # encapContentInfo is the only sequence beside two sets and two choices
            return _octets(envelope, element, bounds)
    return None


def _octets(raw: bytes, encapsulated: _Element, bounds: _Bounds) -> bytes | None:
    for element in _children(raw, encapsulated, 3, bounds):
        if element.tag == _CONTEXT_0:
            pieces: list[bytes] = []
            for octets in _children(raw, element, 4, bounds):
                _gather(raw, octets, 5, bounds, pieces)
            return b"".join(pieces) or None
    return None


def _gather(raw: bytes, element: _Element, depth: int, bounds: _Bounds, pieces: list[bytes]) -> None:
    """An octet string, which BER may cut into several (X.690 8.7)."""
    if element.tag == _OCTETS:
        pieces.append(raw[element.start : element.end])
    elif element.tag == _OCTETS | _CONSTRUCTED and depth < MAX_DEPTH:
        for inner in _children(raw, element, depth + 1, bounds):
            _gather(raw, inner, depth + 1, bounds, pieces)


def _content_type(raw: bytes) -> tuple[bytes, int, int] | None:
    """The OID of a ContentInfo, and where what follows it begins and ends."""
    bounds = _Bounds()
    outer = _read(raw, 0, len(raw), 0, bounds)
    if outer is None or outer.tag != _SEQUENCE:
        return None
    oid = _read(raw, outer.start, outer.end, 1, bounds)
    if oid is None or oid.tag != _OID:
        return None
    return raw[oid.start : oid.end], oid.after, outer.end


def _children(raw: bytes, parent: _Element, depth: int, bounds: _Bounds) -> list[_Element]:
    found: list[_Element] = []
    at = parent.start
    while at < parent.end and (element := _read(raw, at, parent.end, depth, bounds)) is not None:
        found.append(element)
        at = element.after
    return found


def _read(raw: bytes, at: int, end: int, depth: int, bounds: _Bounds) -> _Element | None:
    """One element; None at the end, at rubbish, and when enough has been looked at. A length that runs over is cut: mails are cut too."""
    bounds.left -= 1
    if at + 2 > end or bounds.left < 0 or depth > MAX_DEPTH:
        return None
    tag, length = raw[at], raw[at + 1]
    start = at + 2
    if tag == 0 and length == 0:
        return None  # end of an element of indefinite length
    if tag & 0x1F == 0x1F:
        return None  # no tag of CMS has more than one byte
    if length == 0x80:
        return _indefinite(raw, tag, start, end, depth, bounds)
    if length > 0x80:
        count = length & 0x7F
        if count > 8 or start + count > end:
            return None
        length = int.from_bytes(raw[start : start + count], "big")
        start += count
    stop = min(start + length, end)
    return _Element(tag, start, stop, stop)


def _indefinite(raw: bytes, tag: int, start: int, end: int, depth: int, bounds: _Bounds) -> _Element | None:
    """X.690 8.1.3.6: it lasts until two zero bytes that are no part of an element in it."""
    if not tag & _CONSTRUCTED:
        return None
    at = start
    while at < end:
        if raw[at : at + 2] == b"\x00\x00":
            return _Element(tag, start, at, at + 2)
        inner = _read(raw, at, end, depth + 1, bounds)
        if inner is None:
            break
        at = inner.after
    return _Element(tag, start, end, end)
