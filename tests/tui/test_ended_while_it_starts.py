"""A terminal that is told to end in the middle of its start ends, without a word of a bug, and leaves the terminal and the machine clean."""

import os
import pty
import select
import shutil
import signal
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.tui.home_builder import HomeBuilder
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
FIRST_LIST = b"Work tray 9"
APP_TAKES_OVER = b"\x1b[?1004h"
"""Asks for the focus events: the desk is half built then."""
AT_WORK = b"Server away"
SECONDS = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    builder = HomeBuilder(tmp_path_factory.mktemp("ended") / "home")
    builder.many(9)
    builder.close()
    return builder.home


@pytest.mark.parametrize("moment", [FIRST_LIST, APP_TAKES_OVER, AT_WORK])
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_whatever_it_was_just_doing(made: Path, tmp_path: Path, moment: bytes, number: int) -> None:
    home = shutil.copytree(made, tmp_path / "home")
    pid, terminal = pty.fork()
    if pid == 0:
        # Nobody ever told this terminal its size, nor is it in the environment.
        command = [sys.executable, "-m", "tui.entry", "--home", str(home)]
        kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        os.execve(sys.executable, command, {**kept, "MADO_LANG": "en", "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"})
    try:
        modes = termios.tcgetattr(terminal)
        written = read_until(terminal, lambda written: moment in written)
        assert termios.tcgetwinsize(terminal) == (24, 80)
        os.kill(pid, number)
        written += read_until(terminal, lambda _: os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) in (0, 128 + number), written
        assert termios.tcgetattr(terminal) == modes
    except BaseException:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        raise
    finally:
        os.close(terminal)
    assert written.rfind(b"\x1b[?1049l") > written.rfind(b"\x1b[?1049h"), "it left the alternate screen"
    assert b"Traceback" not in written
    assert b"bug" not in written
    assert not (home / "crash.txt").exists()
    wait_until(lambda: processes_of(home) == [], "whatever it had begun to be gone", 60)


def read_until(terminal: int, seen) -> bytes:
    """What it writes until then."""
    written, until = b"", time.monotonic() + SECONDS
    while not seen(written):
        assert time.monotonic() < until, written
        if select.select([terminal], [], [], 0.01)[0]:
            try:
                written += os.read(terminal, 65536)
            except OSError:  # it has closed the terminal
                time.sleep(0.01)
    return written


def processes_of(home: Path) -> list[int]:
    """Who was started with this home."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and str(home).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # it ended while we looked
    return found
