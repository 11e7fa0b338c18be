"""A process that has loaded everything and forks a child for each pull, so that two hundred of them can be killed within a minute.

One JSON line in: {"home", "port", "user", "mailboxes", "kill_at", "verify"}. One line out when the child runs: {"pid"}; one when it has ended:
{"status", "calls"}. `kill_at`: the child sends itself SIGKILL at its so-manieth call of a function, of ours or of C; 0: never, it counts.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from msgspec.structs import replace

from mailsync.engine.engine import Engine
from mailsync.mime import parse
from store.clock import SystemClock
from store.local import codec
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from tests.engine.homes import inbox_at

LOADED = (parse, codec)


class Fate:
    """Counts calls in all threads; at one of them the process dies as by a power cut."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.calls = 0

    def begin(self) -> None:
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def end(self) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _called(self, _frame: FrameType, event: str, _argument: object) -> None:
        if event in {"call", "c_call"}:
            self.calls += 1
            if self.calls == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)


def pull(asked: dict, fate: Fate) -> int:
    """As `mado sync --once` does it; the answer is the exit code."""
    home = Path(asked["home"])
    inbox = replace(inbox_at(asked["port"], asked["user"]), mailboxes=tuple(asked["mailboxes"]))
    fate.begin()
    store = LocalStore.open(home)
    try:
        reports = asyncio.run(Engine(store, (inbox,), Secrets(home), SystemClock()).pull_once(verify=asked["verify"]))
    finally:
        store.close()
        fate.end()
    return int(any(report.error for report in reports))


def serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            fate = Fate(asked["kill_at"])
            code = 70
            try:
                code = pull(asked, fate)
            finally:
                os.write(writing, str(fate.calls).encode())
                os._exit(code)
        os.close(writing)
        print(json.dumps({"pid": pid}), flush=True)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with os.fdopen(reading) as told:
            print(json.dumps({"status": status, "calls": int(told.read() or 0)}), flush=True)


if __name__ == "__main__":
    import zstandard

    LOADED += (zstandard,)
    serve()
