"""Two terminals in one home: one fetches the mail, the other shows it and says so, and takes over when the first ends or is killed."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from mailsync.engine.engine import Engine
from mailsync.engine.errands import SOCKET
from mailsync.engine.reconcile import Verified
from mailsync.engine.reports import SyncState
from mailsync.engine.turn import PulledElsewhere
from tests.engine.homes import every_row, inbox_at, opened
from tests.faults.house import House, spoil
from tests.waiting import wait_for, wait_until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def house(house: House) -> House:
    house.mailboxes = ("INBOX",)
    return house


@contextlib.contextmanager
def terminal(house: House) -> Iterator["subprocess.Popen[str]"]:
    """Another process that fetches this home's mail; it has the lock when the block begins."""
    command = [sys.executable, "-m", "tests.faults.terminal_process", str(house.home), str(house.dovecot.imap_port), house.user]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == SyncState.WATCHING:
                break
        try:
            yield process
        finally:
            process.kill()


@contextlib.asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[list[PulledElsewhere]]:
    told: list[PulledElsewhere] = []
    engine.on_elsewhere = told.append
    task = asyncio.create_task(engine.run())
    yield told
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def state_of(engine: Engine) -> set[SyncState]:
    return {each.state for each in engine.status.inboxes.values()}


async def test_the_second_shows_what_the_first_fetches_and_says_who_does(house: House) -> None:
    with terminal(house) as first, opened(house.home, house.inbox()) as (engine, store):
        heard: list[frozenset[str]] = []
        store.changes.subscribe(heard.append)
        async with running(engine) as told:
            await wait_for(lambda: state_of(engine) == {SyncState.READING}, "the second to say that it reads")
            assert [each.pid for each in told] == [first.pid]
            assert f"process {first.pid}" in str(told[0])
            assert "seen here" in str(told[0])
            await asyncio.to_thread(house.deliver, 2)
            await wait_for(lambda: len(every_row(store)) == 2, "the mail that the first has fetched")
            await wait_for(lambda: frozenset() in heard, "the second's screen to be told of it")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_the_second_takes_over_when_the_first_is_gone(house: House, end: signal.Signals) -> None:
    with terminal(house) as first, opened(house.home, house.inbox()) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) == {SyncState.READING}, "the second to say that it reads")
            first.send_signal(end)
            await asyncio.to_thread(first.wait, 60)
            await wait_for(lambda: state_of(engine) == {SyncState.WATCHING}, "the second to have taken over")
            await asyncio.to_thread(house.deliver, 1)
            await wait_for(lambda: len(every_row(store)) == 1, "the mail that only the second can have fetched")
    await asyncio.to_thread(house.assert_level)


async def test_a_pass_by_hand_beside_an_open_terminal_is_done_by_the_terminal(house: House) -> None:
    house.deliver(3)
    with terminal(house) as first, opened(house.home, house.inbox()) as (engine, store):
        await wait_for(lambda: len(every_row(store)) == 3, "the terminal's first pull")
        spoil(house, "UPDATE location SET flags = '\\Seen' WHERE uid = 2")
        told: list[PulledElsewhere] = []
        reports = await asyncio.wait_for(engine.pull_once(verify=True, on_elsewhere=told.append), 60)
        assert [each.pid for each in told] == [first.pid]
        assert [(report.mailbox, report.error) for report in reports] == [("INBOX", None), ("Sent", None)]
        assert reports[0].verified == Verified(3, flags=1, mended=1)
    await asyncio.to_thread(house.assert_level, 0)


async def test_a_terminal_beside_another_looks_for_mail_through_it(house: House) -> None:
    with terminal(house), opened(house.home, house.inbox()) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) == {SyncState.READING}, "the second to say that it reads")
            await asyncio.to_thread(house.deliver, 1)
            await engine.poke()
            assert all(report.error is None for report in await asyncio.wait_for(engine.pull_once(), 60))
            assert len(every_row(store)) == 1


async def test_a_pass_by_hand_waits_for_another_one_and_goes_on_when_that_is_killed(house: House) -> None:
    house.deliver(2)
    with terminal(house) as first, opened(house.home, house.inbox()) as (engine, store):
        # It takes no errands, as `mado sync --once` takes none.
        (house.home / SOCKET).unlink()
        asking: list[PulledElsewhere] = []
        task = asyncio.create_task(engine.pull_once(on_elsewhere=asking.append))
        await wait_for(lambda: bool(asking), "it to say that it waits")
        assert not task.done()
        first.kill()
        assert all(report.error is None for report in await asyncio.wait_for(task, 60))
        assert len(every_row(store)) == 2


async def test_what_fails_at_the_terminal_s_server_is_told_with_its_exit_code(house: House) -> None:
    wrong = inbox_at(house.dovecot.imap_port, house.user, password="wrong")
    with opened(house.home, wrong) as (engine, _), opened(house.home, house.inbox()) as (asking, _):
        async with running(engine):
            await wait_for(lambda: (house.home / SOCKET).exists(), "the first to take errands")
            (report, *_) = await asyncio.wait_for(asking.pull_once(), 60)
            assert report.error is not None
            assert (report.error.exit_code, "refused the login" in str(report.error)) == (4, True)


async def test_a_terminal_that_is_opened_during_a_pass_by_hand_is_not_left_without_mail(house: House) -> None:
    house.deliver(3)
    with opened(house.home, house.inbox()) as (by_hand, _), opened(house.home, house.inbox()) as (engine, store):
        with by_hand._lock():
            task = asyncio.create_task(engine.run())
            await wait_for(lambda: state_of(engine) == {SyncState.READING}, "the terminal to wait")
        await wait_for(lambda: len(every_row(store)) == 3, "its own first pull")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_killed_in_turn_again_and_again_they_lose_nothing(house: House) -> None:
    for number in range(5):
        with terminal(house) as first:
            house.deliver(4)
            wait_until(lambda number=number: len(seen(house)) > 4 * number, "the first of the new mails")
            first.kill()
            first.wait(60)
    house.assert_level(5)


def seen(house: House) -> list[str]:
    with opened(house.home, house.inbox()) as (_, store):
        return every_row(store)
