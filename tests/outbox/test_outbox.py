"""A reply goes out exactly once, or it is said why not: with real Dovecot, and an SMTP server that does what a test says."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from fault_proxy import FaultProxy
from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot
from start_exim import Exim

from mailsync.server.outbox import OutboxRunner
from store.clock import SystemClock
from store.domain.commands import AddComment, CancelReply, IssueTicket, ReleaseReply
from store.domain.events import ReplySending
from store.domain.ids import CommentId, InboxKey
from store.domain.outbox import OutboxState
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, Executed
from tests.outbox.house import CUSTOMER, HASTY, House, MovedClock, house_of, lying_in, put, running
from tests.waiting import wait_for

YES, NO, LATER = "yes@customer.test", "no@customer.test", "later@customer.test"


def is_(state: OutboxState):
    return lambda submission: submission.state is state


async def test_a_reply_leaves_once_and_a_copy_lies_in_sent(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation)
        sent = await house.becomes(reply, lambda found: found.filed, "the copy in Sent")
    assert sent.state is OutboxState.ACCEPTED
    assert (await house.state(conversation)).status == "done"
    (envelope,) = scripted.script.received
    assert (envelope.mail_from, envelope.rcpt_tos) == (house.address, [CUSTOMER])
    (copy,) = lying_in(dovecot, house.account, "Sent")
    assert copy == envelope.content


async def test_it_waits_out_its_hold_and_undo_takes_it_back(house: House, scripted: ScriptedSMTP) -> None:
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation, hold_seconds=600)
        taken_back = await house.desk.execute(house.sato, None, CancelReply(conversation_id=conversation, submission_id=reply, terminal="t1"))
        assert isinstance(taken_back, Executed)
        second = await house.sato_replies(conversation, hold_seconds=600)
        assert scripted.script.received == []
        house.clock.skip(timedelta(seconds=601))
        await house.becomes(second, is_(OutboxState.ACCEPTED), "the second reply")
    assert (await house.reply(reply)).state is OutboxState.CANCELLED
    assert len(scripted.script.received) == 1


class JustBefore(SystemClock):
    """Tells the time from just before a hold's end, once, and from then on the time after it."""

    def __init__(self, jump: timedelta) -> None:
        super().__init__()
        self._jump, self._ahead = jump, timedelta()

    def now(self) -> datetime:
        ahead, self._ahead = self._ahead, self._jump
        return super().now() + ahead


async def test_a_hold_that_ends_between_two_looks_at_the_clock_is_not_overslept(house: House, scripted: ScriptedSMTP) -> None:
    reply = await house.sato_replies(await house.customer_writes("q1"), hold_seconds=600)
    house.clock.skip(timedelta(seconds=601))
    seldom = replace(HASTY, look_every_seconds=60)
    async with house.watching() as watcher:
        runner = OutboxRunner(house.desk, house.settings, house.secrets, JustBefore(house.clock.ahead), watcher.look_again, pace=seldom)
        async with running(runner.run()):
            await house.becomes(reply, is_(OutboxState.ACCEPTED), "the reply")
    assert len(scripted.script.received) == 1


async def test_a_reply_that_waits_for_its_mailbox_does_not_make_the_next_one_late(house: House, scripted: ScriptedSMTP) -> None:
    """It is due, and not gone: what is due behind it has its own time."""
    never = asyncio.Event()

    async def look_again(inbox: InboxKey) -> bool:
        if not first_asked.is_set():
            first_asked.set()
            await never.wait()
        return bool(inbox)

    first_asked = asyncio.Event()
    patient = replace(house, pace=replace(HASTY, look_every_seconds=60))
    first, second = await house.customer_writes("q1"), await house.customer_writes("q2")
    async with patient.sending(look_again):
        stuck = await house.sato_replies(first)
        await asyncio.wait_for(first_asked.wait(), 60)
        await house.becomes(await house.sato_replies(second, hold_seconds=0.3), is_(OutboxState.ACCEPTED), "the second")
        assert (await house.reply(stuck)).state is OutboxState.QUEUED
    assert len(scripted.script.received) == 1


