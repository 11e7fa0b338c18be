"""`mado` in a pane of tmux, forked from a process that has loaded it: a quarter of what a terminal costs from nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tmux_terminal import Terminal

from tests.mado_forker import LARGEST_REQUEST
from tests.mado_forks import ENTRY, begin

PANE = Path(__file__).with_name("mado_pane.py")
SECONDS = 30.0


class MadoTerminal(Terminal):
    """with MadoTerminal(["--home", str(home)]) as terminal: ... A `Terminal`, with the words for `mado` as the command."""

    def _begin(self, session: Sequence[str], command: Sequence[str]) -> None:
        place = self._folder / "pane"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
            door.settimeout(SECONDS)
            door.bind(str(place))
            door.listen(1)
            self._run(*session, sys.executable, "-I", "-S", str(PANE), str(place), str(self._status))
            pane, _address = door.accept()
        with pane:
            pane.settimeout(SECONDS)
            env, (terminal, life), _flags, _address = socket.recv_fds(pane, LARGEST_REQUEST, 2)
        self._forked = begin(ENTRY, command, json.loads(env), (terminal, terminal, terminal, life), kind="pane")
        os.close(terminal)
        os.close(life)

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        # The guard has buried the program in the pane, and this one is no child of that.
        try:
            self._forked.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError("a terminal lives on without its window") from None

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        self._forked.send_signal(number)
