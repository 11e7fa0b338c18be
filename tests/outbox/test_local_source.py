"""The server a terminal starts for itself sees mail through what its client pulled, and reaches for IMAP only when nobody is there to pull."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from start_dovecot import Dovecot

from mailsync.mime.hash import content_sha256
from mailsync.mime.parse import parse_message
from mailsync.server.watch_sources import watch_by_client
from mailsync.server.watcher import Watcher
from store.domain.threading import synthetic_message_id, thread_key
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore
from store.team.values import WatchCursor
from tests.outbox.house import QUICK, SUPPORT, House, mail, put, running
from tests.outbox.test_watcher import arrivals, told

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[LocalStore]:
    store = LocalStore.open(tmp_path)
    yield store
    store.close()


def pulled(uid: int, raw: bytes, at: datetime) -> NewMail:
    """As the engine hands a mail to the store."""
    message, sha256 = parse_message(raw), content_sha256(raw, len(raw))
    message_id = message.message_id or synthetic_message_id(sha256)
    return NewMail(
        uid=uid,
        internaldate=at,
        flags=(),
        raw=raw,
        size_bytes=len(raw),
        message=message,
        thread_key=thread_key(SUPPORT, message_id, message.in_reply_to, message.references),
        message_id=message_id,
        content_sha256=sha256,
    )


def by_client(house: House, home: Path, answer: bool | None = True) -> Watcher:
    async def pull_now(_inbox: str) -> bool | None:
        return answer

    return watch_by_client(house.desk, house.settings, house.secrets, house.clock, home=home, pull_now=pull_now, pace=QUICK)


async def test_what_the_client_commits_stands_in_the_journal_by_itself(house: House, client: LocalStore, tmp_path: Path) -> None:
    async with running(by_client(house, tmp_path).run()):
        client.commit_pull(SUPPORT, "INBOX", [pulled(1, mail("<a@customer.test>", "c@customer.test", house.address), START)], Cursor(7, 1))
        await told(house, 1)
        client.commit_pull(SUPPORT, "INBOX", [pulled(2, mail("<b@customer.test>", "c@customer.test", house.address), START)], Cursor(7, 2))
        await told(house, 2)
    assert await house.desk.watch_cursor(SUPPORT, "INBOX") == WatchCursor(7, 2)


async def test_a_first_pull_newest_first_is_told_oldest_first(house: House, client: LocalStore, tmp_path: Path) -> None:
    questions = [pulled(n, mail(f"<q{n}@customer.test>", "c@customer.test", house.address), START + timedelta(hours=n)) for n in range(1, 11)]
    answers = [
        pulled(
            n, mail(f"<a{n}@example.test>", house.address, "c@customer.test", answers=f"<q{n}@customer.test>"), START + timedelta(hours=n, minutes=5)
        )
        for n in range(1, 11)
    ]
    watcher = by_client(house, tmp_path)
    async with running(watcher.run()):
        client.commit_pull(SUPPORT, "Sent", answers, Cursor(8, 10), outgoing=True)
        client.commit_pull(SUPPORT, "INBOX", questions[5:], Cursor(7, 10, 6))
        assert await watcher.look_again(SUPPORT)
        assert await arrivals(house) == []  # half of it only: an answer would stand before its question
        client.commit_pull(SUPPORT, "INBOX", questions[:5], Cursor(7, 10, 1))
        found = await told(house, 20)
    assert [each.message_id for each in found[:4]] == ["<q1@customer.test>", "<a1@example.test>", "<q2@customer.test>", "<a2@example.test>"]
    part = await house.desk.snapshot(None, 100)
    assert {conversation.status for conversation in part.conversations} == {"done"}


async def test_the_look_before_a_send_reads_what_the_pull_brought(house: House, client: LocalStore, tmp_path: Path) -> None:
    async def pull_now(_inbox: str) -> bool:
        raw = mail("<a@customer.test>", "c@customer.test", house.address)
        await asyncio.to_thread(client.commit_pull, SUPPORT, "INBOX", [pulled(1, raw, START)], Cursor(7, 1))
        return True

    watcher = watch_by_client(house.desk, house.settings, house.secrets, house.clock, home=tmp_path, pull_now=pull_now)
    async with running(watcher.run()):
        assert await watcher.look_again(SUPPORT)
        assert len(await arrivals(house)) == 1


async def test_a_client_that_cannot_reach_its_mailbox_holds_the_send(house: House, client: LocalStore, tmp_path: Path) -> None:
    watcher = by_client(house, tmp_path, answer=False)
    async with running(watcher.run()):
        assert not await watcher.look_again(SUPPORT)


async def test_without_a_client_the_server_looks_itself_and_keeps_no_connection(house: House, dovecot: Dovecot, tmp_path: Path) -> None:
    put(dovecot, house.account, "INBOX", mail("<a@customer.test>", "c@customer.test", house.address))
    with FaultProxy(dovecot.imap_port) as proxy:
        behind = house.with_ports(imap=proxy.port)
        watcher = by_client(behind, tmp_path, answer=None)
        async with running(watcher.run()):
            assert proxy.connections == 0
            assert await watcher.look_again(SUPPORT)
            assert len(await arrivals(house)) == 1
            proxy.refuse = True
            assert not await watcher.look_again(SUPPORT)
        assert proxy.connections == 2


async def test_both_ways_of_seeing_agree_on_every_mail(house: House, client: LocalStore, dovecot: Dovecot, tmp_path: Path) -> None:
    """Header and size by IMAP, or the whole by the client: one journal, nothing twice."""
    raws = [
        mail("<a@customer.test>", "山田 <c@customer.test>", house.address, subject="件名" * 60),
        mail("", "c@customer.test", house.address),
        b"From: c@customer.test\nTo: x@example.test\nSubject: bare LF\nMessage-ID: <lf@customer.test>\n\nbody\n",
        b"Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\nFrom: \xff <c@customer.test>\r\nMessage-ID: <odd@customer.test>\r\n\r\nx\r\n",
    ]
    put(dovecot, house.account, "INBOX", *raws)
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
    first = await arrivals(house)
    cursor = await house.desk.watch_cursor(SUPPORT, "INBOX")
    assert cursor
    # The client's own view of the same mailbox, under another UIDVALIDITY, so that all of it is told again.
    crlf = [raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for raw in raws]
    client.commit_pull(SUPPORT, "INBOX", [pulled(n, raw, START) for n, raw in enumerate(crlf, 1)], Cursor(cursor.uidvalidity + 1, len(crlf)))
    watcher = by_client(house, tmp_path)
    async with running(watcher.run()):
        assert await watcher.look_again(SUPPORT)
    assert await arrivals(house) == first
    assert len(first) == 4


async def test_no_cache_yet_is_no_mail_yet(house: House, tmp_path: Path) -> None:
    watcher = by_client(house, tmp_path / "fresh")
    async with running(watcher.run()):
        assert await watcher.look_again(SUPPORT)
    assert await arrivals(house) == []


async def test_mails_under_uids_that_a_restored_server_gave_again_are_told_too(house: House, client: LocalStore, tmp_path: Path) -> None:
    def letter(uid: int, name: str) -> NewMail:
        return pulled(uid, mail(f"<{name}@customer.test>", "c@customer.test", house.address), START + timedelta(minutes=uid))

    client.commit_pull(SUPPORT, "INBOX", [letter(1, "a"), letter(2, "forgotten")], Cursor(7, 2))
    async with running(by_client(house, tmp_path).run()):
        await told(house, 2)
    # The engine has noticed it, and has replaced what it had.
    client.commit_pull(SUPPORT, "INBOX", [], Cursor(7, 1), gone=[2])
    client.commit_pull(SUPPORT, "INBOX", [letter(2, "new")], Cursor(7, 2))
    async with running(by_client(house, tmp_path).run()):
        assert [each.message_id for each in await told(house, 3)][-1] == "<new@customer.test>"
    assert len(await arrivals(house)) == 3
