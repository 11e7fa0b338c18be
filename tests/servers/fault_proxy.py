"""A TCP relay that fails as a test says.  It runs in a thread of its own, so that blocking and asyncio clients can both use it."""

import asyncio
import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Direction:
    """What happens to the bytes that flow one way.  Set a field at any time; a cut happens once and is then disarmed."""

    latency_seconds: float = 0.0  # each piece read waits this long
    bytes_per_second: float = 0.0  # 0: as fast as it goes
    stalled: bool = False  # nothing flows; the connection stays
    cut_after_bytes: int | None = None  # counted from now
    cut_on: re.Pattern[bytes] | None = None  # cut when this passes (4 KiB at most) ...
    cut_beyond: int = 0  # ... so many bytes after it: rb"\{\d+\}\r\n" and 10 is inside a literal; below 0, so many before its end
    cut_how: str = "close"  # "close" (FIN), "reset" (RST), "half" (FIN in this direction alone; the other one flows on)
    before: Callable[[bytes], None] | None = None  # called with each piece, in a thread of its own, before the piece goes on
    cuts: int = 0  # how many there were
    passed: bytearray = field(default_factory=bytearray)  # everything that went through, of all connections


class FaultProxy:
    """with FaultProxy(server_port) as proxy: connect to proxy.port; proxy.to_client.cut_after_bytes = 100

    to_client, to_server: the two directions.  refuse: new connections are closed at once.  connections: how many were made.
    """

    def __init__(self, target_port: int, target_address: str = "127.0.0.1"):
        self._target = (target_address, target_port)
        self.to_client, self.to_server = Direction(), Direction()
        self.refuse, self.connections = False, 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_) -> None:
        self._call(self._cut_all("close", for_good=True))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def open_connections(self) -> int:
        """How many are open now."""
        return len(self._open) // 2

    def cut_now(self, how: str = "close") -> None:
        """Cut every connection there is."""
        self._call(self._cut_all(how))

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)

    async def _cut_all(self, how: str, *, for_good: bool = False) -> None:
        for writer in self._open:
            self._cut(writer, how)
        if for_good:
            self._server.close()
            relays = asyncio.all_tasks() - {asyncio.current_task()}
            for relay in relays:
                relay.cancel()
            await asyncio.gather(*relays, return_exceptions=True)

    async def _serve(self, client_reader, client_writer) -> None:
        self.connections += 1
        writers = {client_writer}
        try:
            if self.refuse:
                return
            server_reader, server_writer = await asyncio.open_connection(*self._target)
            self._open |= (writers := {client_writer, server_writer})
            upward = self._relay(client_reader, server_writer, self.to_server, writers)
            await asyncio.gather(upward, self._relay(server_reader, client_writer, self.to_client, writers))
        except (OSError, asyncio.CancelledError):
            pass  # one end is gone: so will be the other; or the proxy ends, which asyncio would else report as an error of the callback
        finally:
            self._open -= writers
            for writer in writers:
                writer.close()

    async def _relay(self, reader, writer, way: Direction, writers) -> None:
        tail = b""
        while piece := await reader.read(max(1, int(way.bytes_per_second / 20)) if way.bytes_per_second else 65536):
            if way.before is not None:
                await asyncio.to_thread(way.before, piece)
            await asyncio.sleep(way.latency_seconds)
            while way.stalled:
                await asyncio.sleep(0.005)
            for found in way.cut_on.finditer(tail + piece) if way.cut_on else ():
                if found.end() > len(tail):  # not one that had passed before
                    way.cut_after_bytes, way.cut_on = max(0, found.end() - len(tail) + way.cut_beyond), None
                    break
            tail = (tail + piece)[-4096:]
            if cut := way.cut_after_bytes is not None and way.cut_after_bytes <= len(piece):
                piece = piece[: way.cut_after_bytes]
            writer.write(piece)
            way.passed += piece
            await writer.drain()
            if way.bytes_per_second:
                await asyncio.sleep(len(piece) / way.bytes_per_second)
            if cut:
                way.cut_after_bytes, way.cuts = None, way.cuts + 1
                for each in [writer] if way.cut_how == "half" else writers:
                    self._cut(each, way.cut_how)
                return
            if way.cut_after_bytes:
                way.cut_after_bytes -= len(piece)
        writer.write_eof()

    def _cut(self, writer: asyncio.StreamWriter, how: str) -> None:
        if how == "half":
            writer.write_eof()
        elif how == "reset":  # closing a socket that may not linger sends RST
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        else:
            writer.close()
