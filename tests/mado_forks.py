"""Verbs and servers of `mado` for tests, each a process of its own, forked from one that has loaded the program: one start of Python.

What a verb costs from nothing, and that it loads what it needs by itself, is for the tests that start `python -m tui.entry`.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from guard import inherit_orphans, watch
from server_process import ServerProcess

ROOT = Path(__file__).parents[1]
ENTRY = "tui.entry"
LOADED = ("tui.entry", "tui.cli.main")
WHOLE = ("tui.cli", "mailsync.link", "mailsync.smtp", "mailsync.server", "store.local", "store.domain", "store.settings", "store.team")
LARGEST_REQUEST = 200_000

_forks: "Forks | None" = None
_beginning = threading.Lock()


def run_verb(words: Sequence[str], *, env: Mapping[str, str], stdin: str | None = None, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
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


def begin(
    module: str, words: Sequence[str], env: Mapping[str, str], streams: Sequence[int], *, cwd: Path | None = None, guarded: bool = False
) -> "Forked":
    """`python -m MODULE WORDS` with these three files. `guarded`: below a guard, whose standard input is the first of them (servers/guard.py)."""
    global _forks
    with _beginning:
        if _forks is None or _forks.made_by != os.getpid():
            _forks = Forks()
    return _forks.begin({"module": module, "words": list(words), "env": dict(env), "cwd": str(cwd or Path.cwd()), "guarded": guarded}, streams)


class MadoServer(ServerProcess):
    """`mado server run` in this home, with this environment, and what it says in `log`."""

    def __init__(self, home: Path, log: Path, env: Mapping[str, str]) -> None:
        self._env = env
        super().__init__([sys.executable, "--home", str(home), "server", "run"], log, unprivileged=False)

    def _begin(self, command: list[str], out: IO[bytes]) -> "Forked":
        reading, writing = os.pipe()
        words = command[command.index("--") + 2 :]
        guard = begin(ENTRY, words, self._env, (reading, out.fileno(), out.fileno()), cwd=self.log.parent, guarded=True)
        os.close(reading)
        guard.stdin = os.fdopen(writing, "wb")
        return guard


def end_forks() -> None:
    """End the process that is forked, and bury it: left to the interpreter's end it would be a warning there."""
    global _forks
    if _forks is not None and _forks.made_by == os.getpid():
        _forks.close()
        _forks = None


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

    def __init__(self) -> None:
        self.made_by = os.getpid()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.mado_forks", str(theirs.fileno())]
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
        request = json.loads(asked)
        learn(request["module"])
        if not os.fork():
            control.close()
            keep(request, fds)
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


def learn(module: str) -> None:
    """Import what a program needs that is none of `mado`'s own; it runs nothing before it is the main one."""
    if module != ENTRY and module not in sys.modules:
        # What is wrong with it is told by the process that is to be it.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
        gc.freeze()


def keep(asked: dict, fds: list[int]) -> None:
    """Fork the process and tell its number, and how it ended, however it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, told = fds
    if asked["guarded"]:
        os.write(told, f"{os.getpid()}\n".encode())
        os.write(told, f"{guard(asked, streams, told)}\n".encode())
        os._exit(0)
    pid = os.fork()
    if not pid:
        os.close(told)
        become(asked, streams)
    os.write(told, f"{pid}\n".encode())
    os.write(told, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
    os._exit(0)


def guard(asked: dict, streams: list[int], told: int) -> int:
    """Be the guard of what is forked: both in sessions of their own, the pipe in the guard's hand alone."""
    os.setsid()
    inherit_orphans()
    os.dup2(streams[0], 0)
    os.close(streams[0])
    pid = os.fork()
    if not pid:
        os.close(told)
        os.setsid()
        become(asked, [os.open(os.devnull, os.O_RDONLY), *streams[1:]])
    return watch(pid, "TERM")


def become(asked: dict, streams: list[int]) -> None:
    """What Python does between its start and its end, with the program in between."""
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
    for fd in {fd for fd in streams if fd > 2}:
        os.close(fd)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.argv = [asked["module"], *asked["words"]]
    code = 1
    try:
        if asked["module"] == ENTRY:
            from tui.entry import main

            sys.argv[0] = str(ROOT / "tui" / "entry.py")
            main()
        else:
            sys.modules.pop(asked["module"], None)
            runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
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
