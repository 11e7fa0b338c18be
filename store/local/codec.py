"""How messages lie in the database: as JSON under zstd."""

import threading
from datetime import datetime

import msgspec

from store.domain.message import Message
from store.domain.thread_evidence import NEW, ThreadEvidence
from store.local.times import EPOCH, micros, moment

__all__ = [
    "EPOCH",
    "micros",
    "moment",
    "pack_bytes",
    "pack_evidence",
    "pack_message",
    "storable",
    "unpack_bytes",
    "unpack_evidence",
    "unpack_message",
    "without_surrogates",
]

LEVEL = 1

# JSON, because MessagePack's time stamps lose the sender's own offset, which a message's date must keep.
_message_writer = msgspec.json.Encoder()
_message_reader = msgspec.json.Decoder(Message)
_evidence_writer = msgspec.msgpack.Encoder()
_evidence_reader = msgspec.msgpack.Decoder(ThreadEvidence)


class _Squeezers(threading.local):
    """A compressor and a decompressor for each thread: they are not safe to share, and dear to make."""

    def __init__(self) -> None:
        # Here, not at the top: `mado list` never needs it and starts faster without.
        import zstandard

        self.compress = zstandard.ZstdCompressor(level=LEVEL).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_squeezers: list[_Squeezers] = []


def _squeezer() -> _Squeezers:
    if not _squeezers:
        _squeezers.append(_Squeezers())
    return _squeezers[0]


def pack_bytes(raw: bytes) -> bytes:
    """Compressed; the size is in the frame."""
    return _squeezer().compress(raw)


def unpack_bytes(blob: bytes) -> bytes:
    """The other way."""
    return _squeezer().decompress(blob)


def pack_message(message: Message) -> bytes:
    """A parsed message; lone surrogates, which UTF-8 cannot hold, become `?` instead of losing the mail."""
    try:
        encoded = _message_writer.encode(message)
    except UnicodeEncodeError:
        encoded = _message_writer.encode(without_surrogates(message))
    return pack_bytes(encoded)


def unpack_message(blob: bytes) -> Message:
    """The other way."""
    return _message_reader.decode(unpack_bytes(blob))


def storable(text: str) -> str:
    """The text without lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def without_surrogates(message: Message) -> Message:
    """The same message with `storable` texts everywhere."""

    def mend(value: object) -> object:
        if isinstance(value, str):
            return storable(value)
        if isinstance(value, tuple):
            return tuple(mend(part) for part in value)
        if isinstance(value, dict):
            return {key: mend(part) for key, part in value.items()}
        return value

    plain = msgspec.to_builtins(message, builtin_types=(datetime,))
    return msgspec.convert(mend(plain), Message)


def pack_evidence(evidence: ThreadEvidence) -> bytes:
    """Why a message is where it is."""
    return _evidence_writer.encode(evidence if evidence.id.isascii() else msgspec.structs.replace(evidence, id=storable(evidence.id)))


def unpack_evidence(blob: bytes | None) -> ThreadEvidence:
    """The other way; None: nobody said."""
    return NEW if blob is None else _evidence_reader.decode(blob)
