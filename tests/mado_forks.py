"""Verbs and servers of `mado` for tests, each a process of its own, forked from one that has loaded the program: one start of Python.

What a verb costs from nothing, and that it loads what it needs by itself, is for the tests that start `python -m tui.entry`.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, BinaryIO

from server_process import ServerProcess

ROOT = Path(__file__).parents[1]
ENTRY = "tui.entry"
ROOM = " " * 2_000
"""For the command lines of what is forked."""

_door = ""
"""In what was forked: where the process is asked that it was forked from."""
_forks: dict[str, "Forks"] = {}
"""By what they have loaded."""
_beginning = threading.Lock()


def run_verb(words: Sequence[str], *, env: Mapping[str, str], stdin: str | None = None, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
    """`mado WORDS` in this folder and environment; raises TimeoutExpired, and ends the verb, when it takes longer."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write((stdin or "").encode())
        given.seek(0)
        verb = begin(ENTRY, words, env, (given.fileno(), out.fileno(), err.fileno()))
        try:
            code = verb.wait(seconds)
        except subprocess.TimeoutExpired:
            verb.kill()
            verb.wait()
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(list(words), code, out.read().decode(), err.read().decode())


def begin(module: str, words: Sequence[str], env: Mapping[str, str], streams: Sequence[int], *, cwd: Path | None = None, kind: str = "") -> "Forked":
    """`python -m MODULE WORDS` with these three files.

    `kind`: "guarded", it is below a guard, whose standard input is the first of them (servers/guard.py); "session", it has a session of
    its own; "terminal", that, and the first file is its terminal; "pane", that, and with the other end of a fourth file, a socket, it is killed.
    """
    loaded = "terminal" if kind in {"terminal", "pane"} else "verb"
    unheard = [name for name in env if name.startswith("TEXTUAL_") or name == "ESCDELAY"] if loaded == "terminal" else []
    assert not unheard, f"Textual reads {unheard} when it is imported: PtyScreen and Terminal start a Python of its own"
    with _beginning:
        if loaded not in _forks or _forks[loaded].made_by != os.getpid():
            _forks[loaded] = Forks(loaded)
    return _forks[loaded].begin({"module": module, "words": list(words), "env": dict(env), "cwd": str(cwd or Path.cwd()), "kind": kind}, streams)


def open_door() -> str:
    """A name of this process's own (unix(7): abstract), for what will be forked from it."""
    global _door
    _door = f"\0mado-forks-{os.getpid()}"
    return _door


def begin_own_server(home: Path, words: BinaryIO) -> "Forked":
    """As a verb begins its home's own server (mailsync/link/local_server.py)."""
    silence = os.open(os.devnull, os.O_RDONLY)
    command = ["--home", str(home), "server", "run", "--own"]
    server = begin(ENTRY, command, os.environ, (silence, words.fileno(), words.fileno()), kind="session")
    os.close(silence)
    return server


class MadoServer(ServerProcess):
    """`mado server run` in this home, with this environment, and what it says in `log`."""

    def __init__(self, home: Path, log: Path, env: Mapping[str, str]) -> None:
        self._env = env
        super().__init__([sys.executable, "--home", str(home), "server", "run"], log, unprivileged=False)

    def _begin(self, command: list[str], out: IO[bytes]) -> "Forked":
        reading, writing = os.pipe()
        words = command[command.index("--") + 2 :]
        guard = begin(ENTRY, words, self._env, (reading, out.fileno(), out.fileno()), cwd=self.log.parent, kind="guarded")
        os.close(reading)
        guard.stdin = os.fdopen(writing, "wb")
        return guard


def end_forks() -> None:
    """End the processes that are forked, and bury them: left to the interpreter's end they would be a warning there."""
    for forks in _forks.values():
        if forks.made_by == os.getpid():
            forks.close()
    _forks.clear()


def begin_beside(module: str, words: Sequence[str], env: Mapping[str, str]) -> "Forked":
    """The same; what it says stands among what we say."""
    silence = os.open(os.devnull, os.O_RDONLY)
    process = begin(module, words, env, (silence, 1, 2))
    os.close(silence)
    return process


def begin_talking(module: str, words: Sequence[str], env: Mapping[str, str]) -> "Forked":
    """The same with pipes for what it says; nothing is said to it."""
    (out, out_end), (err, err_end), silence = os.pipe(), os.pipe(), os.open(os.devnull, os.O_RDONLY)
    process = begin(module, words, env, (silence, out_end, err_end))
    for fd in (silence, out_end, err_end):
        os.close(fd)
    process.stdout, process.stderr = os.fdopen(out, "rb"), os.fdopen(err, "rb")
    return process


class Forks:
    """The process that is forked. It ends with the one that started it: when the other end of its socket closes."""

    def __init__(self, loaded: str) -> None:
        self.made_by = os.getpid()
        if _door:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._socket.connect(_door)
            return
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.mado_forker", str(theirs.fileno()), loaded, ROOM]
            kept = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
            self._process = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[theirs.fileno()], env=kept | {"PYTHONUTF8": "1", "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'servers'}"}
            )

    def close(self) -> None:
        """Nobody asks any more."""
        self._socket.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def begin(self, asked: dict, streams: Sequence[int]) -> "Forked":
        """One fork. Several threads may ask at a time."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._socket, [json.dumps(asked).encode()], [*streams, theirs.fileno()])
        return Forked(asked["words"], ours)


class Forked:
    """A process that was forked, as `subprocess.Popen` shows one. To be waited for."""

    def __init__(self, words: list[str], told: socket.socket) -> None:
        self.args = words
        self._told = told
        self.pid = int(_line(told))
        self.returncode: int | None = None
        self.stdin: IO[bytes]
        self.stdout: IO[bytes]
        self.stderr: IO[bytes]

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; raises TimeoutExpired while it has not."""
        if self.returncode is None:
            self._told.settimeout(timeout)
            try:
                self.returncode = int(_line(self._told))
            except TimeoutError:
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
            self._told.close()
        return self.returncode

    def poll(self) -> int | None:
        """How it ended; None while it has not."""
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def last_words(self) -> tuple[bytes, bytes]:
        """Wait for its end: what it said in its two pipes, a few lines, until then."""
        with self.stdout, self.stderr:
            words = self.stdout.read(), self.stderr.read()
        self.wait(60)
        return words

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would."""
        self.send_signal(signal.SIGKILL)


def _line(told: socket.socket) -> bytes:
    """Up to the line's end."""
    line = b""
    while not line.endswith(b"\n"):
        piece = told.recv(1)
        assert piece, "the process that is forked has died"
        line += piece
    return line
