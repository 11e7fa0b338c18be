"""The same stream for those whose proxy lets no WebSocket through: server-sent events, or one long question after the other."""

import asyncio
import contextlib
import hashlib

import msgspec
from aiohttp import web

from mailsync.link.queries import PollQuery, StreamQuery
from mailsync.link.stream_protocol import Events, Looking, Presence, Pulled, Said
from mailsync.server.calls import Call
from mailsync.server.stream_line import Line, Straight
from mailsync.server.streaming import CATCH_UP_EVENTS, pour, since_of
from store.domain.ids import InboxKey, Seq

BEAT_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 25.0
"""Of one question: under the half minute after which proxies hang up on whoever is silent."""
CATCH_UP_PAGES = 8
"""A question is answered with so many pages at most; the next one goes on."""

_encode = msgspec.json.Encoder().encode
_PRESENCE = _encode(Presence((), ())).partition(b",")[0]
_HEADERS = {
    "Cache-Control": "no-store, no-transform",
    # nginx gathers an answer in a buffer unless it is told not to.
    "X-Accel-Buffering": "no",
}


class ServerSentEvents:
    """A `text/event-stream`: each frame is one event; our JSON has no line end inside."""

    beat_seconds: float | None = BEAT_SECONDS
    straight: Straight | None = None

    def __init__(self, response: web.StreamResponse) -> None:
        self._response = response

    async def send(self, frame: bytes) -> None:
        """One event."""
        await self._response.write(b"data: " + frame + b"\n\n")

    async def beat(self) -> None:
        """A comment, which no client shows."""
        await self._response.write(b":\n\n")


async def stream_events(call: Call) -> web.StreamResponse:
    """Stay with a client until it, or the server, goes.

    Raises:
        OtherEpoch, TooMany: As for the WebSocket.
    """
    hub = call.house.hub
    since = since_of(call, call.asked(StreamQuery).since)
    line, joined_at = hub.join(call.caller.known, call.caller.session_id)
    try:
        response = web.StreamResponse(headers=_HEADERS)
        response.content_type = "text/event-stream"
        await response.prepare(call.request)
        await pour(call, ServerSentEvents(response), line, since, joined_at)
        with contextlib.suppress(ConnectionError):
            await response.write_eof()
    finally:
        hub.leave(line)
    return response


async def poll(call: Call) -> web.Response:
    """Answer as soon as there is something to tell, or after `wait` seconds with nothing but a Hello.

    The Hello comes first and says who is where; its `seq` is where the next question begins: everything up to it is told.

    Raises:
        OtherEpoch, TooMany: As for the WebSocket.
    """
    asked, hub, desk = call.asked(PollQuery), call.house.hub, call.house.desk
    since = since_of(call, asked.since)
    line, joined_at = hub.join(call.caller.known, call.caller.session_id)
    try:
        frames, reached = await _missed(call, line, since, joined_at)
        if reached < joined_at:
            return _answer(hub.hello(line, reached), frames)
        if not frames and asked.presence == hub.presence.version and line.frames.empty():
            frames += await _wait(line, min(float(asked.wait), LONGEST_WAIT_SECONDS))
        hub.flush()
        while not line.frames.empty():
            frames.append(line.frames.get_nowait())
        return _answer(hub.hello(line, desk.seq), frames)
    finally:
        hub.leave(line)


async def _missed(call: Call, line: Line, since: Seq, joined_at: Seq) -> tuple[list[bytes | None], Seq]:
    frames: list[bytes | None] = []
    reached = since
    for _ in range(CATCH_UP_PAGES):
        if reached >= joined_at:
            break
        recorded, reached = await call.house.desk.events_since(reached, CATCH_UP_EVENTS, line.member.inboxes, line.member.key)
        # What came after we joined waits in the line: told here as well, it would only be skipped.
        if seen := tuple(part for part in recorded if part.seq <= joined_at):
            frames.append(_encode(Events(seen)))
    return frames, Seq(min(reached, joined_at))


async def _wait(line: Line, seconds: float) -> list[bytes | None]:
    try:
        async with asyncio.timeout(seconds):
            return [await line.frames.get()]
    except TimeoutError:
        return []


def _answer(hello: bytes, frames: list[bytes | None]) -> web.Response:
    """A list of frames. Presence is left out: the Hello was made after it."""
    told = [hello, *(frame for frame in frames if frame is not None and not frame.startswith(_PRESENCE))]
    return web.Response(body=b"[" + b",".join(told) + b"]", content_type="application/json", headers=_HEADERS)


async def say(call: Call) -> None:
    """What a client says that has no line up."""
    said, hub = call.said(Said), call.house.hub
    match said.message:
        case Looking(conversation_id=conversation_id):
            hub.looking(_place(call, said.place), call.caller.known, conversation_id, await inbox_of_said(call))
        case Pulled(request=request, reached=reached):
            hub.pulled(request, call.caller.known, reached=reached)


async def inbox_of_said(call: Call) -> InboxKey | None:
    """The inbox of the conversation that is looked at."""
    message = call.said(Said).message
    if not isinstance(message, Looking) or message.conversation_id is None:
        return None
    return await call.house.desk.inbox_of(message.conversation_id)


def _place(call: Call, place: int) -> int:
    """A number for a terminal without a line of its own, below those of the lines; forgotten when it falls silent."""
    who = f"{call.caller.session_id or call.caller.known.key} {place}"
    return -int.from_bytes(hashlib.sha256(who.encode()).digest()[:7]) - 1
