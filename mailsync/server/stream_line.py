"""One client's end of the event stream: what waits to be sent to it, and its last word."""

import asyncio
from collections.abc import Callable

import msgspec

from mailsync.link.stream_protocol import Goodbye
from store.domain.people import Member

_encode = msgspec.json.Encoder().encode

Straight = Callable[[bytes], bool]


def as_message(frame: bytes) -> bytes:
    """A text message of a WebSocket from the server: whole, unmasked (RFC 6455 5.2). Made once, and the same bytes go to everybody."""
    size = len(frame)
    if size < 126:
        return bytes((0x81, size)) + frame
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2) + frame
    return b"\x81\x7f" + size.to_bytes(8) + frame


class Line:
    """One client's end. `frames` holds what is to be sent, already encoded; None in it: nothing more comes, hang up."""

    def __init__(self, stream_id: int, member: Member, whose: str, longest: int) -> None:
        self.stream_id = stream_id
        self.member = member
        self.whose = whose
        self.frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.why = ""
        """Set once the line is cut: the last word to the client."""
        self.straight: Straight | None = None
        """Set once its client has caught up: takes a whole message to the wire at once, or says that it cannot."""
        self._longest = longest

    def put(self, frame: bytes, message: bytes = b"") -> None:
        """Hand a frame on, queue it, or cut the line when its client is too slow. `message`: the same as a WebSocket has it."""
        if self.why:
            return
        if message and self.straight is not None and self.frames.empty() and self.straight(message):
            return
        if self.frames.qsize() >= self._longest:
            while not self.frames.empty():
                self.frames.get_nowait()
            self.cut("too_slow")
            return
        self.frames.put_nowait(frame)

    def cut(self, why: str, within_seconds: float = 0.0) -> None:
        """End it: what is queued goes out, then Goodbye."""
        if not self.why:
            self.why = why
            self.frames.put_nowait(_encode(Goodbye(why, within_seconds)))
            self.frames.put_nowait(None)
