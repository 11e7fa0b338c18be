"""A terminal at the end of a slow line: so many bytes a second, so long on the way. The program is read at once, as sshd does."""

import os
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence

import pyte
from pty_screen import PtyScreen

BAUD_9600 = 960
"""Bytes a second: eight bits, a start and a stop bit."""


class _OneWay:
    """Bytes through a line: each leaves when those before it have left, and arrives `way_seconds` later."""

    def __init__(self, source: int, sink: int, bytes_a_second: float, way_seconds: float) -> None:
        self._source, self._sink = source, sink
        self._rate, self._way = bytes_a_second, way_seconds
        self._arriving: deque[tuple[float, bytes]] = deque()
        self._free_at = 0.0
        self._more = threading.Condition()
        self._over = False

    def run(self) -> None:
        """Begin; it ends with its source."""
        for work in (self._take, self._give):
            threading.Thread(target=work, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                data = os.read(self._source, 65536)
            except OSError:
                data = b""
            with self._more:
                self._over = not data
                # In small pieces, as they would come.
                for at in range(0, len(data), 64):
                    piece = data[at : at + 64]
                    self._free_at = max(self._free_at, time.monotonic()) + len(piece) / self._rate
                    self._arriving.append((self._free_at + self._way, piece))
                self._more.notify()
            if not data:
                return

    def _give(self) -> None:
        while True:
            with self._more:
                while not self._arriving:
                    if self._over:
                        return
                    self._more.wait()
                at, piece = self._arriving.popleft()
            # What is simulated is time itself.
            threading.Event().wait(max(0.0, at - time.monotonic()))
            try:
                os.write(self._sink, piece)
            except OSError:
                return

    @property
    def queued_bytes(self) -> int:
        """What the program has written and nobody has seen."""
        with self._more:
            return sum(len(piece) for _, piece in self._arriving)


class _Answering(pyte.Screen):
    """Answers questions about the terminal."""

    def __init__(self, columns: int, rows: int, terminal: int) -> None:
        super().__init__(columns, rows)
        self._terminal = terminal

    def write_process_input(self, data: str) -> None:
        """An answer, as if it were typed."""
        os.write(self._terminal, data.encode())


class SlowScreen(PtyScreen):
    """A `PtyScreen` behind such a line; it answers what a terminal answers."""

    def __init__(
        self, command: Sequence[str], *, bytes_a_second: float = BAUD_9600, way_seconds: float = 0.3, columns: int = 80, rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(command, columns=columns, rows=rows, env=env)
        self._near, self._far = socket.socketpair()
        self._program, self._terminal = self._terminal, self._near.fileno()
        self._down = _OneWay(self._program, self._far.fileno(), bytes_a_second, way_seconds)
        self._up = _OneWay(os.dup(self._far.fileno()), self._program, bytes_a_second, way_seconds)
        self._down.run()
        self._up.run()
        self._screen = _Answering(columns, rows, self._terminal)
        self._stream = pyte.Stream(self._screen)

    def type(self, keys: str) -> None:
        """Send keys and wait for nothing."""
        os.write(self._terminal, keys.encode())

    @property
    def queued_bytes(self) -> int:
        """What the program has written and has not arrived."""
        return self._down.queued_bytes

    def __exit__(self, *_: object) -> None:
        self._terminal = self._program
        self._far.close()
        self._near.close()
        super().__exit__()