async def test_a_reply_released_by_its_sender_leaves_at_once(house: House, scripted: ScriptedSMTP) -> None:
    """Also when the rules refused it a ticket a moment ago."""
    conversation = await house.customer_writes("q1")
    patient = replace(house, pace=replace(HASTY, held_retry_seconds=60, look_every_seconds=60))

    async def look_again(_inbox: InboxKey) -> bool:
        if not (await house.state(conversation)).comments:
            comment = AddComment(conversation_id=conversation, comment_id=CommentId("c1"), text="待って")
            await house.desk.execute(THE_SERVER, None, comment)
        return True

    async with patient.sending(look_again):
        reply = await house.sato_replies(conversation)
        await house.becomes(reply, is_(OutboxState.HELD), "the fence")
        seen = (await house.state(conversation)).revision
        released = await house.desk.execute(house.sato, None, ReleaseReply(conversation_id=conversation, submission_id=reply, seen_revision=seen))
        assert isinstance(released, Executed)
        await house.becomes(reply, is_(OutboxState.ACCEPTED), "the reply")
    assert len(scripted.script.received) == 1


async def test_only_those_deferred_by_a_4xx_are_tried_again(house: House, scripted: ScriptedSMTP) -> None:
    scripted.script.rcpt = {NO: "550 5.1.1 no such user", LATER: "451 4.2.1 later"}
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation, YES, NO, LATER)
        await house.becomes(reply, is_(OutboxState.DEFERRED), "the deferral")
        scripted.script.rcpt = {}
        done = await house.becomes(reply, is_(OutboxState.PARTLY_ACCEPTED), "the second attempt")
    assert [envelope.rcpt_tos for envelope in scripted.script.received] == [[YES], [LATER]]
    assert {result.address: result.state for result in done.results} == {
        YES: OutboxState.ACCEPTED,
        NO: OutboxState.REFUSED,
        LATER: OutboxState.ACCEPTED,
    }
    assert "no such user" in done.why


async def test_a_no_for_good_brings_the_conversation_back_with_the_servers_words(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    scripted.script.dot = "554 5.7.1 looks like spam"
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation)
        refused = await house.becomes(reply, is_(OutboxState.REFUSED), "the refusal")
    state = await house.state(conversation)
    assert "looks like spam" in refused.why
    assert (state.status, state.claim) == ("in_progress", None)
    assert "refused" in state.flags
    assert lying_in(dovecot, house.account, "Sent") == []


@pytest.mark.parametrize("fate", ["kept", "lost"])
async def test_a_line_that_drops_after_the_dot_makes_it_unknown_and_it_is_never_sent_again(house: House, scripted: ScriptedSMTP, fate: str) -> None:
    scripted.script.drop_after_dot = fate
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation)
        await house.becomes(reply, is_(OutboxState.UNKNOWN), "the unknown outcome")
        scripted.script.drop_after_dot = ""
        house.clock.skip(timedelta(days=2))
        # Another reply goes through the same runner afterwards: had it wanted to try the first again, it would have.
        other = await house.customer_writes("q2")
        await house.becomes(await house.sato_replies(other), is_(OutboxState.ACCEPTED), "another reply")
    assert (await house.reply(reply)).state is OutboxState.UNKNOWN
    assert len(scripted.script.received) == (2 if fate == "kept" else 1)
    assert "unknown" in (await house.state(conversation)).flags


async def test_a_server_killed_while_sending_leaves_it_unknown_and_nothing_is_sent_again(house: House, scripted: ScriptedSMTP) -> None:
    conversation = await house.customer_writes("q1")
    reply = await house.sato_replies(conversation)
    # The ticket is out, and then the process is gone: all that is left is what the journal says.
    ticket = await house.desk.execute(THE_SERVER, None, IssueTicket(conversation_id=conversation, submission_id=reply, imap_checked=True))
    assert isinstance(ticket, Executed)
    assert isinstance(ticket.recorded[0].event, ReplySending)
    async with house.sending():
        await house.becomes(reply, is_(OutboxState.UNKNOWN), "the leftover to be noticed")
        other = await house.customer_writes("q2")
        await house.becomes(await house.sato_replies(other), is_(OutboxState.ACCEPTED), "another reply")
    assert scripted.script.received[0].rcpt_tos == [CUSTOMER]
    assert len(scripted.script.received) == 1
    assert (await house.reply(reply)).state is OutboxState.UNKNOWN


