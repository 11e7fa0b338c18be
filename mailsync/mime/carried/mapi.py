"""MAPI properties as they lie in a TNEF stream (MS-OXTNEF 2.1.3.4): read within bounds, values as bytes, nothing interpreted."""

import struct

MAX_PROPERTIES = 2_000
MAX_VALUES = 2_000

PROPERTY = dict[int, bytes]
"""The first value of each property by its id; those with a name of their own (0x8000 and above) are skipped."""

UNICODE, BINARY, OBJECT, STRING8 = 0x1F, 0x0102, 0x0D, 0x1E
_SIZES = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_MANY = 0x1000
_FIRST_NAMED = 0x8000


class Properties:
    """The properties of a message or an attachment. `types` says how the bytes of each are meant."""

    def __init__(self) -> None:
        self.values: dict[int, bytes] = {}
        self.types: dict[int, int] = {}

    def bytes_of(self, *ids: int) -> bytes:
        """The first of these that is there; b"" where none is."""
        return next((self.values[each] for each in ids if self.values.get(each)), b"")

    def number(self, id_: int) -> int:
        """A number; 0 where it is not there."""
        return int.from_bytes(self.values.get(id_, b"")[:4], "little")


class _Stream:
    """The bytes and how far they were read; a short read ends it."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0
        self.ended = False

    def take(self, size: int, *, padded: bool = False) -> bytes:
        """So many bytes, and those that fill up to a multiple of four."""
        if size < 0 or self.at + size > len(self.raw):
            self.ended = True
            return b""
        taken = self.raw[self.at : self.at + size]
        self.at += size + (-size % 4 if padded else 0)
        return taken

    def long(self) -> int:
        """An unsigned number of four bytes; 0 at the end."""
        taken = self.take(4)
        return int(struct.unpack("<I", taken)[0]) if taken else 0


def read_properties(raw: bytes) -> Properties:
    """The properties of a stream, as far as it can be read."""
    stream = _Stream(raw)
    found = Properties()
    for _ in range(min(stream.long(), MAX_PROPERTIES)):
        tag = stream.long()
        kind, id_ = tag & 0xFFFF, tag >> 16
        if id_ >= _FIRST_NAMED:
            _skip_name(stream)
        value = _value(stream, kind)
        if stream.ended:
            break
        if value is not None and id_ < _FIRST_NAMED:
            found.values.setdefault(id_, value)
            found.types.setdefault(id_, kind)
    return found


def _skip_name(stream: _Stream) -> None:
    stream.take(16)
    if stream.long():
        stream.take(stream.long(), padded=True)
    else:
        stream.take(4)


def _value(stream: _Stream, kind: int) -> bytes | None:
    """The first value of a property; None for a kind nobody knows, after which nothing can be read."""
    many, base = bool(kind & _MANY), kind & ~_MANY
    if base in _SIZES:
        count = stream.long() if many else 1
        values = [stream.take(_SIZES[base], padded=True) for _ in range(min(count, MAX_VALUES)) if not stream.ended]
    elif base in (UNICODE, BINARY, OBJECT, STRING8):
        values = [stream.take(stream.long(), padded=True) for _ in range(min(stream.long(), MAX_VALUES)) if not stream.ended]
    else:
        stream.ended = True
        return None
    return values[0] if values else b""
