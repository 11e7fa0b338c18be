"""A first pull in a process of its own: told of as it comes, and whoever of the two dies, nothing is lost and nothing stays behind."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailsync.engine.apart import LOCK_NAME, Apart
from mailsync.engine.engine import Engine
from mailsync.engine.reports import SyncState
from store.domain.ids import ConversationId
from store.settings.errors import AlreadyRunning
from store.settings.lock import HomeLock
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened, stored
from tests.imap.grounds import DovecotGround, mail
from tests.waiting import wait_for, wait_until

ROOT = Path(__file__).parents[2]
MANY = 600
SETTINGS = """[[inbox]]
key = "support"
address = "support@example.test"
[inbox.imap]
host = "127.0.0.1"
port = {port}
tls = "none"
user = "{user}"
password_command = "echo {password}"
"""


def set_up(home: Path, ground: DovecotGround, *, password: str = "pw") -> Path:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(SETTINGS.format(port=ground.port, user=ground.user, password=password))
    return home


def begun(home: Path) -> Apart:
    apart = Apart.begin(home)
    assert apart is not None
    return apart


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def lock_is_free(home: Path) -> bool:
    try:
        with HomeLock(home, LOCK_NAME):
            return True
    except AlreadyRunning:
        return False


@contextlib.asynccontextmanager
async def running(engine: Engine, apart: Apart) -> AsyncIterator[None]:
    task = asyncio.create_task(engine.run(apart))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_terminal_shows_what_a_pull_apart_stores_and_goes_on_after_it(ground: DovecotGround, tmp_path: Path) -> None:
    mails = [mail(number) for number in range(1, MANY + 1)]
    ground.deliver_many(mails)
    apart = begun(set_up(tmp_path, ground))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        heard: set[ConversationId] = set()
        progress: list[tuple[int, int]] = []
        store.changes.subscribe(heard.update)
        engine.on_status = lambda status: progress.append((status.done, status.total))
        async with running(engine, apart):
            await wait_for(lambda: engine.status.inboxes[SUPPORT].state is SyncState.WATCHING, "the terminal to watch by itself", 60)
            assert stored(store) == dict(enumerate(mails, start=1))
            assert heard >= set(every_row(store))
            assert (MANY, MANY) in progress
            await asyncio.to_thread(ground.deliver_many, [mail(MANY + 1)])
            await wait_for(lambda: len(stored(store)) == MANY + 1, "the mail that came after it", 60)


async def test_a_terminal_does_the_work_itself_when_the_process_apart_is_killed(ground: DovecotGround, tmp_path: Path) -> None:
    mails = [mail(number) for number in range(1, MANY + 1)]
    ground.deliver_many(mails)
    apart = begun(set_up(tmp_path, ground))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        first = asyncio.Event()
        loop = asyncio.get_running_loop()
        store.changes.subscribe(lambda _ids: loop.call_soon_threadsafe(first.set))
        async with running(engine, apart):
            await asyncio.wait_for(first.wait(), 60)
            # It may be quicker than we are.
            with contextlib.suppress(ProcessLookupError):
                os.kill(apart.pid, signal.SIGKILL)
            await wait_for(lambda: engine.status.inboxes[SUPPORT].state is SyncState.WATCHING, "the terminal to watch by itself", 60)
            assert stored(store) == dict(enumerate(mails, start=1))
            assert store.ledger.check() == ()


async def test_an_inbox_that_cannot_be_reached_is_said_before_the_terminal_tries_itself(ground: DovecotGround, tmp_path: Path) -> None:
    apart = begun(set_up(tmp_path, ground, password="wrong"))
    with opened(tmp_path, inbox_at(ground.port, ground.user, password="wrong")) as (engine, _):
        said: list[str] = []
        engine.on_status = lambda status: said.extend(type(each.error).__name__ for each in status.failed)
        async with running(engine, apart):
            await wait_for(lambda: "FailedElsewhere" in said and "LoginRefused" in said, "both to say so", 60)


async def test_leaving_ends_it_and_the_next_start_goes_on(ground: DovecotGround, tmp_path: Path) -> None:
    mails = [mail(number) for number in range(1, MANY + 1)]
    ground.deliver_many(mails)
    apart = begun(set_up(tmp_path, ground))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine, apart):
            await wait_for(lambda: bool(every_row(store)), "the first list", 60)
        assert not is_running(apart.pid)
        assert lock_is_free(tmp_path)
        assert store.ledger.check() == ()
        await engine.pull_once()
        assert stored(store) == dict(enumerate(mails, start=1))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_whoever_began_it_though_the_server_is_silent(tmp_path: Path, end: signal.Signals) -> None:
    began = "import sys, pathlib; from mailsync.engine.apart import Apart; print(Apart.begin(pathlib.Path(sys.argv[1])).pid, flush=True); input()"
    command = [sys.executable, "-c", began, str(tmp_path)]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        (tmp_path / "settings.toml").write_text(SETTINGS.format(port=silent.getsockname()[1], user="anybody", password="pw"))
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            pid = int(process.stdout.readline())
            asked, _ = silent.accept()
            process.send_signal(end)
        with asked:
            wait_until(lambda: not is_running(pid), "it to end long before it gives the server up", 20)
    wait_until(lambda: lock_is_free(tmp_path), "the lock")


def test_where_another_pulls_already_it_ends_at_once(ground: DovecotGround, tmp_path: Path) -> None:
    set_up(tmp_path, ground)
    with HomeLock(tmp_path, LOCK_NAME):
        apart = begun(tmp_path)
        wait_until(lambda: not is_running(apart.pid), "it to end")
        apart.end()
        apart.end()
    assert not (tmp_path / "cache").exists()