async def test_a_copy_found_in_sent_settles_what_a_crash_left_open(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    reply = await house.sato_replies(conversation)
    await house.desk.execute(THE_SERVER, None, IssueTicket(conversation_id=conversation, submission_id=reply, imap_checked=True))
    frozen = await house.desk.submission(reply)
    assert frozen
    put(dovecot, house.account, "Sent", frozen.mime)  # some providers file what they take
    async with house.sending():
        settled = await house.becomes(reply, lambda found: found.filed, "the copy to be found")
    assert settled.state is OutboxState.ACCEPTED
    assert (await house.state(conversation)).status == "done"
    assert scripted.script.received == []
    assert len(lying_in(dovecot, house.account, "Sent")) == 1


async def test_a_runner_cancelled_in_the_middle_leaves_it_to_the_next_one_as_unknown(house: House, scripted: ScriptedSMTP) -> None:
    scripted.script.answers_dot = False
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation)
        await house.becomes(reply, is_(OutboxState.SENDING), "the ticket")
    assert (await house.reply(reply)).state is OutboxState.SENDING
    scripted.script.answers_dot = True
    async with house.sending():
        await house.becomes(reply, is_(OutboxState.UNKNOWN), "the leftover to be noticed")


async def test_a_server_that_is_asked_to_stop_lets_what_is_leaving_leave(house: House, scripted: ScriptedSMTP) -> None:
    scripted.script.answers_dot = False
    conversation, later = await house.customer_writes("q1"), await house.customer_writes("q2")
    async with house.sending() as runner:
        reply = await house.sato_replies(conversation)
        await house.becomes(reply, is_(OutboxState.SENDING), "the ticket")
        draining = asyncio.create_task(runner.drain(30))
        await asyncio.sleep(0)
        second = await house.sato_replies(later)
        scripted.script.answers_dot = True
        assert await draining
    assert (await house.reply(reply)).state is OutboxState.ACCEPTED
    assert (await house.reply(second)).state is OutboxState.QUEUED


async def test_the_copy_is_filed_once_even_when_the_answer_to_append_is_cut(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        proxy.to_client.cut_on, proxy.to_client.cut_beyond = re.compile(rb"OK \[APPENDUID"), -14
        behind = house.with_ports(imap=proxy.port)
        conversation = await behind.customer_writes("q1")
        async with behind.sending():
            reply = await behind.sato_replies(conversation)
            await behind.becomes(reply, lambda found: found.filed, "the copy to be known as filed")
        assert proxy.to_client.cuts == 1
    assert len(lying_in(dovecot, house.account, "Sent")) == 1
    assert len(scripted.script.received) == 1


async def test_a_customer_who_writes_during_the_hold_stops_it_until_the_sender_has_seen(house: House, scripted: ScriptedSMTP) -> None:
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation, hold_seconds=600)
        await house.customer_writes("q1-more", answers="<q1@customer.test>")
        house.clock.skip(timedelta(seconds=601))
        held = await house.becomes(reply, is_(OutboxState.HELD), "the fence")
        assert held.why == "something_new"
        assert scripted.script.received == []
        seen = (await house.state(conversation)).revision
        released = await house.desk.execute(house.sato, None, ReleaseReply(conversation_id=conversation, submission_id=reply, seen_revision=seen))
        assert isinstance(released, Executed)
        await house.becomes(reply, is_(OutboxState.ACCEPTED), "the reply, sent all the same")
    assert len(scripted.script.received) == 1


