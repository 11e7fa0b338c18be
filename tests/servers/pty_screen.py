"""Run a program on a pseudo-terminal, press keys, count the bytes it writes, read its screen.  Wide characters take two columns."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from typing import Self

import pyte

# What pyte 0.8 would print as text: strings to the terminal (DCS, APC, PM), private modes with < = >, colours with colons.
UNKNOWN_TO_PYTE = re.compile(r"\x1b[P_^].*?(?:\x1b\\|\x07)|\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[[0-9;]*:[0-9;:]*m", re.DOTALL)
# At these pyte drops the rest of the line: zero width joiner and its like, variation selectors.
ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
# A string to the terminal ends with BEL or ST (ECMA-48 5.6).
UNFINISHED = re.compile(r"\x1b(?:[P_^\]](?:(?!\x1b\\)[^\x07])*|\[[0-?]*[ -/]*)?\Z")


def resize(terminal: int, columns: int, rows: int) -> None:
    """The terminal has this size now."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class PtyScreen:
    """with PtyScreen(["mado"]) as screen: screen.settle(); written = screen.press("\\x1b[B"); print(screen.text())"""

    def __init__(self, command: Sequence[str], *, columns: int = 80, rows: int = 24, env: Mapping[str, str] | None = None):
        self.bytes_written = 0
        self._pending = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        seen = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **(env or {})}
        for name in ("COLUMNS", "LINES"):  # set by pytest-xdist, and believed more than the terminal
            seen.pop(name, None)
        self._pid, self._terminal = self._begin(command, columns, rows, seen)

    def _begin(self, command: Sequence[str], columns: int, rows: int, env: Mapping[str, str]) -> tuple[int, int]:
        """The program's process, and our end of its terminal."""
        pid, terminal = pty.fork()
        if pid == 0:
            # A suite in the background of a shell has SIGINT ignored, and whoever it starts inherits that.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            resize(0, columns, rows)
            os.execvpe(command[0], command, env)
        return pid, terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        os.close(self._terminal)  # the program gets SIGHUP
        self._end()

    def _end(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def has_ended(self) -> bool:
        """Whether the program has."""
        return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def settle(self, patience_seconds: float = 2.0, quiet_seconds: float = 0.15, limit_seconds: float = 10.0) -> int:
        """Wait for the first byte, then read until nothing has come for a while; return how many bytes came."""
        before, wait_seconds, until = self.bytes_written, patience_seconds, time.monotonic() + limit_seconds
        while time.monotonic() < until and select.select([self._terminal], [], [], wait_seconds)[0]:
            try:
                piece = os.read(self._terminal, 65536)
            except OSError:  # EIO: the program has ended
                break
            self.bytes_written += len(piece)
            text = self._pending + self._decode(piece)
            self._pending = found[0] if (found := UNFINISHED.search(text)) else ""
            self._stream.feed(ZERO_WIDTH.sub("", UNKNOWN_TO_PYTE.sub("", text.removesuffix(self._pending))))
            wait_seconds = quiet_seconds
        return self.bytes_written - before

    def press(self, keys: str) -> int:
        """Send keys (text, or what the key sends: "\r", "\x1b[B") and return the bytes written in answer."""
        os.write(self._terminal, keys.encode())
        return self.settle()

    def text(self) -> str:
        """The screen, a line each, without the blank cell that follows a wide character."""
        cells = self._screen.buffer
        lines = ("".join(cells[row][column].data for column in range(self._screen.columns)) for row in range(self._screen.lines))
        return "\n".join(line.rstrip() for line in lines)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._pid

    def cursor(self) -> tuple[int, int]:
        """Column and row, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y
