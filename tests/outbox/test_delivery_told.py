"""Whoever asks to be told of a mail's arrival is told: by a report's line on the timeline, or that our mail server writes none."""

import pytest
from faulty_smtp import FaultySMTP
from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot

from store.domain.events import ReplyOutcome
from store.domain.ids import Seq, SubmissionId
from store.domain.outbox import NO_REPORTS, OutboxState
from store.domain.reply_events import DeliveryTold
from tests.outbox.house import CUSTOMER, House, deliver
from tests.waiting import wait_for_it
from tui.view.bounced import delivery_words
from tui.view.timeline import event_words


async def told(house: House) -> DeliveryTold:
    async def reports() -> list[DeliveryTold]:
        events, _ = await house.desk.events_since(Seq(0), 1000)
        return [one.event for one in events if isinstance(one.event, DeliveryTold)]

    return (await wait_for_it(reports, bool, "the report to be told"))[0]


async def said_of(house: House, reply: SubmissionId) -> str:
    events, _ = await house.desk.events_since(Seq(0), 1000)
    return next(one.event.why for one in events if isinstance(one.event, ReplyOutcome) and one.event.submission_id == reply)


@pytest.mark.parametrize(("delivered", "said"), [(True, NO_REPORTS), (None, ""), (False, "")])
async def test_a_wish_the_server_cannot_grant_is_told(house: House, scripted: ScriptedSMTP, delivered: bool | None, said: str) -> None:
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation, delivered=delivered)
        await house.becomes(reply, lambda one: one.state is OutboxState.ACCEPTED, "accepted")
    assert await said_of(house, reply) == said
    (received,) = scripted.script.received
    assert not any(option.startswith(("RET=", "ENVID=")) for option in received.mail_options)


async def test_a_server_that_offers_reports_grants_the_wish_and_nothing_else_is_said(house: House) -> None:
    conversation = await house.customer_writes("q1")
    with FaultySMTP(1, moods={"obliging": 1}) as server:
        async with house.with_ports(smtp=server.port).sending():
            reply = await house.sato_replies(conversation, delivered=True)
            await house.becomes(reply, lambda one: one.state is OutboxState.ACCEPTED, "accepted")
    assert await said_of(house, reply) == ""


async def test_an_arrival_is_told_on_the_timeline_and_the_conversation_stays_done(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation, delivered=True)
        sent = await house.becomes(reply, lambda one: one.filed, "the copy in Sent")
        report = (
            f"From: MAILER-DAEMON@mx.customer.test\r\nTo: {house.address}\r\nSubject: Delivered\r\nMIME-Version: 1.0\r\n"
            "Message-ID: <told1@mx.customer.test>\r\nAuto-Submitted: auto-replied\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
            "delivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.test\r\n\r\n"
            f"Final-Recipient: rfc822;{CUSTOMER}\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {sent.message_id}\r\n\r\n--b--\r\n"
        )
        deliver(dovecot, house.account, report.encode())
        event = await told(house)
    assert (event.submission_id, event.recipient, event.action) == (reply, CUSTOMER, "delivered")
    assert CUSTOMER in delivery_words(event, {})
    state = await house.state(conversation)
    assert (state.status, state.flags, state.submissions[0].state) == ("done", (), OutboxState.ACCEPTED)
    assert len(scripted.script.received) == 1


def test_the_timeline_says_in_words_that_no_arrival_will_be_reported() -> None:
    said = event_words(ReplyOutcome(SubmissionId("s"), OutboxState.ACCEPTED, (), NO_REPORTS), {})
    assert "does not report arrivals" in said
    assert NO_REPORTS not in said
