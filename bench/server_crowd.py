"""Thousands of lean clients in one process: each holds a WebSocket open, answers pings and notes when each frame came."""

import asyncio
import base64
import os
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import cast

_KEY = re.compile(rb'"command_key":"([^"]+)"')
CONNECT_AT_ONCE = 100
PING, PONG, CLOSE, TEXT = 0x9, 0xA, 0x8, 0x1


class Notes:
    """What came when. Frames are told apart by their bytes: the server sends everybody the same."""

    def __init__(self) -> None:
        self.came: dict[bytes, list[float]] = defaultdict(list)
        self.open = 0
        self.hellos = 0
        self.ended = 0
        self.on = False

    def frame(self, payload: bytes) -> None:
        """One text frame, now."""
        if payload.startswith(b'{"m":"hello"'):
            self.hellos += 1
        elif self.on and payload.startswith(b'{"m":"events"'):
            self.came[payload].append(time.perf_counter())

    def delays(self, sent: dict[str, float]) -> tuple[list[float], dict[str, int]]:
        """Seconds from the giving of each command to its arrival, for each client; and how many clients heard of each."""
        delays: list[float] = []
        heard: dict[str, int] = defaultdict(int)
        for payload, times in self.came.items():
            for key in {found.decode() for found in _KEY.findall(payload)}:
                if (given := sent.get(key)) is not None:
                    delays += [at - given for at in times]
                    heard[key] += len(times)
        return delays, heard


class Ear(asyncio.Protocol):
    """One client: RFC 6455, and of it only what this server sends."""

    def __init__(self, notes: Notes, host: str, session: str) -> None:
        self._notes = notes
        self._host = host
        self._session = session
        self._buffer = bytearray()
        self._upgraded = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._notes.open += 1
        key = base64.b64encode(os.urandom(16)).decode()
        asked = [
            "GET /v1/stream HTTP/1.1",
            f"Host: {self._host}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            f"Authorization: Bearer {self._session}",
        ]
        self.transport.write("\r\n".join([*asked, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        """Take what is whole."""
        self._buffer += data
        if not self._upgraded:
            head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(head.decode(errors="replace"))
            self._upgraded = True
            self._buffer = bytearray(rest)
        self._frames()

    def _frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4]), at + 4
            elif size == 127:
                size, start = int.from_bytes(buffer[at + 2 : at + 10]), at + 10
            if len(buffer) < start + size:
                break
            kind = buffer[at] & 0xF
            payload = bytes(buffer[start : start + size])
            at = start + size
            if kind == TEXT:
                self._notes.frame(payload)
            elif kind == PING and self.transport is not None:
                # A client's frame is masked; by zeros it stays as it is.
                self.transport.write(bytes([0x80 | PONG, 0x80 | len(payload), 0, 0, 0, 0]) + payload)
        del buffer[:at]

    def connection_lost(self, _error: Exception | None) -> None:
        """It is over."""
        self._notes.open -= 1
        self._notes.ended += 1


class Crowd:
    """So many clients of these sessions; they come a hundred at a time."""

    def __init__(self, host: str, port: int, sessions: Sequence[str]) -> None:
        self._host = host
        self._port = port
        self._sessions = sessions
        self._ears: list[Ear] = []
        self.notes = Notes()

    async def grow_to(self, count: int) -> None:
        """Connect until there are that many, each with its Hello."""
        loop = asyncio.get_running_loop()
        while len(self._ears) < count:
            batch = min(CONNECT_AT_ONCE, count - len(self._ears))
            made = [Ear(self.notes, self._host, self._sessions[(len(self._ears) + n) % len(self._sessions)]) for n in range(batch)]
            await asyncio.gather(*(loop.create_connection(lambda ear=ear: ear, self._host, self._port) for ear in made))  # type: ignore[misc]
            self._ears += made
            deadline = time.perf_counter() + 60
            while self.notes.hellos < len(self._ears):
                if time.perf_counter() > deadline or self.notes.ended:
                    raise RuntimeError(f"{self.notes.hellos} of {len(self._ears)} clients got in, {self.notes.ended} were cut")
                await asyncio.sleep(0.005)

    def close(self) -> None:
        """Everybody goes."""
        for ear in self._ears:
            if ear.transport is not None:
                ear.transport.abort()
