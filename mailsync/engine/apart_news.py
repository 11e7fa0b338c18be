"""What a pull apart tells the terminal: what it has stored, how far it has come, and what went wrong."""

import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import IO

import msgspec

from mailsync.engine.helper_process import receive, send
from store.domain.ids import ConversationId, InboxKey


class Stored(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """These conversations changed; none: everything may have."""

    ids: frozenset[ConversationId]


class Came(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """So many messages of an inbox's mailbox are stored, of so many."""

    inbox: InboxKey
    done: int
    total: int


class Failed(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """An inbox could not be pulled to the end: the error's sentence, and its exit code."""

    inbox: InboxKey
    sentence: str
    exit_code: int


News = Stored | Came | Failed

_writer = msgspec.msgpack.Encoder()
_reader = msgspec.msgpack.Decoder(News)


class Teller:
    """Tells from any thread. Where nobody listens any more nothing is said: what is stored is stored."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._one_at_a_time = threading.Lock()

    def tell(self, news: News) -> None:
        """Say it at once."""
        with self._one_at_a_time, suppress(OSError, ValueError):
            send(self._stream, _writer.encode(news))

    def stored(self, ids: Collection[ConversationId]) -> None:
        """What the store calls after a commit."""
        self.tell(Stored(frozenset(ids)))


def hear(stream: IO[bytes], on_news: Callable[[News], None]) -> None:
    """Hand over what is told until the teller ends."""
    with stream:
        while (packed := receive(stream)) is not None:
            on_news(_reader.decode(packed))
