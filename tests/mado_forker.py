"""The process that is forked for tests (mado_forks.py asks it): it has loaded the program, and each fork becomes one run of it."""

import atexit
import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import termios
import threading
import time
import traceback
from pathlib import Path

from guard import inherit_orphans, watch

from tests import mado_forks

ROOT = Path(__file__).parents[1]
ENTRY = "tui.entry"
STORE = ("store.local", "store.domain", "store.settings")
LOADED = {
    "verb": ("tui.entry", "tui.cli.main", "tui.cli", "mailsync.link", "mailsync.smtp", "mailsync.server", *STORE, "store.team"),
    "terminal": (
        *("tui.entry", "tui", "tui.view", "tui.widgets", "tui.actions", "tui.screens"),
        *("mailsync.engine", "mailsync.imap", "mailsync.link", "mailsync.mime", "mailsync.smtp", *STORE),
        "textual.drivers.linux_driver",
    ),
}
LARGEST_REQUEST = 200_000
MOST_FILES = 5
PATIENCE_SECONDS = 30.0


def serve(control: socket.socket, kind: str) -> None:
    """Fork for each request until the one who started this process can ask no more. What was forked may ask, too, at the door."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    door.bind(mado_forks.open_door())
    door.listen()
    load(kind)
    # Nobody here waits for them: the kernel buries them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    asking = [control, door]
    while True:
        for each in select.select(asking, [], [])[0]:
            if each is door:
                asking.append(door.accept()[0])
                continue
            asked, fds, _flags, _address = socket.recv_fds(each, LARGEST_REQUEST, MOST_FILES)
            if not asked and each is control:
                return
            if not asked:
                asking.remove(each)
                each.close()
                continue
            request = json.loads(asked)
            learn(request["module"])
            if not os.fork():
                for one in asking:
                    one.close()
                keep(request, fds)
            for fd in fds:
                os.close(fd)


def load(kind: str) -> None:
    """Import all that a verb may need, or a terminal; what is loaded is not looked through for garbage again."""
    if kind == "terminal":
        # Textual reads the environment when it is imported: behind the splash.
        importlib.import_module("tui.splash").prepare_environment()
    for name in LOADED[kind]:
        rooms = importlib.import_module(name)
        for each in pkgutil.iter_modules(getattr(rooms, "__path__", ()), f"{name}."):
            importlib.import_module(each.name)
    if kind == "verb":
        importlib.import_module("mailsync.link.local_server")._begin = mado_forks.begin_own_server
        # A list would else show what is stored here where a busy machine's server answers later than a person waits.
        importlib.import_module("tui.cli.level").CATCH_UP_SECONDS = PATIENCE_SECONDS
    # A thread would not be forked along, and a language is chosen by the run.
    assert threading.active_count() == 1
    assert importlib.import_module("tui.words")._translation is None
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
    if asked["kind"] == "guarded":
        os.write(told, f"{os.getpid()}\n".encode())
        os.write(told, f"{guard(asked, streams, told)}\n".encode())
        os._exit(0)
    lives = [streams.pop()] if asked["kind"] == "pane" else []
    pid = os.fork()
    if not pid:
        for fd in (told, *lives):
            os.close(fd)
        if asked["kind"] in {"session", "terminal", "pane"}:
            os.setsid()
        if asked["kind"] in {"terminal", "pane"}:
            fcntl.ioctl(streams[0], termios.TIOCSCTTY, 0)
        become(asked, streams)
    for fd in streams:
        os.close(fd)
    os.write(told, f"{pid}\n".encode())
    for life in lives:
        end_with(life, pid)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    for fd in (told, *lives):
        # Whoever asked may have been killed.
        with contextlib.suppress(BrokenPipeError):
            os.write(fd, f"{ended}\n".encode())
    os._exit(0)


def end_with(life: int, pid: int) -> None:
    """Return when our child `pid` has ended; it is killed when the other end of that socket closes."""
    died = os.pidfd_open(pid)
    if life in select.select([life, died], [], [])[0]:
        os.kill(pid, signal.SIGKILL)
    os.close(died)


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
    be_called([sys.executable, "-m", asked["module"], *asked["words"]])
    sys.stdout.reconfigure(line_buffering=os.isatty(1))
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    os.chdir(asked["cwd"])
    sys.argv = [asked["module"], *asked["words"]]
    code = 1
    try:
        run(asked["module"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def be_called(words: list[str]) -> None:
    """Write the command line that this process would have been started with over the one that is shown of it (proc(5): arg_start, arg_end)."""
    begin, end = (int(field) for field in Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()[45:47])
    if room := end - begin:
        ctypes.memmove(begin, "\0".join(words).encode()[: room - 1].ljust(room, b"\0"), room)


def run(module: str) -> None:
    """Be the main program."""
    if module == ENTRY:
        from tui.entry import main

        sys.argv[0] = str(ROOT / "tui" / "entry.py")
        main()
    else:
        sys.modules.pop(module, None)
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
