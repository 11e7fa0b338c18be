"""Where every mail must be checked, no command, call or mailing lets one leave that nobody approved; the tables themselves are the list."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec
import pytest
from sqlalchemy import bindparam, update

from mailsync.link.protocol import Done, Refused
from mailsync.server.endpoints import ENDPOINTS
from mailsync.server.needs import command_types
from store.domain.check_policy import CheckPolicy
from store.domain.commands import Approve, RequestCheck, SubmitReply
from store.domain.draft_kind import DraftKind
from store.domain.outbox import Envelope, OutboxState
from store.domain.start_commands import StartConversation
from store.team import statements as s
from store.team import tables as t
from store.team.connection import Connection
from store.team.rows import run
from store.team.sql import Statement
from tests.server.samples import sample
from tests.server.test_matrix import about, path_of
from tests.server.ways_out import SITUATIONS, becomes, takes_mail, ways_out
from tests.waiting import wait_for

HANDS_OVER = {SubmitReply, Approve}
"""The commands after which something new can lie in the outbox. One that is not here and does it fails the tests below."""
TAKE_MAIL = {"command", "add_mailing_rows"}
"""The calls that take the bytes of a mail."""
CHANGE_MIME = Statement(update(t.submissions).where(t.submissions.c.id == bindparam("which")).values(mime=bindparam("becomes")), listed=False)
CHANGE_STATE = Statement(update(t.conversations).where(t.conversations.c.id == bindparam("which")).values(state=bindparam("becomes")), listed=False)


def test_every_call_that_takes_a_mail_is_tried_here() -> None:
    assert {one.name for one in ENDPOINTS if one.body is not None and takes_mail(one.body)} == TAKE_MAIL, "try the new call below"
    assert {kind for kind in command_types() if kind is SubmitReply or takes_mail(kind)} == {SubmitReply, RequestCheck}


async def test_only_a_hand_over_and_a_yes_make_an_entry_where_nothing_is_checked() -> None:
    async with ways_out(CheckPolicy()) as ways:
        agent = ways.people["agent"]
        for n, situation in enumerate(SITUATIONS):
            here, there = await ways.arrives(), await ways.arrives()
            await situation(ways, agent, here)
            await ways.tries_everything(agent, here, there, seed=n)
        here = await ways.arrives()
        await ways.asks(agent, here)
        yes = await ways.says_yes(here)
        assert isinstance(yes, Done)
        assert ways.made_entries | {Approve} == HANDS_OVER


@pytest.mark.parametrize("who", ["newcomer", "agent", "leader"])
async def test_no_command_in_any_situation_lets_out_what_nobody_approved(who: str) -> None:
    async with ways_out() as ways:
        writer, colleague = ways.people[who], ways.people["agent" if who != "agent" else "newcomer"]
        for n, situation in enumerate(SITUATIONS):
            here, there = await ways.arrives(), await ways.arrives()
            await situation(ways, writer, here)
            for seed, actor in enumerate((writer, colleague, writer)):
                await ways.tries_everything(actor, here, there, seed=10 * n + seed)
            await ways.nothing_unapproved()
        assert ways.made_entries == set()


@pytest.mark.parametrize("who", ["newcomer", "agent"])
async def test_no_call_lets_out_what_nobody_approved(who: str) -> None:
    async with ways_out() as ways:
        here, writer = await ways.arrives(), ways.people[who]
        for endpoint in ENDPOINTS:
            if endpoint.name == "stream" or endpoint.media:
                continue
            body = msgspec.json.encode(sample(endpoint.body, about(here, "support"))) if endpoint.body else None
            status, _ = await ways.served.raw(endpoint.method, path_of(endpoint, here, "support"), session=writer.session, body=body)
            assert status < 500, endpoint.name
        await ways.nothing_unapproved()
        async with ways.served.admin as admin:
            assert await admin.outbox() == []


@pytest.mark.parametrize("who", ["newcomer", "agent", "leader"])
async def test_whatever_is_written_needs_a_yes_of_its_own(who: str) -> None:
    async with ways_out() as ways:
        writer, now = ways.people[who], ways.served.team.clock.now()
        changes = [*({"kind": kind} for kind in DraftKind if kind is not DraftKind.REDIRECT), {"send_at": now}, {"token": None}]
        for change in changes:
            here = await ways.arrives()
            answer = await writer.ask(await ways.reply(writer, here, **change))
            assert isinstance(answer, Refused), change
            assert type(answer.refusal).__name__ in {"NotAllowed", "ApprovalRequired", "LeaseHeld"}, (change, answer)
        first = StartConversation(
            conversation_id="a" * 16, inbox="support", subject="s", customer_name="", customer_address="kyaku@example.org", terminal="t"
        )
        assert isinstance(await writer.ask(first), Done)
        assert isinstance(await writer.ask(await ways.reply(writer, first.conversation_id, kind=DraftKind.NEW)), Refused)
        await ways.nothing_unapproved()
        async with ways.served.admin as admin:
            assert await admin.outbox() == []


@pytest.mark.parametrize("who", ["newcomer", "agent"])
async def test_after_the_yes_one_byte_one_recipient_or_one_file_more_is_another_mail(who: str) -> None:
    async with ways_out() as ways:
        writer, here = ways.people[who], await ways.arrives()
        reply = await ways.asks(writer, here, hold_seconds=60.0)
        assert isinstance(await ways.says_yes(here), Done)
        everybody = Envelope(reply.envelope.mail_from, (*reply.envelope.rcpt_to, "eve@example.net"))
        file = b"--b\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\nx\r\n--b--\r\n"
        for change in ({"mime": reply.mime + b"!"}, {"envelope": everybody}, {"mime": reply.mime + file}, {}):
            for names in ({}, {"submission_id": "other"}, {"submission_id": "other", "message_id": "<other@example.jp>"}):
                for token in (reply.token, None):
                    answer = await writer.ask(msgspec.structs.replace(reply, **{**change, **names, "token": token}))
                    assert isinstance(answer, Refused), (change, names, token)
        await ways.nothing_unapproved()
        await wait_for(lambda: ways.smtp.script.received, "the one that was approved")
        await ways.nothing_unapproved()
        assert len(ways.smtp.script.received) == 1


def with_another_byte(reply: SubmitReply, connection: Connection) -> None:
    run(connection, CHANGE_MIME, which=reply.submission_id, becomes=reply.mime + b"!")


def with_another_recipient(reply: SubmitReply, connection: Connection) -> None:
    """In the conversation itself, where the envelope stands."""
    (body,) = run(connection, s.GET_STATE, id=reply.conversation_id)[0]
    run(connection, CHANGE_STATE, which=reply.conversation_id, becomes=body.replace(b"kyaku@example.org", b"eve--@example.net"))


@pytest.mark.parametrize("tampered", [with_another_byte, with_another_recipient])
async def test_what_is_changed_in_the_outbox_itself_never_leaves(tampered: Callable[[SubmitReply, Connection], None]) -> None:
    async with ways_out() as ways:
        writer, here = ways.people["newcomer"], await ways.arrives()
        reply = await ways.asks(writer, here, hold_seconds=60.0)
        assert isinstance(await ways.says_yes(here), Done)
        await ways.served.house.desk.ledger.write_plain(partial(tampered, reply))
        ways.served.team.clock.move(timedelta(minutes=5))
        held = await becomes(ways, reply.submission_id, OutboxState.HELD)
        assert held.why == "not_approved"
        assert ways.smtp.script.received == []
