"""One client's stream: what it missed, then everything as it happens, and what the client says up the same line."""

import asyncio
import contextlib
import logging

import msgspec
from aiohttp import WSMsgType, web

from mailsync.link.protocol import Events, FromClient, Looking, Pulled
from mailsync.server.authorise import Right, authorise
from mailsync.server.calls import Call
from mailsync.server.errors import CallRefused, OtherEpoch
from mailsync.server.stream import Hub, Line
from store.domain.ids import Seq

HEARTBEAT_SECONDS = 20.0
LONGEST_MESSAGE_BYTES = 64 * 1024
CATCH_UP_EVENTS = 500
GOODBYE_SECONDS = 5.0
"""For the last words to a client that may not read any more."""

STUCK_SECONDS = 15.0
"""For one frame to get into the line's buffers; a client that takes longer has stopped reading."""

_log = logging.getLogger(__name__)
_read = msgspec.json.Decoder(FromClient).decode
_encode = msgspec.json.Encoder().encode


async def stream(call: Call) -> web.WebSocketResponse:
    """Stay with a client until it, or the server, goes.

    Raises:
        OtherEpoch: `since` has not happened yet.
    """
    desk, hub = call.house.desk, call.house.hub
    since = Seq(call.number("since", desk.seq, 2**62))
    if since > desk.seq:
        raise OtherEpoch(f"The journal ends at {desk.seq}, before {since}: load a snapshot.")
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=LONGEST_MESSAGE_BYTES, compress=False)
    await socket.prepare(call.request)
    line, joined_at = hub.join(call.caller.known, call.caller.session_id)
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
        await _send(socket, call.house.hub.hello(line, joined_at))
        await _catch_up(call, socket, line, since, joined_at)
        while (frame := await line.frames.get()) is not None:
            await _send(socket, frame)
    except ConnectionError:
        _log.info("a stream ended in the middle of a frame", extra={"member": line.member.key})
    except TimeoutError:
        # It does not read: it would not read a goodbye either, and a close would wait for its answer.
        _log.info("a client did not read for too long", extra={"member": line.member.key})
        if call.request.transport is not None:
            call.request.transport.abort()
    finally:
        with contextlib.suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(socket.close(), GOODBYE_SECONDS)


async def _catch_up(call: Call, socket: web.WebSocketResponse, line: Line, since: Seq, joined_at: Seq) -> None:
    """Send what happened after `since` and up to `joined_at`; what came later waits in the line."""
    reached = since
    while reached < joined_at and not line.why:
        recorded, reached = await call.house.desk.events_since(reached, CATCH_UP_EVENTS, line.member.inboxes)
        seen = tuple(part for part in recorded if part.seq <= joined_at)
        if seen:
            await _send(socket, _encode(Events(seen)))


async def _send(socket: web.WebSocketResponse, frame: bytes) -> None:
    """Send one frame.

    Raises:
        TimeoutError: The client does not read.
        ConnectionError: It is gone.
    """
    async with asyncio.timeout(STUCK_SECONDS):
        # Already encoded, once for everybody: `send_str` would decode and encode it again for each.
        await socket.send_frame(frame, WSMsgType.TEXT)


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
            hub.looking(line, said.conversation_id, inbox)
        case Pulled(request=request, reached=reached):
            hub.pulled(request, reached=reached)
