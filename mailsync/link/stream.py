"""The server's event stream as typed messages: a WebSocket under it, and nothing of aiohttp's above it."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec

from mailsync.link.errors import ServerStrange
from mailsync.link.protocol import FromClient, FromServer
from mailsync.link.translating import translate

_from_server = msgspec.json.Decoder(FromServer)
_encoder = msgspec.json.Encoder()


class Stream:
    """An open stream. Iterate it for what the server says; it ends when the server closes, and raises when the line breaks."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, where: str) -> None:
        self._socket = socket
        self._where = where

    async def __aiter__(self) -> AsyncIterator[FromServer]:
        """Messages in the order they were sent.

        Raises:
            ServerAway: The line broke, or no heartbeat came.
            ServerStrange: A message that this version cannot read; a gap would be worse than starting again.
        """
        while True:
            frame = await self._socket.receive()
            if frame.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                try:
                    yield _from_server.decode(frame.data)
                except msgspec.MsgspecError as error:
                    raise ServerStrange(self._where, f"a message on the stream cannot be read: {error}") from error
            elif frame.type is aiohttp.WSMsgType.ERROR:
                broken = self._socket.exception() or ConnectionResetError("the stream broke")
                raise translate(broken, self._where) from broken
            else:
                return

    async def send(self, message: FromClient) -> None:
        """Say something up the stream.

        Raises:
            ServerAway: The line is gone.
        """
        try:
            await self._socket.send_str(_encoder.encode(message).decode())
        except (aiohttp.ClientError, OSError) as error:
            raise translate(error, self._where) from error
