"""The desk's own server: a child process on a socket in the home, for a home in which none is set."""

import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

from mailsync.link.address import ServerAddress
from mailsync.link.errors import OwnServerFailed
from mailsync.link.home import own_server_answers, own_socket, server_of
from store.settings.settings import Settings

READY_SECONDS = 20.0
"""A cold start on a slow machine; it usually takes well under one."""
LOOK_AGAIN_SECONDS = 0.02
LAST_WORDS_BYTES = 4000

_started: list[subprocess.Popen[bytes]] = []
"""The servers this process started: they outlive it, but those that die first must be reaped."""


def reach_server(home: Path, settings: Settings) -> ServerAddress:
    """Where this home's server is, started first when it is the home's own and does not run.

    Raises:
        OwnServerFailed: It did not start, or this is the home of a team's server that is not running.
        AddressWrong: The settings hold an address that cannot be used.
    """
    address = server_of(home, settings)
    if address is not None:
        return address
    if settings.server.listen or settings.server.database:
        raise OwnServerFailed(str(home), "the team's server of this home is not running; start it with `mado server run`")
    return start_own_server(home)


def start_own_server(home: Path) -> ServerAddress:
    """Start the home's own server unless it answers already; returns when it takes calls. It ends by itself 60 s after its last client.

    Two terminals that start at once both do this: the home's lock lets one server live, and both wait for the same socket.

    Raises:
        OwnServerFailed: It ended, or did not answer in time; with its last words.
    """
    address = ServerAddress("unix", path=str(own_socket(home)))
    if own_server_answers(home):
        return address
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = home / "own-server.log"
    with log.open("wb") as words:
        child = _begin(home, words)
    _started[:] = [*(earlier for earlier in _started if earlier.poll() is None), child]
    deadline = time.monotonic() + READY_SECONDS
    while not own_server_answers(home):
        if time.monotonic() > deadline:
            child.terminate()
            raise OwnServerFailed(str(home), f"it did not answer within {READY_SECONDS:g} s; see {log}")
        if child.poll() is not None and not _another_is_starting(child.returncode):
            raise OwnServerFailed(str(home), _last_words(log))
        time.sleep(LOOK_AGAIN_SECONDS)
    return address


def _begin(home: Path, words: BinaryIO) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in this terminal, or its end, must not take down a server another terminal uses.
    command = [sys.executable, "-m", "tui.entry", "--home", str(home), "server", "run", "--own"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, start_new_session=True)


def _another_is_starting(returncode: int) -> bool:
    """Exit code 1 (`AlreadyRunning`): somebody else's server holds the home and will answer soon."""
    return returncode == 1


def _last_words(log: Path) -> str:
    lines = log.read_bytes()[-LAST_WORDS_BYTES:].decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"it ended without a word; see {log}"
