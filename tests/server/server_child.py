"""A real server process in a home, forked from one that has loaded the program (mado_forks), to be ended and killed."""

import json
import os
import selectors
import signal
import time
from pathlib import Path

from tests.mado_forks import ENTRY, begin_talking

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0


class Child:
    """`mado server run` with these arguments; `url` once it takes calls. `shared`: on that PostgreSQL, and soon to take over (serve_process).

    `module`: run that one instead, with the home and the arguments.
    """

    def __init__(self, home: Path, *arguments: str, shared: str = "", module: str = "") -> None:
        env = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        if module:
            self.process = begin_talking(module, [str(home), *arguments], env)
        elif shared:
            self.process = begin_talking("tests.server.serve_process", [str(home), shared], env)
        else:
            self.process = begin_talking(ENTRY, ["--home", str(home), "server", "run", *arguments], env)
        self.url = self._ready()

    def _ready(self) -> str:
        """The URL of the one line on stdout; "" when it ended instead."""
        deadline = time.monotonic() + READY_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            assert selector.select(deadline - time.monotonic()), "the server did not get ready"
        line = self.process.stdout.readline()
        if not line:
            return ""
        said = json.loads(line)
        assert said["ready"] is True
        return said["url"]

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self._end()

    def stop(self) -> int:
        """As `systemctl stop` would; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def ended(self) -> tuple[int, str]:
        """Wait for its own end: exit code and last words."""
        words = self.process.stderr.read().decode()
        return self._end(), words

    def _end(self) -> int:
        code = self.process.wait(timeout=60)
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()
        return code
