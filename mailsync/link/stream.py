"""The server's event stream as typed messages, whatever carries it: nothing of aiohttp's above it."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import aiohttp
import msgspec

from mailsync.link.errors import ServerStrange
from mailsync.link.stream_protocol import FromClient, FromServer, Hello, Said
from mailsync.link.translating import translate
from store.domain.ids import Seq

LONGEST_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of one message."""

_from_server: msgspec.json.Decoder[FromServer] = msgspec.json.Decoder(FromServer)
_encoder = msgspec.json.Encoder()

Say = Callable[[Said], Awaitable[None]]
Ask = Callable[[Seq, int], Awaitable[list[FromServer]]]
"""Ask what happened after a position, where presence was last counted so."""


class Stream(Protocol):
    """An open stream. Iterate it for what the server says; it ends when the server closes, and raises when the line breaks."""

    def __aiter__(self) -> AsyncIterator[FromServer]:
        """Messages in the order they were sent.

        Raises:
            ServerAway: The line broke, or no heartbeat came.
            ServerStrange: A message that this version cannot read; a gap would be worse than starting again.
        """
        ...

    async def send(self, message: FromClient) -> None:
        """Say something up the stream.

        Raises:
            ServerAway: The line is gone.
        """
        ...


def read_message(raw: str | bytes, where: str) -> FromServer:
    """One message.

    Raises:
        ServerStrange: This version cannot read it.
    """
    try:
        return _from_server.decode(raw)
    except msgspec.MsgspecError as error:
        raise ServerStrange(where, f"a message on the stream cannot be read: {error}") from error


class SocketStream:
    """Over a WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, where: str) -> None:
        self._socket = socket
        self._where = where

    async def __aiter__(self) -> AsyncIterator[FromServer]:
        while True:
            frame = await self._socket.receive()
            if frame.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                yield read_message(frame.data, self._where)
            elif frame.type is aiohttp.WSMsgType.ERROR:
                broken = self._socket.exception() or ConnectionResetError("the stream broke")
                raise translate(broken, self._where) from broken
            else:
                return

    async def send(self, message: FromClient) -> None:
        try:
            await self._socket.send_str(_encoder.encode(message).decode())
        except (aiohttp.ClientError, OSError) as error:
            raise translate(error, self._where) from error


class EventsStream:
    """Over server-sent events; what is said goes up in calls of their own."""

    def __init__(self, response: aiohttp.ClientResponse, where: str, say: Say, place: int) -> None:
        self._response = response
        self._where = where
        self._say = say
        self._place = place

    async def __aiter__(self) -> AsyncIterator[FromServer]:
        gathered = bytearray()
        try:
            # The heartbeat is a comment every 15 s: `sock_read` has given up long before a dead line is mistaken for a quiet team.
            async for chunk in self._response.content.iter_any():
                gathered += chunk
                *whole, rest = bytes(gathered).split(b"\n\n")
                gathered[:] = rest
                if len(gathered) > LONGEST_MESSAGE_BYTES:
                    raise ServerStrange(self._where, "a message on the stream does not end")
                for event in whole:
                    if event.startswith(b"data: "):
                        yield read_message(event.removeprefix(b"data: "), self._where)
        except (aiohttp.ClientError, OSError) as error:
            raise translate(error, self._where) from error

    async def send(self, message: FromClient) -> None:
        await self._say(Said(message, self._place))


class PollStream:
    """By one question after the other, each of which the server answers when there is something to say."""

    def __init__(self, since: Seq, ask: Ask, say: Say, place: int) -> None:
        self._since = since
        self._ask = ask
        self._say = say
        self._place = place

    async def __aiter__(self) -> AsyncIterator[FromServer]:
        presence = 0
        while True:
            for message in await self._ask(self._since, presence):
                if isinstance(message, Hello):
                    # The whole answer is handed on before the next question: nothing is asked past what was not taken in.
                    self._since, presence = message.seq, message.presence
                yield message

    async def send(self, message: FromClient) -> None:
        await self._say(Said(message, self._place))


class Begun:
    """A stream whose first message was waited for already, and comes first again."""

    def __init__(self, stream: Stream, first: FromServer, rest: AsyncIterator[FromServer]) -> None:
        self._stream = stream
        self._first = first
        self._rest = rest

    async def __aiter__(self) -> AsyncIterator[FromServer]:
        yield self._first
        async for message in self._rest:
            yield message

    async def send(self, message: FromClient) -> None:
        await self._stream.send(message)


async def begun(stream: Stream) -> Begun | None:
    """The stream once its first message is there; None: it ended before."""
    rest = aiter(stream)
    with contextlib.suppress(StopAsyncIteration):
        return Begun(stream, await anext(rest), rest)
    return None
