"""How states and events lie in the database: as MessagePack. Apart from the messages, because a search needs none of it."""

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import Recorded

_writer = msgspec.msgpack.Encoder()
_state_reader = msgspec.msgpack.Decoder(Conversation)
_event_reader = msgspec.msgpack.Decoder(Recorded)


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
