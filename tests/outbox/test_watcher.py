"""What lies in the mailboxes stands in the journal: all of it, once, in order, soon; on a real Dovecot, cut lines included."""

import asyncio
import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4, Time2Internaldate
from time import monotonic

import msgspec
import pytest
from fault_proxy import FaultProxy
from start_dovecot import Dovecot, User

from mailsync.mime.hash import content_sha256
from mailsync.server.watch_imap import ImapSource
from store.domain.conversation import MessageFact
from store.domain.events import MessageArrived
from store.domain.ids import Seq
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.threading import synthetic_message_id
from store.settings.secrets import Secret
from tests.outbox.house import QUICK, SUPPORT, House, deliver, mail, put
from tests.waiting import wait_for, wait_for_it


async def arrivals(house: House) -> list[MessageArrived]:
    """Every arrival in the journal, in its order."""
    found: list[MessageArrived] = []
    since = Seq(0)
    while True:
        recorded, up_to = await house.desk.events_since(since, 5000)
        found += [each.event for each in recorded if isinstance(each.event, MessageArrived)]
        if not recorded:
            return found
        since = up_to


async def told(house: House, count: int, seconds: float = 60) -> list[MessageArrived]:
    return await wait_for_it(lambda: arrivals(house), lambda found: len(found) >= count, f"{count} mails in the journal", seconds)


async def facts(house: House) -> list[MessageFact]:
    part = await house.desk.snapshot(None, 1000)
    return [fact for conversation in part.conversations for fact in conversation.messages]


def put_dated(dovecot: Dovecot, user: User, mailbox: str, *mails: tuple[datetime, bytes]) -> None:
    with IMAP4("127.0.0.1", dovecot.imap_port) as client:
        client.login(user.name, user.password)
        for at, raw in mails:
            assert client.append(mailbox, None, Time2Internaldate(at), raw)[0] == "OK"


async def test_new_mail_stands_in_the_journal_by_itself(house: House, dovecot: Dovecot) -> None:
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
        deliver(dovecot, house.account, mail("<a@customer.test>", "山田 太郎 <yamada@customer.test>", house.address, subject="質問です"))
        (arrived,) = await told(house, 1)
    assert (arrived.message_id, arrived.from_name, arrived.from_address) == ("<a@customer.test>", "山田 太郎", "yamada@customer.test")
    assert (arrived.subject, arrived.inbound, arrived.recipients) == ("質問です", True, (house.address,))


async def test_a_first_look_tells_questions_before_their_answers(house: House, dovecot: Dovecot) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    asked = [(start + timedelta(hours=n), mail(f"<q{n}@customer.test>", "c@customer.test", house.address)) for n in range(30)]
    answered = [
        (at + timedelta(minutes=20), mail(f"<a{n}@example.test>", house.address, "c@customer.test", answers=f"<q{n}@customer.test>"))
        for n, (at, _) in enumerate(asked[:-1])
    ]
    put_dated(dovecot, house.account, "Sent", *answered)
    put_dated(dovecot, house.account, "INBOX", *asked)
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
        found = await arrivals(house)
    assert [each.message_id for each in found][:4] == ["<q0@customer.test>", "<a0@example.test>", "<q1@customer.test>", "<a1@example.test>"]
    assert len(found) == 59
    part = await house.desk.snapshot(None, 100)
    assert sorted(conversation.status for conversation in part.conversations) == ["done"] * 29 + ["new"]


