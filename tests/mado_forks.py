"""Verbs of `mado` for tests, each a process of its own, forked from one that has loaded the program: hundreds of verbs, one start of Python.

What a verb costs from nothing, and that it loads what it needs by itself, is for the tests that start `python -m tui.entry`.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOADED = ("tui.entry", "tui.cli.main")
WHOLE = ("tui.cli", "mailsync.link", "mailsync.smtp", "mailsync.server", "store.local", "store.domain", "store.settings", "store.team")
LARGEST_REQUEST = 200_000

_forks: "Forks | None" = None
_beginning = threading.Lock()


def run_verb(words: Sequence[str], *, env: Mapping[str, str], stdin: str | None = None, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
    """`mado WORDS` in this folder and environment; raises TimeoutExpired, and ends the verb, when it takes longer."""
    global _forks
    with _beginning:
        if _forks is None or _forks.made_by != os.getpid():
            _forks = Forks()
    return _forks.run(words, env, stdin, seconds)


def end_forks() -> None:
    """End the process that is forked, and bury it: left to the interpreter's end it would be a warning there."""
    global _forks
    if _forks is not None and _forks.made_by == os.getpid():
        _forks.close()
        _forks = None


class Forks:
    """The process that is forked. It ends with the one that started it: when the other end of its socket closes."""

    def __init__(self) -> None:
        self.made_by = os.getpid()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.mado_forks", str(theirs.fileno())]
            kept = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
            self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], env={**kept, "PYTHONUTF8": "1"})

    def close(self) -> None:
        """Nobody asks any more."""
        self._socket.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def run(self, words: Sequence[str], env: Mapping[str, str], stdin: str | None, seconds: float) -> "subprocess.CompletedProcess[str]":
        """One fork. Several threads may ask at a time."""
        ours, theirs = socket.socketpair()
        with ours, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write((stdin or "").encode())
            given.seek(0)
            with theirs:
                asked = json.dumps({"words": list(words), "env": dict(env), "cwd": str(Path.cwd())}).encode()
                socket.send_fds(self._socket, [asked], [given.fileno(), out.fileno(), err.fileno(), theirs.fileno()])
            ours.settimeout(seconds)
            pid = 0
            try:
                pid, code = (int(_line(ours)) for _ in range(2))
            except TimeoutError:
                if pid:
                    os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(words), seconds) from None
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(list(words), code, out.read().decode(), err.read().decode())


def _line(told: socket.socket) -> bytes:
    """Up to the line's end."""
    line = b""
    while not line.endswith(b"\n"):
        piece = told.recv(1)
        assert piece, "the process that is forked has died"
        line += piece
    return line


# In the process that is forked


def serve(control: socket.socket) -> None:
    """Fork for each request until nobody can ask any more."""
    load()
    # Nobody here waits for them: the kernel buries them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, fds, _flags, _address = socket.recv_fds(control, LARGEST_REQUEST, 4)
        if not asked:
            return
        if not os.fork():
            control.close()
            keep(json.loads(asked), fds)
        for fd in fds:
            os.close(fd)


def load() -> None:
    """Import all that a verb may need; what is loaded is not looked through for garbage again."""
    for name in LOADED:
        importlib.import_module(name)
    for room in WHOLE:
        for each in pkgutil.iter_modules(importlib.import_module(room).__path__, f"{room}."):
            importlib.import_module(each.name)
    gc.freeze()


def keep(asked: dict, fds: list[int]) -> None:
    """Fork the verb and tell its number, and how it ended, however it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, told = fds
    pid = os.fork()
    if not pid:
        os.close(told)
        be_mado(asked, streams)
    os.write(told, f"{pid}\n".encode())
    os.write(told, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
    os._exit(0)


def be_mado(asked: dict, streams: list[int]) -> None:
    """What Python does between its start and its end, with the program in between."""
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
        os.close(fd)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.argv = [str(ROOT / "tui" / "entry.py"), *asked["words"]]
    code = 1
    try:
        from tui.entry import main

        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
