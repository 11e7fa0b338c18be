"""A receipt comes into the mailbox: it is told on the timeline of the conversation whose reply it is about, in words."""

from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot

from store.domain.ids import Seq
from store.domain.outbox import OutboxState
from store.domain.reply_events import ReceiptCame
from tests.outbox.house import CUSTOMER, House, deliver
from tests.waiting import wait_for_it
from tui.view.bounced import receipt_words


async def told(house: House) -> ReceiptCame:
    async def receipts() -> list[ReceiptCame]:
        events, _ = await house.desk.events_since(Seq(0), 1000)
        return [one.event for one in events if isinstance(one.event, ReceiptCame)]

    return (await wait_for_it(receipts, bool, "the receipt to be told"))[0]


async def test_who_opened_our_reply_is_told_and_the_conversation_stays_done(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation)
        sent = await house.becomes(reply, lambda one: one.filed, "the copy in Sent")
        receipt = (
            f"From: {CUSTOMER}\r\nTo: {house.address}\r\nSubject: Read: x\r\nMIME-Version: 1.0\r\nMessage-ID: <read1@customer.test>\r\n"
            'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
            f"read\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;{CUSTOMER}\r\n"
            f"Original-Message-ID: {sent.message_id}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
        )
        deliver(dovecot, house.account, receipt.encode())
        event = await told(house)
    assert (event.submission_id, event.recipient, event.displayed) == (reply, CUSTOMER, True)
    assert CUSTOMER in receipt_words(event, {})
    state = await house.state(conversation)
    assert (state.status, state.flags, state.submissions[0].state) == ("done", (), OutboxState.ACCEPTED)
    assert len(scripted.script.received) == 1