async def test_mail_that_only_lies_in_the_mailbox_stops_it_too(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    """Nobody told the journal: it is found by the look just before the ticket."""
    conversation = await house.customer_writes("q1")
    watcher = house.watcher()
    looked = 0

    async def look_again(inbox: InboxKey) -> bool:
        nonlocal looked
        looked += 1
        if looked == 1:
            put(
                dovecot,
                house.account,
                "INBOX",
                b"Message-ID: <q1b@customer.test>\r\nReferences: <q1@customer.test>\r\nFrom: c@customer.test\r\n\r\nwait!\r\n",
            )
        return await watcher.look_again(inbox)

    async with running(watcher.run()):
        runner = OutboxRunner(house.desk, house.settings, house.secrets, house.clock, look_again, pace=house.pace)
        reply = await house.sato_replies(conversation)
        async with running(runner.run()):
            held = await house.becomes(reply, is_(OutboxState.HELD), "the fence")
    assert held.why == "something_new"
    assert scripted.script.received == []


async def test_while_the_mailbox_is_out_of_reach_it_is_held_and_goes_out_when_it_is_back(
    house: House, scripted: ScriptedSMTP, dovecot: Dovecot
) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        proxy.refuse = True
        behind = house.with_ports(imap=proxy.port)
        conversation = await behind.customer_writes("q1")
        async with behind.sending():
            reply = await behind.sato_replies(conversation)
            held = await behind.becomes(reply, is_(OutboxState.HELD), "the hold")
            assert held.why == "imap_unreachable"
            assert scripted.script.received == []
            proxy.refuse = False
            await behind.becomes(reply, is_(OutboxState.ACCEPTED), "the reply")
    events = [type(each.event).__name__ for each in await house.desk.timeline(conversation)]
    assert events.count("ReplyHeld") == 1


async def test_a_mail_server_out_of_reach_defers_in_words_and_the_reply_goes_out_later(house: House, scripted: ScriptedSMTP) -> None:
    with FaultProxy(scripted.port) as proxy:
        proxy.refuse = True
        behind = house.with_ports(smtp=proxy.port)
        conversation = await behind.customer_writes("q1")
        async with behind.sending():
            reply = await behind.sato_replies(conversation)
            deferred = await behind.becomes(reply, is_(OutboxState.DEFERRED), "the deferral")
            assert "could not be reached" in deferred.why
            proxy.refuse = False
            await behind.becomes(reply, is_(OutboxState.ACCEPTED), "the reply")
    assert len(scripted.script.received) == 1


async def test_settings_that_cannot_send_are_said_in_words_and_lose_nothing(house: House, scripted: ScriptedSMTP) -> None:
    inbox = house.settings.inboxes[0]
    assert inbox.smtp
    nowhere = msgspec.structs.replace(inbox, smtp=None)
    nameless = msgspec.structs.replace(inbox, smtp=msgspec.structs.replace(inbox.smtp, user="support"))
    house.secrets.forget("smtp:support")
    whole = house.settings
    for name, broken, words in (("q1", nowhere, r"\[inbox\.smtp\]"), ("q2", nameless, "smtp:support")):
        house.settings = msgspec.structs.replace(whole, inboxes=(broken,))
        conversation = await house.customer_writes(name)
        async with house.sending():
            reply = await house.sato_replies(conversation)
            deferred = await house.becomes(reply, is_(OutboxState.DEFERRED), "the deferral")
            assert re.search(words, deferred.why)
        house.settings = whole
        async with house.sending():
            await house.becomes(reply, is_(OutboxState.ACCEPTED), "the reply, once the settings are mended")
    assert len(scripted.script.received) == 2


async def test_a_colleagues_comment_during_a_retry_stops_the_next_attempt(house: House, scripted: ScriptedSMTP) -> None:
    scripted.script.rcpt = {CUSTOMER: "451 4.2.1 later"}
    house.pace = house.pace.__class__(**{**vars(house.pace), "patience": house.pace.patience.__class__(retry_after=(timedelta(minutes=5),))})
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation)
        await house.becomes(reply, is_(OutboxState.DEFERRED), "the deferral")
        await house.desk.execute(THE_SERVER, None, AddComment(conversation_id=conversation, comment_id=CommentId("c1"), text="まだ送らないで"))
        scripted.script.rcpt = {}
        house.clock.skip(timedelta(minutes=6))
        held = await house.becomes(reply, is_(OutboxState.HELD), "the fence")
    assert held.why == "something_new"
    assert scripted.script.received == []


