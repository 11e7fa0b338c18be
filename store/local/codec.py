"""How values lie in the database: times as whole microseconds, messages as JSON under zstd, states and events as MessagePack."""

import threading
from datetime import UTC, datetime, timedelta

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import Recorded
from store.domain.message import Message
from store.domain.thread_evidence import NEW, ThreadEvidence

LEVEL = 3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# JSON, because MessagePack's time stamps lose the sender's own offset, which a message's date must keep.
_message_writer = msgspec.json.Encoder()
_message_reader = msgspec.json.Decoder(Message)
_writer = msgspec.msgpack.Encoder()
_state_reader = msgspec.msgpack.Decoder(Conversation)
_event_reader = msgspec.msgpack.Decoder(Recorded)
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


def micros(at: datetime | None) -> int:
    """Whole microseconds since 1970; None is 0, older than everything."""
    return 0 if at is None else (at - EPOCH) // MICROSECOND


def moment(value: int | None) -> datetime | None:
    """The other way; 0 and NULL are None."""
    return EPOCH + value * MICROSECOND if value else None


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


def pack_state(state: Conversation) -> bytes:
    """A conversation's state, all its times UTC."""
    return _writer.encode(state)


def unpack_state(blob: bytes) -> Conversation:
    """The other way."""
    return _state_reader.decode(blob)


def pack_event(recorded: Recorded) -> bytes:
    """An event of the journal."""
    return _writer.encode(recorded)


def unpack_event(blob: bytes) -> Recorded:
    """The other way."""
    return _event_reader.decode(blob)


def pack_evidence(evidence: ThreadEvidence) -> bytes:
    """Why a message is where it is."""
    return _writer.encode(evidence if evidence.id.isascii() else msgspec.structs.replace(evidence, id=storable(evidence.id)))


def unpack_evidence(blob: bytes | None) -> ThreadEvidence:
    """The other way; None: nobody said."""
    return NEW if blob is None else _evidence_reader.decode(blob)
