"""Mail appears in every mailbox of an inbox, within the connections that its provider allows."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import imapclient
import msgspec
import pytest
from fault_proxy import FaultProxy
from start_dovecot import Dovecot

from mailsync.engine import schedule
from mailsync.engine.keeper import InboxKeeper
from mailsync.engine.puller import Puller
from mailsync.engine.reports import InboxStatus, SyncState
from mailsync.imap.errors import TooManyConnections
from mailsync.imap.pace import Pace
from mailsync.imap.session import MailSession
from store.clock import SystemClock
from store.domain.ids import InboxKey, Seq
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened
from tests.engine.test_engine import running, state_of
from tests.imap.grounds import DovecotGround, mail
from tests.waiting import wait_for, wait_until


def with_connections(inbox: InboxSettings, connections: int, *mailboxes: str) -> InboxSettings:
    imap = msgspec.structs.replace(inbox.imap, connections=connections)
    return msgspec.structs.replace(inbox, imap=imap, mailboxes=mailboxes or inbox.mailboxes)


@pytest.fixture
def narrow() -> Iterator[DovecotGround]:
    """A provider that allows one connection a user."""
    server = Dovecot(more="mail_max_userip_connections = 1")
    yield DovecotGround(server)
    server.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "UNWATCHED", Pace(0.2, 0.5))
    monkeypatch.setattr(schedule, "TOGETHER_SECONDS", 0.05)


def make_mailbox(ground: DovecotGround, name: str) -> None:
    with imapclient.IMAPClient("127.0.0.1", ground.port, ssl=False) as client:
        client.login(ground.user, "pw")
        client.create_folder(name)


async def test_several_mailboxes_are_watched_where_the_connections_allow_it(ground: DovecotGround, tmp_path: Path) -> None:
    make_mailbox(ground, "注文")
    with (
        FaultProxy(ground.port) as proxy,
        opened(tmp_path, with_connections(inbox_at(proxy.port, ground.user), 3, "INBOX", "注文")) as (engine, store),
    ):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING and proxy.connections == 3, "both mailboxes to be watched")
            await wait_for(lambda: proxy.to_server.passed.count(b" IDLE\r\n") >= 2, "both to be in IDLE")
            for number, mailbox in enumerate(("INBOX", "注文"), start=1):
                await asyncio.to_thread(deliver_into, ground, mailbox, mail(number))
                await wait_for(
                    lambda mailbox=mailbox: store.uids(SUPPORT, mailbox), f"the mail in {mailbox}", seconds=schedule.WATCHED.soonest_seconds / 2
                )


async def test_new_mail_is_taken_over_the_connection_that_heard_of_it(ground: DovecotGround, tmp_path: Path) -> None:
    with (
        FaultProxy(ground.port) as to_pull,
        FaultProxy(ground.port) as to_watch,
        opened(tmp_path, inbox_at(to_pull.port, ground.user)) as (_, store),
    ):
        puller = Puller(store, inbox_at(to_pull.port, ground.user), Secrets(tmp_path), SystemClock(), lambda _done, _total: None)
        ground.deliver(mail(1))
        with closing(puller), MailSession.open(ground.access(to_watch.port)) as watching:
            watching.select("INBOX")
            await asyncio.to_thread(puller.take_news, watching, "INBOX")
            assert not every_row(store), "before the first pull nothing is known of the mailbox"
            await asyncio.to_thread(puller.pull_all)
            ground.deliver(mail(2))
            assert await asyncio.to_thread(lambda: watching.idle(seconds=60))
            to_pull.to_client.stalled, asked = True, to_pull.to_server.passed.count(b" NOOP")
            pulling = asyncio.create_task(asyncio.to_thread(puller.pull_all))
            await wait_for(lambda: to_pull.to_server.passed.count(b" NOOP") > asked, "a pull to be on")
            await asyncio.to_thread(puller.take_news, watching, "INBOX")
            assert len(store.uids(SUPPORT, "INBOX")) == 1, "the pull brings the mail itself"
            to_pull.to_client.stalled = False
            await pulling
            assert len(store.uids(SUPPORT, "INBOX")) == 2
            ground.deliver(mail(3))
            assert await asyncio.to_thread(lambda: watching.idle(seconds=60))
            with puller.borrowed():
                to_pull.to_server.stalled = True
                await asyncio.to_thread(puller.take_news, watching, "INBOX")
            assert len(store.uids(SUPPORT, "INBOX")) == 3, "whoever fetches a file over the other connection is not in the way"
            to_pull.to_server.stalled = False
            told = [[each.new for each in await asyncio.to_thread(puller.pull_all) if each.mailbox == "INBOX"] for _ in range(2)]
            assert told == [[1], [0]], "the next pull's report counts it, once"
            await asyncio.to_thread(store.shrinking.keep_only, (InboxKey("sales"),))
            ground.deliver(mail(4))
            assert await asyncio.to_thread(lambda: watching.idle(seconds=60))
            await asyncio.to_thread(puller.take_news, watching, "INBOX")
            assert not store.uids(SUPPORT, "INBOX"), "an inbox that is not this member's any more"


async def test_an_inbox_that_is_taken_from_its_reader_is_left_at_once_and_taken_up_again(ground: DovecotGround, tmp_path: Path) -> None:
    with (
        FaultProxy(ground.port) as proxy,
        opened(tmp_path, with_connections(inbox_at(proxy.port, ground.user), 2)) as (engine, store),
    ):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING and proxy.to_server.passed.count(b" IDLE\r\n"), "the inbox to be watched")
            await asyncio.to_thread(store.shrinking.keep_only, (InboxKey("sales"),))
            await wait_for(lambda: not proxy.open_connections, "both connections to end")
            asked = len(proxy.to_server.passed)
            await asyncio.to_thread(deliver_into, ground, "INBOX", mail(1))
            assert await engine.pull_once() == ()
            assert (len(proxy.to_server.passed), every_row(store)) == (asked, [])
            store.shrinking.hold(())
            store.begin_snapshot(2)
            store.end_snapshot(Seq(1), (), ())
            await wait_for(lambda: every_row(store), "the mail, once the inbox is theirs again")


def deliver_into(ground: DovecotGround, mailbox: str, raw: bytes) -> None:
    with imapclient.IMAPClient("127.0.0.1", ground.port, ssl=False) as client:
        client.login(ground.user, "pw")
        client.append(mailbox, raw)


@pytest.mark.usefixtures("hasty")
async def test_one_connection_is_enough_where_the_settings_allow_no_more(ground: DovecotGround, tmp_path: Path) -> None:
    with FaultProxy(ground.port) as proxy, opened(tmp_path, with_connections(inbox_at(proxy.port, ground.user), 1)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.POLLING, "the first pull")
            await asyncio.to_thread(ground.deliver, mail(1))
            await wait_for(lambda: every_row(store), "the mail")
            assert proxy.connections == 1


@pytest.mark.usefixtures("hasty")
async def test_a_provider_that_allows_one_connection_only_is_read_all_the_same(narrow: DovecotGround, tmp_path: Path) -> None:
    with opened(tmp_path, inbox_at(narrow.port, narrow.user)) as (engine, store):
        phone = await asyncio.to_thread(MailSession.open, narrow.access())
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.FAILED, "the refusal to be told")
            assert isinstance(engine.status.failed[0].error, TooManyConnections)
            phone.close()
            await wait_for(lambda: state_of(engine) is SyncState.POLLING, "the puller to have the connection")
            await asyncio.to_thread(lmtp, narrow, mail(1))
            await wait_for(lambda: every_row(store), "the mail")
            assert not engine.status.failed


@pytest.mark.usefixtures("hasty")
def test_a_watch_that_has_the_only_connection_leaves_it_to_the_one_that_pulls(narrow: DovecotGround, tmp_path: Path) -> None:
    narrow_mail = mail(1)
    lmtp(narrow, narrow_mail)
    with opened(tmp_path, inbox_at(narrow.port, narrow.user)) as (_, store):
        said: list[InboxStatus] = []
        keeper = InboxKeeper(store, inbox_at(narrow.port, narrow.user), Secrets(tmp_path), SystemClock(), said.append)
        watching, pulling = keeper._threads
        watching.start()
        wait_until(lambda: keeper._told_by_server.get("INBOX"), "the watch to have the connection")
        pulling.start()
        wait_until(lambda: every_row(store), "the mail")
        wait_until(lambda: said[-1].state is SyncState.POLLING, "peace")
        wait_until(lambda: store.ledger.remembered.full_until(SUPPORT, "INBOX"), "the refusal to be written down for the next start")
        keeper.stop()


def lmtp(ground: DovecotGround, raw: bytes) -> None:
    import smtplib

    with smtplib.LMTP("127.0.0.1", ground._server.lmtp_port) as client:
        client.sendmail("aoki@customer.test", [ground.user], raw)


@pytest.mark.usefixtures("hasty")
async def test_a_mailbox_nobody_watches_is_looked_at_by_itself(ground: DovecotGround, tmp_path: Path) -> None:
    make_mailbox(ground, "Later")
    with opened(tmp_path, with_connections(inbox_at(ground.port, ground.user), 2, "INBOX", "Later")) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            await asyncio.to_thread(deliver_into, ground, "Later", mail(1))
            await wait_for(lambda: store.uids(SUPPORT, "Later"), "the mail")


@pytest.mark.usefixtures("hasty")
async def test_a_mailbox_that_vanishes_is_named_while_the_others_go_on(ground: DovecotGround, tmp_path: Path) -> None:
    make_mailbox(ground, "Later")
    with opened(tmp_path, with_connections(inbox_at(ground.port, ground.user), 2, "INBOX", "Later")) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            with imapclient.IMAPClient("127.0.0.1", ground.port, ssl=False) as client:
                client.login(ground.user, "pw")
                client.delete_folder("Later")
            await wait_for(lambda: state_of(engine) is SyncState.FAILED, "the mailbox to be missed")
            assert "Later" in str(engine.status.failed[0].error)
            await asyncio.to_thread(ground.deliver, mail(1))
            await wait_for(lambda: every_row(store), "the mail in the other mailbox")
            make_mailbox(ground, "Later")
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the mailbox to be back")


@pytest.mark.usefixtures("hasty")
async def test_a_provider_that_was_full_is_not_asked_for_another_connection_by_the_next_start_either(ground: DovecotGround, tmp_path: Path) -> None:
    with FaultProxy(ground.port) as proxy, opened(tmp_path, inbox_at(proxy.port, ground.user)) as (engine, store):
        store.ledger.remembered.record_full(SUPPORT, "INBOX", datetime.now(UTC) + timedelta(minutes=10))
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.POLLING, "the first pull")
            await asyncio.to_thread(ground.deliver, mail(1))
            await wait_for(lambda: every_row(store), "the mail, by looking for it")
            assert proxy.connections == 1


def test_a_provider_that_has_room_again_is_asked_again(ground: DovecotGround, tmp_path: Path) -> None:
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (_, store):
        remembered, clock = store.ledger.remembered, SystemClock()
        remembered.record_full(SUPPORT, "INBOX", clock.now() + timedelta(seconds=1))
        keeper = InboxKeeper(store, inbox_at(ground.port, ground.user), Secrets(tmp_path), clock, lambda _: None)
        keeper.start()
        wait_until(lambda: keeper._told_by_server.get("INBOX"), "the watch to have its connection")
        wait_until(lambda: remembered.full_until(SUPPORT, "INBOX") is None, "the refusal to be forgotten")
        keeper.stop()


async def test_a_copy_that_a_reply_left_in_sent_is_brought_when_the_team_hears_of_it(
    ground: DovecotGround, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody looks by himself before this is given up.
    monkeypatch.setattr(schedule, "UNWATCHED", Pace(300.0, 600.0))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the first pull")
            await engine.pull_once()
            await asyncio.to_thread(deliver_into, ground, "Sent", mail(1))
            engine.look_at_sent(SUPPORT)
            await wait_for(lambda: store.uids(SUPPORT, "Sent"), "the copy", seconds=60)
