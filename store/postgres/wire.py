"""Between Python's values and PostgreSQL's wire: texts and numbers go as text, bytes as they are; everything comes back in binary."""

import hashlib
import struct
from collections.abc import Callable, Sequence

from store.sqlite.connection import SqlValue

LONGEST_TEXT_BYTES = 2000
"""An index holds 2,704 bytes of a row. Every text column of ours is a key or a short name; a Message-ID may be longer than both."""

_number = struct.Struct("!q").unpack
_small_number = struct.Struct("!i").unpack
_float = struct.Struct("!d").unpack


def encode(value: SqlValue) -> bytes | None:
    """One parameter. A NUL, which PostgreSQL's text cannot hold, becomes U+FFFD; a very long text its start and its hash, always the same."""
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, int):
        return b"%d" % value
    if not isinstance(value, str):
        return str(value).encode("ascii")
    raw = (value.replace("\0", "\ufffd") if "\0" in value else value).encode("utf-8", "replace")
    if len(raw) > LONGEST_TEXT_BYTES:
        start = raw[: LONGEST_TEXT_BYTES // 2].decode("utf-8", "ignore")
        return f"{start}…{hashlib.sha256(raw).hexdigest()}".encode()
    return raw


def encoded(params: Sequence[SqlValue]) -> tuple[list[bytes | None], list[int]]:
    """Parameters as they go on the wire, and which of them are binary."""
    values: list[bytes | None] = []
    binary: list[int] = []
    for value in params:
        values.append(encode(value))
        binary.append(1 if isinstance(value, bytes) else 0)
    return values, binary


def _text(raw: bytes) -> str:
    return raw.decode("utf-8")


DECODERS: dict[int, Callable[[bytes], object]] = {
    16: lambda raw: int(raw != b"\0"),
    17: bytes,
    18: _text,
    19: _text,
    20: lambda raw: _number(raw)[0],
    23: lambda raw: _small_number(raw)[0],
    25: _text,
    701: lambda raw: _float(raw)[0],
    1043: _text,
    2278: lambda _raw: None,
}
"""By the type's OID (pg_type.dat): bool, bytea, char, name, int8, int4, text, float8, varchar, void."""
