"""A reply is what its command says it is, or it is not taken: exactly once, and whose name stands on it, rest on the bytes."""

import pytest
from msgspec.structs import replace

from mailsync.link.protocol import Done, Refused
from store.domain.commands import SubmitReply
from store.domain.ids import ConversationId, MessageId, Revision
from store.domain.outbox import Envelope
from store.domain.refusals import Malformed, UnknownConversation
from tests.server.server_house import Served, reply_to
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
