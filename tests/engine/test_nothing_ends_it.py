"""What may happen to the thread that pulls an inbox, and must not end it: no mail would come any more, and nobody would be told."""

import threading
from contextlib import closing
from pathlib import Path

import pytest

from mailsync.engine import keeper as keeper_module
from mailsync.engine.errors import PullBroken
from mailsync.engine.keeper import InboxKeeper
from mailsync.engine.reports import InboxStatus, SyncState
from mailsync.imap.errors import LoginRefused
from store.clock import SystemClock
from store.settings.secrets import Secrets
from store.sqlite.connection import connect
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened
from tests.engine.test_engine import running, state_of
from tests.engine.test_watching import with_connections
from tests.imap.grounds import DovecotGround, mail
from tests.imap.test_broken_servers import OK, Answer, played
from tests.waiting import wait_for, wait_until


async def test_whoever_asked_for_a_pull_may_leave(ground: DovecotGround, tmp_path: Path) -> None:
    """A page that is closed, a verb that is interrupted: its answer has nobody to go to."""
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            [keeper] = engine._keepers
            with keeper._puller._in_use:
                asked = keeper.request()
                assert asked.cancel()
            ground.deliver(mail(1))
            assert not [report.error for report in await engine.pull_once() if report.error]
            assert every_row(store)


async def test_a_store_that_cannot_be_written_is_told_and_tried_again(ground: DovecotGround, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a pull without news writes is that it was made."""
    monkeypatch.setattr(keeper_module, "retry_seconds", lambda *_: 0.1)
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            with closing(connect(store.path)) as other:
                other.execute("CREATE TRIGGER full BEFORE INSERT ON pulled BEGIN SELECT RAISE(ABORT, 'full'); END")
                await engine.poke()
                await wait_for(lambda: state_of(engine) is SyncState.FAILED, "the failure on the status line")
                other.execute("DROP TRIGGER full")
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the next try")


class Broken:
    """Whoever shows how far a pull is, and raises what nobody is prepared for until it is mended."""

    def __init__(self) -> None:
        self.said: list[InboxStatus] = []
        self.raised: list[str] = []
        self.is_broken = True

    def __call__(self, status: InboxStatus) -> None:
        self.said.append(status)
        if status.total and self.is_broken:
            self.raised.append(threading.current_thread().name)
            raise RecursionError


def test_a_bug_of_ours_is_told_and_the_next_pull_made(ground: DovecotGround, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "retry_seconds", lambda *_: 0.1)
    ground.deliver(mail(1))
    inbox = inbox_at(ground.port, ground.user)
    with opened(tmp_path, inbox) as (_, store):
        shown = Broken()
        keeper = InboxKeeper(store, inbox, Secrets(tmp_path), SystemClock(), shown)
        keeper.start()
        wait_until(lambda: any(isinstance(each.error, PullBroken) for each in shown.said), "the failure to be told")
        shown.is_broken = False
        wait_until(lambda: shown.said[-1].state is SyncState.WATCHING and every_row(store), "the next pull")
        keeper.stop()
    assert shown.raised


def test_a_bug_of_ours_ends_no_watching_either(ground: DovecotGround, tmp_path: Path) -> None:
    inbox = inbox_at(ground.port, ground.user)
    with opened(tmp_path, inbox) as (_, store):
        shown = Broken()
        keeper = InboxKeeper(store, inbox, Secrets(tmp_path), SystemClock(), shown)
        keeper.start()
        wait_until(lambda: shown.said and shown.said[-1].state is SyncState.WATCHING, "the first pull")
        for number in (1, 2):
            ground.deliver(mail(number))
            wait_until(lambda count=number: sum(name.startswith("store") for name in shown.raised) >= count, "the bug to be met")
            wait_until(lambda count=number: len(every_row(store)) == count, "the mail all the same")
        keeper.stop()


def test_a_refused_password_is_shown_by_one_connection_alone(tmp_path: Path) -> None:
    """Three mailboxes are watched and one connection pulls: each with a try of its own, and again at every other's, would lock the account."""
    shown: list[str] = []

    def refuse(command: str) -> bytes:
        shown.append(command)
        return b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"

    with played({"LOGIN": refuse}) as access, opened(tmp_path) as (_, store):
        inbox = with_connections(inbox_at(access.port, access.user), 4, "INBOX", "Orders", "Sales")
        said: list[InboxStatus] = []
        keeper = InboxKeeper(store, inbox, Secrets(tmp_path), SystemClock(), said.append)
        keeper.start()
        wait_until(lambda: len(keeper._told_by_server) == 3 and said and said[-1].state is SyncState.FAILED, "all to have heard of it")
        assert len(shown) == 1
        # Somebody mends it at the server, and asks for another try.
        assert isinstance(keeper.request().result(30)[0].error, LoginRefused)
        keeper.stop()
    assert len(shown) == 2


async def test_a_server_that_goes_away_in_the_middle_is_not_asked_once_a_mailbox(tmp_path: Path) -> None:
    logins: list[str] = []

    def once(command: str) -> bytes:
        logins.append(command)
        return OK if len(logins) == 1 else b"* BYE shutting down\r\n"

    script: dict[str, Answer] = {"LOGIN": once, "EXAMINE": b"* BYE shutting down\r\n", "LIST": OK}
    with played(script) as access:
        inbox = with_connections(inbox_at(access.port, access.user), 1, "INBOX", "A", "B", "C", "D")
        with opened(tmp_path, inbox) as (engine, _):
            reports = await engine.pull_once()
    assert [bool(report.error) for report in reports] == [True] * 5
    assert len(logins) == 2


async def test_a_sent_mailbox_that_is_made_or_renamed_later_is_found(ground: DovecotGround, tmp_path: Path) -> None:
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            [keeper] = engine._keepers
            keeper._puller._sent.is_gone("Sent")
            ground.deliver(mail(1), "Sent")
            await engine.pull_once()
            assert store.uids(SUPPORT, "Sent")
            # Renamed while the connection stands.
            keeper._puller._sent.mailbox = "Sent of yesterday"
            first, second = await engine.pull_once(), await engine.pull_once()
            assert [report.mailbox for report in first if report.error] == ["Sent of yesterday"]
            assert [report.mailbox for report in second] == ["INBOX", "Sent"]
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "peace")
