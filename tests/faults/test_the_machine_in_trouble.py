"""Disk full, home read-only, store kept by another program, clocks that jump: said in one sentence, nothing lost, and it goes on by itself."""

import asyncio
import base64
import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailsync.engine.engine import Engine
from mailsync.engine.reports import PullReport, SyncState
from mailsync.engine.verify import VERIFY_SECONDS
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.sqlite import connection as sqlite_connection
from store.sqlite.errors import ConstraintBroken, StoreLocked
from tests.engine.homes import SUPPORT, every_row, opened
from tests.faults.clocks import HandClock
from tests.faults.house import House, spoil
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
MAILS = 60
LONG = base64.encodebytes(random.Random(1).randbytes(20_000)).decode().replace("\n", "\r\n")
"""Cannot be made smaller."""


@pytest.fixture
def house(house: House) -> House:
    house.mailboxes = ("INBOX",)
    return house


class Machine:
    """A process with little room; each line tells one pull."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def says(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def asks(self, word: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        return self.says()

    def ends(self) -> str:
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self.says()


@contextlib.contextmanager
def machine(house: House, kind: str, amount: int) -> Iterator[Machine]:
    command = [sys.executable, "-m", "tests.faults.machine_process", str(house.home), str(house.dovecot.imap_port), house.user, kind, str(amount)]
    if kind == "tmpfs":
        command = ["unshare", "--map-root-user", "--mount", *command]
    house.home.mkdir(exist_ok=True)
    with subprocess.Popen(command, cwd=ROOT, env=with_tests_on_path(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Machine(process)
        finally:
            process.kill()


def with_tests_on_path() -> dict[str, str]:
    """For a process of the tests' own."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests" / "servers")))}


def can_mount() -> bool:
    """Whether this user may have a mount namespace of its own; some containers forbid it."""
    return subprocess.run(["unshare", "--map-root-user", "--mount", "true"], capture_output=True, check=False).returncode == 0


def test_a_full_disk_is_said_in_a_sentence_and_mail_goes_on_when_there_is_room(house: House) -> None:
    house.deliver(MAILS, body=LONG)
    # Where no disk of a size may be mounted, no file may grow beyond it: SQLite then reports a failed write instead of a full disk.
    kind, amount, error = ("tmpfs", 1_200_000, "DiskFull") if can_mount() else ("size", 500_000, "DiskFailed")
    with machine(house, kind, amount) as machine_in_trouble:
        first = machine_in_trouble.says()
        assert error in first
        assert "nothing was changed" in first
        assert "\n" not in first
        assert error in machine_in_trouble.asks("again")
        assert machine_in_trouble.asks("room") == f"fine {MAILS}"
        assert machine_in_trouble.ends().startswith(f"Verified(checked={MAILS}, missing=0, extra=0, different=0, flags=0, mended=0)")


def test_a_file_that_may_not_grow_is_said_in_a_sentence_too(house: House) -> None:
    house.deliver(MAILS, body=LONG)
    with machine(house, "size", 400_000) as machine_in_trouble:
        assert "nothing was changed" in machine_in_trouble.says()
        assert machine_in_trouble.asks("room") == f"fine {MAILS}"
    house.assert_level()


def test_a_store_that_fails_while_much_is_under_way_is_said_and_mail_goes_on_afterwards(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsync.imap.plan.BATCH_MESSAGES", 4)
    house.pull()
    house.deliver(60)
    no_room = "CREATE TRIGGER no_room BEFORE INSERT ON body WHEN (SELECT count(*) FROM body) >= 8 BEGIN SELECT RAISE(ABORT, 'no room'); END"
    spoil(house, no_room)
    assert [type(report.error) for report in house.pull()] == [ConstraintBroken, type(None)]
    spoil(house, "DROP TRIGGER no_room")
    house.assert_level()


READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"
"""


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "with mail"])
def test_a_home_that_cannot_be_written_is_said_in_a_sentence(house: House, filled: bool) -> None:
    house.home.mkdir()
    house.deliver(1)
    if filled:
        house.pull()
    command = [sys.executable, "-m", "tests.faults.machine_process", str(house.home), str(house.dovecot.imap_port), house.user]
    if can_mount():
        command = ["unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, "sh", str(house.home), *command]
    else:
        # Root may write everywhere; then a folder that is a file stands in for one that must not be written.
        house.home.chmod(0o555)
        if os.geteuid() == 0:
            house.home = house.home / "settings.toml"
            house.home.write_text("")
            command[3] = str(house.home)
    said = subprocess.run(command, cwd=ROOT, env=with_tests_on_path(), input="", capture_output=True, text=True, check=False).stdout
    assert said.startswith("CannotOpen"), said
    assert "look at its folder and its access rights" in said


@contextlib.contextmanager
def kept_by_another_program(path: Path) -> Iterator[None]:
    """A backup program, a shell: somebody holds the write lock. A process, for locks are a process's own."""
    program = "import sqlite3, sys\nheld = sqlite3.connect(sys.argv[1])\nheld.execute('BEGIN IMMEDIATE')\nprint('held', flush=True)\ninput()\n"
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            other.kill()


async def test_a_store_that_another_program_keeps_locked_costs_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_connection, "BUSY_MILLISECONDS", 300)
    await asyncio.to_thread(house.deliver, 3)
    with opened(house.home, house.inbox()) as (engine, store):
        with kept_by_another_program(store.path):
            reports = await engine.pull_once()
            assert isinstance(reports[0].error, StoreLocked)
            assert "another program is writing" in str(reports[0].error)
            assert every_row(store) == []
        await engine.pull_once()
        assert len(every_row(store)) == 3
    await asyncio.to_thread(house.assert_level)


