"""One client's stream, whatever carries it: what it missed, then everything as it happens, and what the client says."""

import asyncio
import contextlib
import logging
from typing import Protocol

import msgspec
from aiohttp import WSMsgType, web

from mailsync.link.queries import StreamQuery
from mailsync.link.stream_protocol import Events, FromClient, Looking, Pulled
from mailsync.server.authorise import Right, authorise
from mailsync.server.calls import Call
from mailsync.server.errors import CallRefused, NoUpgrade, OtherEpoch
from mailsync.server.stream import Hub
from mailsync.server.stream_line import Line, Straight
from store.domain.ids import Seq

HEARTBEAT_SECONDS = 20.0
LONGEST_MESSAGE_BYTES = 64 * 1024
CATCH_UP_EVENTS = 500
GOODBYE_SECONDS = 5.0
"""For the last words to a client that may not read any more."""

STUCK_SECONDS = 15.0
"""For one frame to get into the line's buffers; a client that takes longer has stopped reading."""

MOST_UNSENT_BYTES = 64 * 1024
"""In a line's buffers; beyond it frames wait in the line, which is cut when too many do."""

_log = logging.getLogger(__name__)
_read = msgspec.json.Decoder(FromClient).decode
_encode = msgspec.json.Encoder().encode


class Outlet(Protocol):
    """What carries the frames down. `beat_seconds`: how long it may be silent before `beat`; None: it beats by itself."""

    beat_seconds: float | None
    straight: Straight | None
    """Where a frame needs no waiting, it can go straight to the wire."""

    async def send(self, frame: bytes) -> None:
        """Hand one frame, already encoded, to the line's buffers."""
        ...

    async def beat(self) -> None:
        """Say that the line lives: proxies cut what is silent, and a client waits for no more than three of these."""
        ...


class Socket:
    """A WebSocket; aiohttp pings by itself."""

    beat_seconds: float | None = None

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket = socket
        self._transport = transport
        self.straight: Straight | None = self._write if transport is not None else None

    def _write(self, message: bytes) -> bool:
        # A task that is woken for each client and each batch costs five times as much as these bytes do: with two thousand clients that
        # is a core. aiohttp writes its own frames (pings) to the same transport whole, so that two never mix.
        transport = self._transport
        if transport is None or transport.is_closing() or transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            return False
        transport.write(message)
        return True

    async def send(self, frame: bytes) -> None:
        """One message."""
        # Already encoded, once for everybody: `send_str` would decode and encode it again for each.
        await self._socket.send_frame(frame, WSMsgType.TEXT)

    async def beat(self) -> None:
        """Nothing to do."""


def since_of(call: Call, asked: Seq | None) -> Seq:
    """Where a stream begins.

    Raises:
        OtherEpoch: It has not happened yet.
    """
    newest = call.house.desk.seq
    if asked is not None and asked > newest:
        raise OtherEpoch(f"The journal ends at {newest}, before {asked}: load a snapshot.")
    return newest if asked is None else asked


async def stream(call: Call) -> web.WebSocketResponse:
    """Stay with a client until it, or the server, goes.

    Raises:
        NoUpgrade: No WebSocket was asked for; or a proxy took the asking away.
        OtherEpoch: `since` has not happened yet.
        TooMany: The session has more streams than any terminal needs.
    """
    hub = call.house.hub
    since = since_of(call, call.asked(StreamQuery).since)
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=LONGEST_MESSAGE_BYTES, compress=False)
    if not socket.can_prepare(call.request).ok:
        raise NoUpgrade("This call is a WebSocket; where none gets through, `/v1/stream/events` and `/v1/stream/poll` say the same.")
    line, joined_at = hub.join(call.caller.known, call.caller.session_id)
    try:
        await socket.prepare(call.request)
    except BaseException:
        hub.leave(line)
        raise
    down = asyncio.create_task(_down(call, socket, line, since, joined_at))
    try:
        await _up(call, socket, line)
    finally:
        hub.leave(line)
        line.cut("stopping")
        # Goodbye may still be on its way down; a client that reads no more must not keep us.
        with contextlib.suppress(TimeoutError, ConnectionError):
            await asyncio.wait_for(down, GOODBYE_SECONDS)
        await socket.close()
    return socket


async def _down(call: Call, socket: web.WebSocketResponse, line: Line, since: Seq, joined_at: Seq) -> None:
    try:
        await pour(call, Socket(socket, call.request.transport), line, since, joined_at)
    finally:
        with contextlib.suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(socket.close(), GOODBYE_SECONDS)


async def pour(call: Call, outlet: Outlet, line: Line, since: Seq, joined_at: Seq) -> None:
    """Send everything after `since` until the line is cut or its client is gone."""
    try:
        await _send(outlet, call.house.hub.hello(line, joined_at))
        await _catch_up(call, outlet, line, since, joined_at)
        line.straight = outlet.straight
        while (frame := await _next(outlet, line)) is not None:
            await _send(outlet, frame)
    except ConnectionError:
        _log.info("a stream ended in the middle of a frame", extra={"member": line.member.key})
    except TimeoutError:
        # It does not read: it would not read a goodbye either, and a close would wait for its answer.
        _log.info("a client did not read for too long", extra={"member": line.member.key})
        if call.request.transport is not None:
            call.request.transport.abort()


async def _next(outlet: Outlet, line: Line) -> bytes | None:
    while True:
        if outlet.beat_seconds is None:
            return await line.frames.get()
        try:
            async with asyncio.timeout(outlet.beat_seconds):
                return await line.frames.get()
        except TimeoutError:
            async with asyncio.timeout(STUCK_SECONDS):
                await outlet.beat()


async def _catch_up(call: Call, outlet: Outlet, line: Line, since: Seq, joined_at: Seq) -> None:
    """Send what happened after `since` and up to `joined_at`; what came later waits in the line."""
    reached = since
    while reached < joined_at and not line.why:
        recorded, reached = await call.house.desk.events_since(reached, CATCH_UP_EVENTS, line.member.inboxes)
        seen = tuple(part for part in recorded if part.seq <= joined_at)
        if seen:
            await _send(outlet, _encode(Events(seen)))


async def _send(outlet: Outlet, frame: bytes) -> None:
    """Send one frame.

    Raises:
        TimeoutError: The client does not read.
        ConnectionError: It is gone.
    """
    async with asyncio.timeout(STUCK_SECONDS):
        await outlet.send(frame)


async def _up(call: Call, socket: web.WebSocketResponse, line: Line) -> None:
    async for message in socket:
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return
        try:
            said = _read(message.data)
        except msgspec.MsgspecError:
            _log.warning("a client said something that cannot be read", extra={"member": line.member.key})
            return
        await _heard(call, call.house.hub, line, said)


async def _heard(call: Call, hub: Hub, line: Line, said: FromClient) -> None:
    match said:
        case Looking():
            inbox = await call.house.desk.inbox_of(said.conversation_id) if said.conversation_id is not None else None
            try:
                authorise(call.caller, Right.READ, inbox)
            except CallRefused:
                return
            hub.looking(line.stream_id, line.member, said.conversation_id, inbox)
        case Pulled(request=request, reached=reached):
            hub.pulled(request, line.member, reached=reached)
