"""`mado` on a pseudo-terminal, forked from a process that has loaded it: a quarter of what a terminal costs from nothing.

A start itself, signals in the middle of it and what is loaded when are for the tests that start `python -m tui.entry` (servers/pty_screen.py).
"""

import os
import pty
import signal
import subprocess
from collections.abc import Mapping, Sequence

from pty_screen import PtyScreen, resize

from tests.mado_forks import ENTRY, begin


class MadoScreen(PtyScreen):
    """with MadoScreen(["--home", str(home)]) as screen: ... A `PtyScreen`, with the words for `mado` as the command."""

    def _begin(self, command: Sequence[str], columns: int, rows: int, env: Mapping[str, str]) -> tuple[int, int]:
        unheard = [name for name in env if name.startswith("TEXTUAL_") or name == "ESCDELAY"]
        assert not unheard, f"Textual reads {unheard} when it is imported: PtyScreen starts a Python of its own"
        terminal, theirs = pty.openpty()
        resize(theirs, columns, rows)
        self._forked = begin(ENTRY, command, env, (theirs, theirs, theirs), kind="terminal")
        os.close(theirs)
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