async def test_a_running_engine_waits_out_the_lock_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_connection, "BUSY_MILLISECONDS", 300)
    with opened(house.home, house.inbox()) as (engine, store):
        task = asyncio.create_task(engine.run())
        await wait_for(lambda: engine.status.inboxes[SUPPORT].state is SyncState.WATCHING, "the first pull")
        with kept_by_another_program(store.path):
            await asyncio.to_thread(house.deliver, 2)
            await wait_for(lambda: engine.status.failed, "the failure on the status line")
            assert "another program is writing" in str(engine.status.failed[0].error)
        await wait_for(lambda: len(every_row(store)) == 2, "the mail, without anybody's help")
        await wait_for(lambda: engine.status.inboxes[SUPPORT].state is SyncState.WATCHING, "all to be well again")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await asyncio.to_thread(house.assert_level)


HOUR = 3600


async def test_a_clock_that_jumps_neither_loses_mail_nor_stops_the_engine(house: House) -> None:
    clock = HandClock()
    store = LocalStore.open(house.home)
    engine = Engine(store, (house.inbox(),), Secrets(house.home), clock)
    task = asyncio.create_task(engine.run())
    try:
        await wait_for(lambda: engine.status.inboxes[SUPPORT].state is SyncState.WATCHING, "the first pull")
        jumps = [lambda: clock.jumps(5 * HOUR), lambda: clock.jumps(-9 * HOUR), lambda: clock.moves(12 * HOUR), lambda: clock.jumps(-400 * 24 * HOUR)]
        for number, jump in enumerate(jumps, 1):
            jump()
            await asyncio.to_thread(house.deliver, 1)
            await wait_for(lambda number=number: len(store.uids(SUPPORT, "INBOX")) == number, f"mail {number}")
            assert store.pulled_at(SUPPORT) is not None
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        store.close()
    await asyncio.to_thread(house.assert_level, len(jumps))


async def test_the_running_engine_compares_once_an_hour_by_itself(house: House) -> None:
    clock = HandClock()
    await asyncio.to_thread(house.deliver, 4)
    store = LocalStore.open(house.home)
    engine = Engine(store, (house.inbox(),), Secrets(house.home), clock)
    found: list[PullReport] = []
    engine.on_found = found.append
    task = asyncio.create_task(engine.run())
    try:
        await wait_for(lambda: engine.status.inboxes[SUPPORT].state is SyncState.WATCHING, "the first pull")
        cursor = store.cursor(SUPPORT, "INBOX")
        assert cursor is not None
        store.commit_pull(SUPPORT, "INBOX", [], cursor, gone=[2])
        await engine.pull_once()
        assert store.uids(SUPPORT, "INBOX") == {1, 3, 4}
        clock.moves(VERIFY_SECONDS + 1)
        reports = await engine.pull_once()
        assert [(each.missing, each.mended) for report in reports if (each := report.verified)] == [(1, 1), (0, 0)]
        assert store.uids(SUPPORT, "INBOX") == {1, 2, 3, 4}
        assert [report.verified for report in await engine.pull_once()] == [None, None]
        await wait_for(lambda: [report.mailbox for report in found] == ["INBOX"], "the mending to be told, once")
        told = [(each.mailbox, each.checked, each.mended, each.last_mended) for each in store.ledger.remembered.comparisons()]
        assert told == [("INBOX", 4, 1, 1), ("Sent", 0, 0, 0)]
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        store.close()


def test_readers_go_on_while_another_program_keeps_the_store_locked(house: House) -> None:
    house.deliver(2)
    house.pull()
    store = LocalStore.open(house.home)
    with kept_by_another_program(store.path):
        assert len(every_row(store)) == 2
    store.close()