async def test_an_answer_written_with_another_program_is_seen(house: House, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
        later = house.clock.now() + timedelta(minutes=1)
        put(dovecot, house.account, "Sent", mail("<x@example.test>", house.address, "c@customer.test", answers="<q1@customer.test>", date=later))
        arrived = (await told(house, 2))[1]
    assert (arrived.inbound, arrived.answered_outside) == (False, True)
    assert (await house.state(conversation)).status == "done"


async def test_a_forged_from_of_ours_in_inbox_finishes_nothing(house: House, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    later = house.clock.now() + timedelta(minutes=1)
    forged = mail("<x@evil.test>", house.address.upper(), house.address, answers="<q1@customer.test>", date=later)
    async with house.watching() as watcher:
        put(dovecot, house.account, "INBOX", forged)
        assert await watcher.look_again(SUPPORT)
        arrived = (await told(house, 2))[1]
    assert (arrived.inbound, arrived.answered_outside) == (True, False)
    assert (await house.state(conversation)).status == "new"


async def test_a_copy_to_ourselves_of_an_answer_from_outside_is_one_message_with_the_one_in_sent(house: House, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    later = house.clock.now() + timedelta(minutes=1)
    answer = mail("<x@example.test>", house.address, "c@customer.test", answers="<q1@customer.test>", date=later)
    async with house.watching() as watcher:
        put(dovecot, house.account, "Sent", answer)
        await told(house, 2)
        deliver(dovecot, house.account, answer)
        assert await watcher.look_again(SUPPORT)
    assert [fact.inbound for fact in (await house.state(conversation)).messages] == [True, False]
    assert (await house.state(conversation)).status == "done"


async def test_a_bounce_that_names_its_mail_only_in_its_body_comes_to_the_conversation(house: House, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    bounce = (
        b"From: MAILER-DAEMON@mx.test (Mail Delivery System)\r\nTo: support@example.test\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b"Date: Tue, 24 Nov 2026 10:00:00 +0900\r\nMessage-ID: <bounce@mx.test>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: support@example.test\r\nMessage-ID:\r\n <x@example.test>\r\n\r\n--b--\r\n"
    )
    async with house.watching() as watcher:
        put(dovecot, house.account, "Sent", mail("<x@example.test>", house.address, "c@customer.test", answers="<q1@customer.test>"))
        assert await watcher.look_again(SUPPORT)
        put(dovecot, house.account, "INBOX", bounce)
        assert await watcher.look_again(SUPPORT)
    state = await house.state(conversation)
    assert state.messages[-1].message_id == "<bounce@mx.test>"
    assert state.messages[-1].evidence == ThreadEvidence(By.REPORT, 1, "<x@example.test>")
    assert "bounced" in state.flags


async def test_looking_marks_nothing_as_read(house: House, dovecot: Dovecot) -> None:
    put(dovecot, house.account, "INBOX", mail("<a@customer.test>", "c@customer.test", house.address))
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
    with IMAP4("127.0.0.1", dovecot.imap_port) as client:
        client.login(house.account.name, house.account.password)
        client.select("INBOX", readonly=True)
        assert b"\\Seen" not in client.fetch("1", "(FLAGS)")[1][0]


async def test_a_mail_without_a_message_id_gets_the_one_every_reader_computes(house: House, dovecot: Dovecot) -> None:
    raw = mail("", "c@customer.test", house.address)
    put(dovecot, house.account, "INBOX", raw)
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
    (fact,) = await facts(house)
    assert fact.message_id == synthetic_message_id(content_sha256(raw, len(raw)))


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\nno header at all\r\n",
        b"From: \xff\xfe\x80 <\x81@x>\r\nSubject: =?utf-8?b?7aC97bqA?= \xed\xa0\x80\r\nMessage-ID: <\xff@x>\r\n\r\n",
        b"Subject: " + b"a" * 100_000 + b"\r\nReferences: " + b" ".join(b"<%d@x>" % n for n in range(5000)) + b"\r\n\r\n",
        b"From: a@x\r\nDate: Thu, 99 Foo 12345 99:99:99 +9999\r\nMessage-ID: <d@x>\r\n\r\n",
    ],
)
async def test_no_mail_can_stop_the_watcher(house: House, dovecot: Dovecot, raw: bytes) -> None:
    put(dovecot, house.account, "INBOX", raw, mail("<after@customer.test>", "c@customer.test", house.address))
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
    assert [fact.message_id for fact in await facts(house)].count("<after@customer.test>") == 1
    assert len(await facts(house)) == 2


async def test_a_new_uidvalidity_is_read_again_and_doubles_nothing(house: House, dovecot: Dovecot) -> None:
    put(dovecot, house.account, "INBOX", *(mail(f"<{n}@customer.test>", "c@customer.test", house.address) for n in range(5)))
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
    before = await house.desk.watch_cursor(SUPPORT, "INBOX")
    dovecot.renumber_maildir_inbox(house.account.name)
    put(dovecot, house.account, "INBOX", mail("<new@customer.test>", "c@customer.test", house.address))
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
    after = await house.desk.watch_cursor(SUPPORT, "INBOX")
    assert before
    assert after
    assert before.uidvalidity != after.uidvalidity
    assert sorted(each.message_id for each in await arrivals(house)) == sorted([*(f"<{n}@customer.test>" for n in range(5)), "<new@customer.test>"])


async def test_a_first_look_that_is_cut_again_and_again_loses_nothing_and_doubles_nothing(house: House, dovecot: Dovecot) -> None:
    put(dovecot, house.account, "INBOX", *(mail(f"<{n}@customer.test>", "c@customer.test", house.address) for n in range(1200)))
    chance = random.Random(4711)
    with FaultProxy(dovecot.imap_port) as proxy:
        behind = house.with_ports(imap=proxy.port)
        proxy.to_client.cut_after_bytes = 5_000
        async with behind.watching():
            until = monotonic() + 120
            while len(await arrivals(house)) < 1200:
                assert monotonic() < until
                if proxy.to_client.cut_after_bytes is None and proxy.to_client.cuts < 12:
                    proxy.to_client.cut_after_bytes = chance.randrange(3_000, 120_000)
                    proxy.to_client.cut_how = chance.choice(["close", "reset"])
                await asyncio.sleep(0.01)
        assert proxy.to_client.cuts >= 5
    found = [each.message_id for each in await arrivals(house)]
    assert found == [f"<{n}@customer.test>" for n in range(1200)]


async def test_a_dead_line_does_not_make_the_look_before_a_send_fail(house: House, dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        behind = house.with_ports(imap=proxy.port)
        async with behind.watching() as watcher:
            assert await watcher.look_again(SUPPORT)
            proxy.cut_now("reset")
            assert await watcher.look_again(SUPPORT)


async def test_a_server_out_of_reach_is_said_at_once_and_found_again_when_asked(house: House, dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        behind = house.with_ports(imap=proxy.port)
        proxy.refuse = True
        async with behind.watching() as watcher:
            began = monotonic()
            assert not await watcher.look_again(SUPPORT)
            assert monotonic() - began < 15
            proxy.refuse = False
            assert await watcher.look_again(SUPPORT)


async def test_a_silent_server_is_given_up_in_time(house: House, dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        behind = house.with_ports(imap=proxy.port)
        async with behind.watching() as watcher:
            assert await watcher.look_again(SUPPORT)
            proxy.to_client.stalled = True
            watcher._look_again_seconds = 0.5
            assert not await watcher.look_again(SUPPORT)
            proxy.cut_now("reset")  # or the thread waits out its silence


async def test_a_wrong_password_is_said_and_not_tried_over_and_over(house: House, dovecot: Dovecot) -> None:
    house.secrets.put("imap:support", Secret("wr0ng-passw0rd"))
    with FaultProxy(dovecot.imap_port) as proxy:
        behind = house.with_ports(imap=proxy.port)
        source = ImapSource(house.desk, behind.settings.inboxes[0], house.secrets, house.clock, pace=QUICK.__class__(login_back_off_seconds=60))
        running = asyncio.create_task(source.run())
        assert not await source.look_again()
        for _ in range(5):
            assert not await source.look_again()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert proxy.connections == 1
    assert house.address in str(source.problem)
    assert "wr0ng" not in str(source.problem)


async def test_a_mailbox_that_is_missing_keeps_no_other_mail_from_the_team(house: House, dovecot: Dovecot) -> None:
    inbox = msgspec.structs.replace(house.settings.inboxes[0], mailboxes=("Suport", "INBOX"))
    misspelt = replace(house, settings=msgspec.structs.replace(house.settings, inboxes=(inbox,)))
    async with misspelt.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
        deliver(dovecot, house.account, mail("<a@customer.test>", "c@customer.test", house.address))
        await told(house, 1)
        source = watcher._sources[SUPPORT]
        assert isinstance(source, ImapSource)
        await wait_for(lambda: "Suport" in str(source.problem), "the missing mailbox to be named")


async def test_a_server_without_idle_is_asked_now_and_then(house: House, dovecot: Dovecot) -> None:
    inbox = house.settings.inboxes[0]
    poor = msgspec.structs.replace(inbox, imap=msgspec.structs.replace(inbox.imap, host="127.0.0.2"))
    house.settings = msgspec.structs.replace(house.settings, inboxes=(poor,))
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
        deliver(dovecot, house.account, mail("<a@customer.test>", "c@customer.test", house.address))
        await told(house, 1)


async def test_a_hint_is_enough_where_nothing_else_would_tell(house: House, dovecot: Dovecot) -> None:
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
        with IMAP4("127.0.0.1", dovecot.imap_port) as client:
            client.login(house.account.name, house.account.password)
            client.append("INBOX", None, None, mail("<a@customer.test>", "c@customer.test", house.address))
        watcher.hint(SUPPORT)
        await told(house, 1)


async def test_ten_who_look_at_once_all_get_their_answer(house: House, dovecot: Dovecot) -> None:
    async with house.watching() as watcher:
        assert all(await asyncio.gather(*(watcher.look_again(SUPPORT) for _ in range(10))))
        assert not await watcher.look_again(type(SUPPORT)("nobody"))


async def test_only_headers_travel(house: House, dovecot: Dovecot) -> None:
    put(dovecot, house.account, "INBOX", mail("<a@customer.test>", "c@customer.test", house.address, body="SECRET-BODY " * 1000))
    with FaultProxy(dovecot.imap_port) as proxy:
        async with house.with_ports(imap=proxy.port).watching() as watcher:
            assert await watcher.look_again(SUPPORT)
        await wait_for(lambda: b"a@customer.test" in proxy.to_client.passed, "the header")
        assert b"SECRET-BODY" not in proxy.to_client.passed
        assert not re.search(rb"BODY\[", bytes(proxy.to_server.passed))
