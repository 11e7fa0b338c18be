"""A program on a pseudo-terminal, timed: when its first bytes came, when words appeared, what a key cost."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.installed import as_installed


@dataclass(frozen=True)
class Answer:
    """What a key caused: seconds until the last byte of the answer, and how many bytes."""

    seconds: float
    count_bytes: int


class PtyClock:
    """with PtyClock(["mado"]) as clock: clock.seconds_until(b"words"); clock.press("j")"""

    def __init__(self, command: Sequence[str], *, columns: int = 80, rows: int = 24, env: Mapping[str, str] | None = None) -> None:
        seen = as_installed({**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **(env or {})})
        for name in ("COLUMNS", "LINES"):
            seen.pop(name, None)
        self.started = time.perf_counter()
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], list(command), seen)
        self.seen = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._terminal)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._pid

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._terminal], [], [], seconds)[0]:
            return b""
        try:
            piece = os.read(self._terminal, 65536)
        except OSError:
            return b""
        self._answer_queries(piece)
        self.seen += piece
        return piece

    def _answer_queries(self, piece: bytes) -> None:
        # A terminal answers a request for its attributes or cursor; some programs wait for that before they paint.
        if b"\x1b[c" in piece:
            os.write(self._terminal, b"\x1b[?62;22c")
        if b"\x1b[6n" in piece:
            os.write(self._terminal, b"\x1b[1;1R")

    def seconds_until(self, words: bytes, limit_seconds: float = 120) -> float:
        """Seconds from the start of the process until these bytes were written; raises TimeoutError."""
        while words not in self.seen:
            self._read(0.5)
            if time.perf_counter() - self.started > limit_seconds:
                raise TimeoutError(f"{words!r} not seen within {limit_seconds} s; the end was {self.seen[-400:]!r}")
        return time.perf_counter() - self.started

    def seconds_until_first_byte(self) -> float:
        """Seconds from the start of the process until it wrote anything."""
        while not self.seen:
            self._read(0.5)
        return time.perf_counter() - self.started

    def settle(self, quiet_seconds: float = 0.5) -> int:
        """Read until nothing comes for a while; returns the bytes."""
        count = 0
        while piece := self._read(quiet_seconds):
            count += len(piece)
        return count

    def read_for(self, seconds: float) -> int:
        """Read for so long, whatever comes; returns the bytes."""
        end, before = time.perf_counter() + seconds, len(self.seen)
        while (left := end - time.perf_counter()) > 0:
            self._read(left)
        return len(self.seen) - before

    def type(self, keys: str) -> None:
        """Send keys and wait for nothing."""
        os.write(self._terminal, keys.encode())

    def press(self, keys: str, quiet_seconds: float = 0.06) -> Answer:
        """Send keys; the answer ends with the last byte before a pause."""
        began = last = time.perf_counter()
        os.write(self._terminal, keys.encode())
        count, wait_seconds = 0, 2.0
        while piece := self._read(wait_seconds):
            last, count, wait_seconds = time.perf_counter(), count + len(piece), quiet_seconds
        return Answer(last - began, count)

    def rss_mb(self) -> float:
        """Resident memory of the program now."""
        lines = Path(f"/proc/{self._pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
