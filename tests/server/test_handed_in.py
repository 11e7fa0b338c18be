"""A reply is what its command says it is, or it is not taken: exactly once, and whose name stands on it, rest on the bytes."""

import pytest
from msgspec.structs import replace

from mailsync.link.protocol import Done, Refused
from mailsync.mime.hash import content_sha256
from mailsync.server.handed_in import problem_with
from store.domain.commands import SubmitReply
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, MessageId, Revision
from store.domain.outbox import Envelope
from store.domain.refusals import Malformed, UnknownConversation
from store.team.values import THE_SERVER, Executed
from tests.server.server_house import Agent, Served, reply_to
from tests.team.team_house import SALES


def with_head(reply: SubmitReply, old: bytes, new: bytes) -> SubmitReply:
    assert old in reply.mime
    return replace(reply, mime=reply.mime.replace(old, new))


FROM = b"From: Support <support@example.jp>\r\n"
TO = ("kyaku@example.org",)
WRONG = {
    "another Message-ID in the mail": lambda reply: with_head(reply, b"<reply@", b"<other@"),
    "no Message-ID in the mail": lambda reply: with_head(reply, b"Message-ID:", b"X-Id:"),
    "a second Message-ID in the mail": lambda reply: with_head(reply, FROM, FROM + b"Message-ID: <other@example.jp>\r\n"),
    "a Message-ID with a line of its own": lambda reply: replace(reply, message_id=MessageId("<reply@example.jp>\r\nBcc: eve@example.net")),
    "a stranger's From": lambda reply: with_head(reply, b"<support@example.jp>", b"<boss@bank.example>"),
    "another inbox's From": lambda reply: with_head(reply, b"<support@example.jp>", b"<sales@example.jp>"),
    "a second From": lambda reply: with_head(reply, FROM, FROM + b"From: boss@bank.example\r\n"),
    "a From of two": lambda reply: with_head(reply, b"<support@example.jp>", b"<support@example.jp>, boss@bank.example"),
    "only a Sender": lambda reply: with_head(reply, b"From:", b"Sender:"),
    "no end of the header": lambda reply: replace(reply, mime=reply.mime.rstrip().replace(b"\r\n\r\n", b"\r\n")),
    "a stranger's envelope": lambda reply: replace(reply, envelope=Envelope("boss@bank.example", TO)),
    "an envelope of nobody": lambda reply: replace(reply, envelope=Envelope("", TO)),
    "no recipient": lambda reply: replace(reply, envelope=Envelope("support@example.jp", ())),
    "an empty recipient": lambda reply: replace(reply, envelope=Envelope("support@example.jp", (*TO, " "))),
    "a recipient with a command in it": lambda reply: replace(reply, envelope=Envelope("support@example.jp", ("a@b>\r\nRCPT TO:<eve@example.net",))),
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_reply_that_is_not_what_it_says_is_refused_and_nothing_is_queued(served: Served, what: str) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>")
    token, seen = await sato.token(conversation_id), await served.team.revision(conversation_id)
    answer = await sato.ask(WRONG[what](reply_to(conversation_id, seen, token)))
    assert isinstance(answer, Refused), answer
    assert isinstance(answer.refusal, Malformed)
    assert await sato.client.outbox() == []
    assert isinstance(await sato.ask(reply_to(conversation_id, seen, token)), Done)  # the lease still stands


async def test_an_envelope_of_another_inbox_of_ours_is_ours(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>")
    reply = reply_to(conversation_id, await served.team.revision(conversation_id), await sato.token(conversation_id))
    assert isinstance(await sato.ask(replace(reply, envelope=Envelope("Sales@example.jp", TO))), Done)


async def test_each_inbox_writes_from_its_own_address(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>", inbox=SALES)
    reply = reply_to(conversation_id, await served.team.revision(conversation_id), await sato.token(conversation_id))
    assert isinstance(await sato.ask(reply), Refused)
    assert isinstance(await sato.ask(with_head(reply, b"<support@example.jp>", b"<sales@example.jp>")), Done)


async def test_a_reply_to_nothing_is_still_called_so(served: Served) -> None:
    sato = await served.member("Sato")
    answer = await sato.ask(reply_to(ConversationId("nothing"), Revision(1), None))
    assert isinstance(answer, Refused)
    assert isinstance(answer.refusal, UnknownConversation)


ORIGINAL = b"From: Hana <hana@example.org>\r\nTo: support@example.jp\r\nSubject: x\r\nMessage-ID: <asked@example.org>\r\n\r\nhello\r\n"
RESENT = b"Resent-From: Support <support@example.jp>\r\nResent-To: soumu@example.org\r\nResent-Message-ID: <again@example.jp>\r\n"


def redirect_of(reply: SubmitReply, mime: bytes) -> SubmitReply:
    return replace(reply, kind=DraftKind.REDIRECT, message_id=MessageId("<again@example.jp>"), mime=mime)


async def asked_and_leased(served: Served) -> tuple[Agent, SubmitReply]:
    """A customer's mail in the journal, as its bytes are in the mailbox, and a reply to make something else of."""
    sato = await served.member("Sato")
    command = replace(served.team.mail("<asked@example.org>"), content_sha256=content_sha256(ORIGINAL, len(ORIGINAL)))
    outcome = await served.house.desk.execute(THE_SERVER, None, command)
    assert isinstance(outcome, Executed)
    conversation_id = outcome.conversation_id
    assert conversation_id is not None
    token = await sato.token(conversation_id)
    return sato, reply_to(conversation_id, await served.team.revision(conversation_id), token)


MADE_UP = {
    "a mail nobody sent us": RESENT + ORIGINAL.replace(b"hana@example.org", b"boss@bank.example"),
    "a longer text under the same header": RESENT + ORIGINAL + b"and pay at once\r\n",
    "no Resent- fields": ORIGINAL,
    "a stranger's Resent-From": RESENT.replace(b"<support@example.jp>", b"<boss@bank.example>") + ORIGINAL,
    "two of them": b"Resent-From: boss@bank.example\r\n" + RESENT + ORIGINAL,
    "another Resent-Message-ID": RESENT.replace(b"<again@", b"<other@") + ORIGINAL,
    "a field between": RESENT.replace(b"Resent-To", b"Bcc: eve@example.net\r\nResent-To") + ORIGINAL,
}


@pytest.mark.parametrize("what", MADE_UP)
async def test_only_a_mail_of_the_conversation_is_redirected_and_only_in_our_name(served: Served, what: str) -> None:
    sato, reply = await asked_and_leased(served)
    refused = await sato.ask(redirect_of(reply, MADE_UP[what]))
    assert isinstance(refused, Refused), refused
    assert isinstance(refused.refusal, Malformed)
    assert isinstance(await sato.ask(redirect_of(reply, RESENT + ORIGINAL)), Done)


async def test_hidden_recipients_do_not_stand_in_the_header(served: Served) -> None:
    sato, reply = await asked_and_leased(served)
    assert isinstance(await sato.ask(with_head(reply, FROM, FROM + b"Bcc: eve@example.net\r\n")), Refused)


def test_an_inbox_writes_from_any_address_of_its_own_and_from_no_other() -> None:
    reply = reply_to(ConversationId("c"), Revision(1), None)
    ours = {"support@example.jp", "jobs@example.jp", "sales@example.jp"}
    as_jobs = replace(with_head(reply, b"<support@example.jp>", b"<Jobs@example.jp>"), envelope=Envelope("jobs@example.jp", TO))
    assert problem_with(as_jobs, ("support@example.jp", "jobs@example.jp"), ours) is None
    assert problem_with(as_jobs, ("sales@example.jp",), ours) is not None
