"""`mado` on a pseudo-terminal, forked from a process that has loaded it: a quarter of what a terminal costs from nothing.

A start itself, signals in the middle of it and what is loaded when are for the tests that start `python -m tui.entry` (servers/pty_screen.py).
"""

import os
import pty
import signal
import subprocess
from collections.abc import Mapping, Sequence

from pty_screen import PtyScreen, resize

from tests.mado_forks import ENTRY, Forked, begin


class MadoScreen(PtyScreen):
    """with MadoScreen(["--home", str(home)]) as screen: ... A `PtyScreen`, with the words for `mado` as the command."""

    def _begin(self, command: Sequence[str], columns: int, rows: int, env: Mapping[str, str]) -> tuple[int, int]:
        self._forked, terminal = on_a_terminal(command, columns, rows, env)
        return self._forked.pid, terminal

    def has_ended(self) -> bool:
        """Whether the program has."""
        return self._forked.poll() is not None

    def _end(self) -> None:
        self._forked.send_signal(signal.SIGKILL)
        try:
            self._forked.wait(60)
        except subprocess.TimeoutExpired:
            raise AssertionError("a killed terminal lives on") from None


def on_a_terminal(words: Sequence[str], columns: int, rows: int, env: Mapping[str, str]) -> tuple[Forked, int]:
    """The program, and our end of its terminal."""
    ours, theirs = pty.openpty()
    resize(theirs, columns, rows)
    forked = begin(ENTRY, words, env, (theirs, theirs, theirs), kind="terminal")
    os.close(theirs)
    return forked, ours