async def test_twenty_replies_go_out_beside_each_other_each_once(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    scripted.script.answers_dot = False
    conversations = [await house.customer_writes(f"q{n}") for n in range(20)]
    async with house.sending():
        replies = [await house.sato_replies(each, f"c{n}@customer.test") for n, each in enumerate(conversations)]
        # Several are on their way at once before the first of them may end.
        await house.becomes(replies[1], is_(OutboxState.SENDING), "a second one beside the first")
        scripted.script.answers_dot = True
        for reply in replies:
            await house.becomes(reply, lambda found: found.filed, "a reply and its copy")
    assert sorted(envelope.rcpt_tos[0] for envelope in scripted.script.received) == sorted(f"c{n}@customer.test" for n in range(20))
    assert len(lying_in(dovecot, house.account, "Sent")) == 20


async def test_the_customers_own_mailbox_holds_exactly_one_mail(
    tmp_path: Path, desk: TeamDesk, clock: MovedClock, dovecot: Dovecot, exim: Exim, sender
) -> None:
    """The whole way: Dovecot, Exim, Dovecot."""
    customer = dovecot.add_user()
    house = house_of(desk, clock, tmp_path, sender, imap_port=dovecot.imap_port, smtp_port=exim.clear_port)
    inbox = house.settings.inboxes[0]
    smtp = msgspec.structs.replace(inbox.smtp, user=sender.name)
    house.settings = msgspec.structs.replace(house.settings, inboxes=(msgspec.structs.replace(inbox, smtp=smtp),))
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation, customer.name)
        await house.becomes(reply, lambda found: found.filed, "the reply and its copy")
        await wait_for(lambda: lying_in(dovecot, customer, "INBOX"), "the customer's mail")
    (got,) = lying_in(dovecot, customer, "INBOX")
    assert b"In-Reply-To: <q1@customer.test>" in got
    assert len(lying_in(dovecot, sender, "Sent")) == 1


async def test_a_reply_left_queued_by_a_dead_server_goes_out_with_the_next(tmp_path: Path, house: House, scripted: ScriptedSMTP) -> None:
    conversation = await house.customer_writes("q1")
    reply = await house.sato_replies(conversation)
    await house.desk.close()
    again = TeamDesk(tmp_path / "team.db", house.clock)
    house.desk = again
    try:
        async with house.sending():
            await house.becomes(reply, is_(OutboxState.ACCEPTED), "the reply")
    finally:
        await again.close()
    assert len(scripted.script.received) == 1


async def test_a_server_that_lost_its_work_while_it_logged_in_sends_nothing(house: House, scripted: ScriptedSMTP) -> None:
    """Another one may have told a person by then that nobody knows what became of it."""
    answers = iter((True, False))  # when it began; when the mail server waits for the text
    reply = await house.sato_replies(await house.customer_writes("q1"))
    async with house.watching() as watcher:
        runner = OutboxRunner(
            house.desk, house.settings, house.secrets, house.clock, watcher.look_again, pace=house.pace, may_start=lambda: next(answers, True)
        )
        async with running(runner.run()):
            sent = await house.becomes(reply, is_(OutboxState.ACCEPTED), "the second attempt")
    assert (sent.attempts, len(scripted.script.received)) == (2, 1)


async def test_who_was_put_off_before_the_line_broke_is_asked_again_once_the_copy_is_found(
    house: House, scripted: ScriptedSMTP, dovecot: Dovecot
) -> None:
    scripted.script.rcpt, scripted.script.drop_after_dot = {LATER: "451 4.2.1 later"}, "kept"
    async with house.sending():
        reply = await house.sato_replies(await house.customer_writes("q1"), YES, LATER)
        await house.becomes(reply, is_(OutboxState.UNKNOWN), "the unknown outcome")
        scripted.script.rcpt, scripted.script.drop_after_dot = {}, ""
        frozen = await house.desk.submission(reply)
        assert frozen
        put(dovecot, house.account, "Sent", frozen.mime)
        done = await house.becomes(reply, lambda found: found.filed, "the rest to get it")
    assert done.state is OutboxState.ACCEPTED
    assert [envelope.rcpt_tos for envelope in scripted.script.received] == [[YES], [LATER]]
    assert len(lying_in(dovecot, house.account, "Sent")) == 1
