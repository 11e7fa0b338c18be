"""Mail comes into the store by itself, whatever happens to server, network or one inbox of several."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from concurrent.futures import CancelledError
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from server_process import free_port

from mailsync.engine.engine import Engine
from mailsync.engine.puller import Progress
from mailsync.engine.reading import read_mail
from mailsync.engine.reconcile import Verified
from mailsync.engine.reports import Pace, PullReport, SyncState, SyncStatus
from mailsync.engine.schedule import WATCHED
from mailsync.imap.errors import ConnectionLost, LoginRefused, Unreachable
from mailsync.imap.pull import Fetched
from store.domain.ids import InboxKey
from store.domain.query import parse_query
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened, stored
from tests.imap.grounds import DemoGround, DovecotGround, mail
from tests.waiting import wait_for


@contextlib.asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[list[SyncStatus]]:
    """The engine at work; yields every status it tells."""
    told: list[SyncStatus] = []
    engine.on_status = told.append
    task = asyncio.create_task(engine.run())
    yield told
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def state_of(engine: Engine, key: str = "support") -> SyncState:
    return engine.status.inboxes[InboxKey(key)].state


async def test_a_first_pull_makes_every_mail_readable_and_searchable(ground: DovecotGround, tmp_path: Path) -> None:
    mails = [mail(number, f"請求書 {number} 号") for number in range(1, 31)]
    ground.deliver_many(mails)
    ground.deliver(mail(31, "返信です", In_Reply_To="<1@customer.test>"), "Sent")
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        reports = await engine.pull_once()
        assert [(report.mailbox, report.new, report.error) for report in reports] == [("INBOX", 30, None), ("Sent", 1, None)]
        assert stored(store) == dict(enumerate(mails, start=1))
        assert len(every_row(store)) == 30
        (hit,) = store.search(parse_query("請求書 17"))
        assert hit.message_id == "<17@customer.test>"
        first = next(row for row in every_row(store) if any(one.message_id == "<1@customer.test>" for one in store.messages(row)))
        assert [(one.message_id, one.outgoing) for one in store.messages(first)] == [("<1@customer.test>", False), ("<31@customer.test>", True)]
        assert store.pulled_at(SUPPORT) is not None
        again = await engine.pull_once()
        assert [(report.new, report.changed, report.gone) for report in again] == [(0, 0, 0), (0, 0, 0)]


async def test_new_mail_shows_by_itself(ground: DovecotGround, tmp_path: Path) -> None:
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            await asyncio.to_thread(ground.deliver, mail(1))
            # Nobody looks before `WATCHED.soonest_seconds`: the server tells.
            await wait_for(lambda: every_row(store), "the mail", seconds=WATCHED.soonest_seconds / 2)


async def test_subscribers_hear_of_a_batch_once(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver_many([mail(number) for number in range(1, 51)])
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        heard: list[frozenset[str]] = []
        store.changes.subscribe(heard.append)
        await engine.pull_once()
        assert sorted(len(ids) for ids in heard if ids) == [50]


async def test_an_inbox_that_fails_stops_no_other(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver(mail(1))
    good = inbox_at(ground.port, ground.user)
    wrong = inbox_at(ground.port, ground.user, key="sales", password="wrong")
    away = inbox_at(free_port(), ground.user, key="info")
    with opened(tmp_path, wrong, away, good) as (engine, store):
        reports = {report.inbox: report for report in await engine.pull_once() if report.mailbox == "INBOX"}
        assert isinstance(reports[InboxKey("sales")].error, LoginRefused)
        assert isinstance(reports[InboxKey("info")].error, Unreachable)
        assert reports[SUPPORT].error is None
        assert len(every_row(store)) == 1
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the good inbox")
            await wait_for(lambda: len(engine.status.failed) == 2, "the failures on the status line")
            assert isinstance(engine.status.inboxes[InboxKey("sales")].error, LoginRefused)


async def test_a_second_process_has_the_one_at_work_do_it(ground: DovecotGround, tmp_path: Path) -> None:
    inbox = inbox_at(ground.port, ground.user)
    with opened(tmp_path, inbox) as (engine, store), opened(tmp_path, inbox) as (other, _):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first engine")
            await asyncio.to_thread(ground.deliver, mail(1))
            assert sum(report.new for report in await other.pull_once()) <= 1
            assert len(every_row(store)) == 1
        assert await other.pull_once()


async def test_a_pull_on_request_goes_through_the_engine_at_work(ground: DovecotGround, tmp_path: Path) -> None:
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            await asyncio.to_thread(ground.deliver, mail(1))
            reports = await asyncio.wait_for(engine.pull_once(verify=True), 30)
            assert [(report.mailbox, report.error) for report in reports] == [("INBOX", None), ("Sent", None)]
            assert len(every_row(store)) == 1


async def test_verifying_brings_the_store_back_to_the_server(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver_many([mail(number) for number in range(1, 6)])
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        await engine.pull_once()
        cursor = store.cursor(SUPPORT, "INBOX")
        assert cursor is not None
        store.commit_pull(SUPPORT, "INBOX", [], cursor, gone=[2, 3])
        await engine.pull_once()
        assert store.uids(SUPPORT, "INBOX") == {1, 4, 5}
        reports = await engine.pull_once(verify=True)
        assert reports[0].verified == Verified(5, missing=2, mended=2)
        assert store.uids(SUPPORT, "INBOX") == {1, 2, 3, 4, 5}
        assert len(every_row(store)) == 5


async def test_a_restart_of_the_server_is_survived(demo: DemoGround, tmp_path: Path) -> None:
    demo.deliver(mail(1))
    with opened(tmp_path, inbox_at(demo.port, demo.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            await asyncio.to_thread(demo.stop)
            await wait_for(lambda: state_of(engine) is SyncState.FAILED, "the failure on the status line")
            assert "127.0.0.1" in str(engine.status.failed[0].error)
            demo.deliver(mail(2))
            await asyncio.to_thread(demo.start)
            await wait_for(lambda: len(every_row(store)) == 2, "the mail that came meanwhile")
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the server's return")


async def test_a_server_that_falls_silent_neither_blocks_the_screen_nor_the_end(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver_many([mail(number, "x" * 20_000) for number in range(1, 201)])
    with FaultProxy(ground.port) as proxy, opened(tmp_path, inbox_at(proxy.port, ground.user)) as (engine, _):
        proxy.to_client.bytes_per_second = 6_000_000
        longest = 0.0
        async with running(engine):
            await wait_for(lambda: engine.status.done > 0, "the first step")
            proxy.to_client.stalled = True
            last = time.monotonic()
            for _ in range(20):
                await asyncio.sleep(0.005)
                longest = max(longest, time.monotonic() - last)
                last = time.monotonic()
            stopping = time.monotonic()
        # The IMAP connection itself would wait for half a minute.
        assert longest < 20
        assert time.monotonic() - stopping < 20
        proxy.to_client.stalled = False


async def test_progress_is_told_while_a_large_mailbox_comes_in(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver_many([mail(number) for number in range(1, 351)])
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, _):
        async with running(engine) as told:
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
    progress = [(status.done, status.total) for status in told if status.total == 350]
    assert progress == sorted(progress)
    assert progress[-1] == (350, 350)
    assert len(progress) > 2


def test_the_time_left_follows_the_pace_of_the_last_steps() -> None:
    pace = Pace()
    assert pace.eta_seconds(100, 10_100, 50.0) is None
    assert pace.eta_seconds(200, 10_100, 50.5) is None
    assert pace.eta_seconds(1_100, 10_100, 52.0) == pytest.approx(18.0)
    for second in range(80):
        eta = pace.eta_seconds(2_000 + 10 * second, 10_100, 60.0 + second)
    assert eta == pytest.approx((10_100 - 2_790) / 10)
    assert pace.eta_seconds(5, 20, 200.0) is None


async def test_a_mail_that_nothing_can_be_made_of_is_still_there(ground: DovecotGround, tmp_path: Path) -> None:
    raw = b"\x00\xff\xfe no header at all \x1b]0;title\x07\r\n"
    uid = ground.deliver(raw.replace(b"\x00", b""))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        (report, _) = await engine.pull_once()
        assert (report.new, report.error) == (1, None)
        (row,) = every_row(store)
        (message,) = store.messages(row)
        assert message.uid == uid
        assert message.message_id.endswith("@missing.invalid>")


def test_a_mail_without_any_date_has_one_all_the_same() -> None:
    read = read_mail(SUPPORT, Fetched(1, None, (), 3, b"abc"))
    assert read.internaldate == datetime(1970, 1, 1, tzinfo=UTC)


def test_nothing_is_stored_behind_a_step_that_failed() -> None:
    progress = Progress(PullReport(SUPPORT, "INBOX"), lambda _done, _total: None)
    with progress.unless_failed():
        pass
    with pytest.raises(OSError, match="disk"), progress.unless_failed():
        raise OSError("disk full")
    with pytest.raises(CancelledError), progress.unless_failed():
        raise AssertionError("its cover would promise what the failed step did not store")


async def test_the_newest_are_listed_before_any_body_has_come(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver_many([mail(number, "x" * 5_000) for number in range(1, 701)])
    with FaultProxy(ground.port) as proxy, opened(tmp_path, inbox_at(proxy.port, ground.user)) as (engine, store):
        proxy.to_client.cut_on, proxy.to_client.cut_beyond = re.compile(rb"BODY\[\] \{"), 10
        (report, *_) = await engine.pull_once()
        assert isinstance(report.error, ConnectionLost)
        assert report.new == 0
        subjects = {store.messages(row)[0].message.subject for row in every_row(store)}
        assert subjects == {f"order {number}" for number in range(201, 701)}
        (report, *_) = await engine.pull_once()
        assert (report.new, report.error) == (700, None)
        assert len(every_row(store)) == 700
        assert all(raw.endswith(b"x\r\n") for raw in stored(store).values())
