"""Pulls in processes of their own, to be killed with SIGKILL wherever they stand."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fault_proxy import FaultProxy

from store.local.store import LocalStore
from tests.engine.homes import SUPPORT
from tests.faults.house import House, store_side
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a pull ended: killed, or done after so many calls."""

    status: int
    calls: int

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Zygote:
    """Forks a process for each pull."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def pull(self, house: House, *, kill_at: int = 0, verify: bool = False) -> Ended:
        """One pull that kills itself at its so-manieth call."""
        self._begin(house, None, kill_at, verify=verify)
        return self._end()

    def pull_killed_after(self, house: House, received_bytes: int) -> Ended:
        """One pull that is killed from outside once so many bytes of the server have passed."""
        with FaultProxy(house.dovecot.imap_port, house.host) as proxy:
            pid = self._begin(house, proxy.port, 0)
            wait_until(lambda: len(proxy.to_client.passed) >= received_bytes or not _runs(pid), "the point to kill at", 60)
            if _runs(pid):
                os.kill(pid, signal.SIGKILL)
            return self._end()

    def _begin(self, house: House, port: int | None, kill_at: int, *, verify: bool = False) -> int:
        asked = {
            "home": str(house.home),
            "port": port or house.dovecot.imap_port,
            "user": house.user,
            "mailboxes": house.mailboxes,
            "kill_at": kill_at,
            "verify": verify,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._said()["pid"])

    def _end(self) -> Ended:
        return Ended(**self._said())

    def _said(self) -> dict:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the zygote has died"
        return json.loads(line)


def _runs(pid: int) -> bool:
    """Neither gone nor waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def zygote() -> Iterator[Zygote]:
    """Loaded once, ended at the end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests" / "servers")))}
    command = [sys.executable, "-m", "tests.faults.zygote"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Zygote(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


def assert_promise_kept(house: House) -> None:
    """Right after a kill, before anything is mended: what the cursors cover is all here, whole, and the store agrees with itself."""
    store = LocalStore.open(house.home)
    try:
        assert store.repairs == ()
        wrong = store.ledger.check()
        assert wrong == (), wrong
        for mailbox in (*house.mailboxes, "Sent"):
            cursor = store.cursor(SUPPORT, mailbox)
            if cursor is None:
                continue
            there = {uid: raw for uid, (raw, _) in house.server(mailbox).items() if cursor.lowest_uid <= uid <= cursor.highest_uid}
            here = {uid: raw for uid, (raw, _) in store_side(store, mailbox).items()}
            assert there.keys() <= here.keys(), (mailbox, cursor, there.keys() - here.keys())
            assert all(here[uid] == raw for uid, raw in there.items())
    finally:
        store.close()
