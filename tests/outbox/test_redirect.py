"""A mail passed on as it is bears its writer's Message-ID: its copy in Sent and its bounce are known by the id it was passed on under."""

from uuid import uuid4

from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot

from mailsync.mime.compose import compose_redirect
from mailsync.mime.report_of import report_of
from store.domain.commands import IssueTicket, SubmitReply, TakeLease
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, SubmissionId
from store.domain.message import Address
from store.domain.outbox import Envelope, OutboxState
from store.domain.own_id import own_id
from store.team.values import THE_SERVER, Executed
from tests.outbox.house import House, deliver, lying_in, mail, put
from tests.waiting import wait_for_it

ELSEWHERE = "partner@elsewhere.test"


async def arrived(house: House, dovecot: Dovecot) -> ConversationId:
    """A customer's mail, read by the watcher."""
    raw = mail("<q1@customer.test>", "kyaku@customer.test", house.address, body="お世話になっております。")
    deliver(dovecot, house.account, raw)
    async with house.watching():
        found = await wait_for_it(lambda: house.desk.snapshot(None, 10), lambda page: page.conversations, "the mail to be read")
    return found.conversations[0].id


async def redirects(house: House, dovecot: Dovecot, where: ConversationId) -> SubmissionId:
    """Passed on by its agent, and queued."""
    state = await house.state(where)
    taken = await house.desk.execute(house.sato, None, TakeLease(conversation_id=where, seen_revision=state.revision, terminal="t1"))
    assert isinstance(taken, Executed), taken
    state = await house.state(where)
    assert state.lease
    (raw,) = lying_in(dovecot, house.account, "INBOX")
    submission_id = SubmissionId(uuid4().hex)
    message_id = own_id(submission_id, where, "abcdefgh23456723", "example.test")
    from_ = Address("窓口", house.address)
    submit = SubmitReply(
        conversation_id=where,
        submission_id=submission_id,
        message_id=message_id,
        envelope=Envelope(house.address, (ELSEWHERE,)),
        mime=compose_redirect(raw, from_=from_, to=(Address("", ELSEWHERE),), message_id=message_id, date=house.clock.now()),
        seen_revision=state.revision,
        token=state.lease.token,
        hold_seconds=0.0,
        kind=DraftKind.REDIRECT,
        terminal="t1",
    )
    queued = await house.desk.execute(house.sato, None, submit)
    assert isinstance(queued, Executed), queued
    return submission_id


async def test_a_redirect_left_open_by_a_crash_is_settled_by_its_copy_in_sent_and_the_copy_is_not_doubled(
    house: House, scripted: ScriptedSMTP, dovecot: Dovecot
) -> None:
    where = await arrived(house, dovecot)
    reply = await redirects(house, dovecot, where)
    await house.desk.execute(THE_SERVER, None, IssueTicket(conversation_id=where, submission_id=reply, imap_checked=True))
    frozen = await house.desk.submission(reply)
    assert frozen
    put(dovecot, house.account, "Sent", frozen.mime)
    async with house.sending():
        settled = await house.becomes(reply, lambda found: found.filed, "the copy to be found")
    assert settled.state is OutboxState.ACCEPTED
    assert scripted.script.received == []
    assert len(lying_in(dovecot, house.account, "Sent")) == 1


async def test_a_redirect_whose_original_lies_in_sent_as_well_still_gets_its_own_copy(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    where = await arrived(house, dovecot)
    (original,) = lying_in(dovecot, house.account, "INBOX")
    reply = await redirects(house, dovecot, where)
    put(dovecot, house.account, "Sent", original)  # somebody moved it there
    async with house.sending():
        await house.becomes(reply, lambda found: found.filed, "the copy in Sent")
    assert len(scripted.script.received) == 1
    assert sum(b"Resent-Message-ID" in raw for raw in lying_in(dovecot, house.account, "Sent")) == 1


def bounce(original: str, *, envelope_id: str = "", resent: str = "") -> bytes:
    resent_field = f"Resent-Message-ID: {resent}\r\n" if resent else ""
    envelope_field = f"Original-Envelope-Id: {envelope_id}\r\n" if envelope_id else ""
    return (
        "From: MAILER-DAEMON@elsewhere.test\r\nTo: support@example.test\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n'
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{envelope_field}Reporting-MTA: dns; elsewhere.test\r\n\r\n"
        f"Final-Recipient: rfc822; {ELSEWHERE}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{resent_field}Message-ID: {original}\r\n--b--\r\n"
    ).encode()


OURS = own_id(SubmissionId("s1"), ConversationId("c1"), "abcdefgh23456723", "example.test")


def test_a_bounce_of_a_redirect_names_our_own_id_whichever_of_both_it_brings_back() -> None:
    assert report_of(bounce("<q1@customer.test>", envelope_id=OURS.strip("<>"))).original_message_id == OURS
    assert report_of(bounce("<q1@customer.test>", resent=OURS)).original_message_id == OURS
    assert report_of(bounce("<q1@customer.test>", envelope_id="x1@their.test", resent="<z@their.test>")).original_message_id == "<q1@customer.test>"


async def test_the_bounce_of_a_redirect_is_told_on_the_conversation_it_left_from(house: House, scripted: ScriptedSMTP, dovecot: Dovecot) -> None:
    where = await arrived(house, dovecot)
    reply = await redirects(house, dovecot, where)
    async with house.sending():
        sent = await house.becomes(reply, lambda found: found.filed, "the copy in Sent")
        deliver(dovecot, house.account, bounce("<q1@customer.test>", envelope_id=sent.message_id.strip("<>")))
        back = await house.becomes(reply, lambda found: any(one.bounced for one in found.results), "the bounce to be told")
    assert [(one.address, one.state) for one in back.results] == [(ELSEWHERE, OutboxState.REFUSED)]
    assert len(scripted.script.received) == 1
