"""A key is one member's one command: said again it is answered again; used for anything else it opens and does nothing."""

import asyncio

import msgspec

from mailsync.link.protocol import CommandRequest, Done, Refused
from store.domain.commands import AddComment, ReleaseLease, SetStatus, TakeLease
from store.domain.ids import CommandKey, CommentId, StatusKey
from store.domain.refusals import LeaseHeld, Malformed, UnknownStatus
from tests.server.server_house import Served, problem, reply_to
from tests.team.team_house import SALES, SUPPORT

KEY = CommandKey("0192f0c1d2e37a4b8c5d6e7f80910a1b")


async def test_a_replayed_command_does_nothing_and_is_answered_as_the_first_time(served: Served) -> None:
    sato = await served.member("Sato")
    first = await served.team.arrives("<1@example.org>")
    body = msgspec.json.encode(CommandRequest(KEY, AddComment(conversation_id=first, comment_id=CommentId("c1"), text="一度だけ")))
    answers = await asyncio.gather(*(served.raw("POST", "/v1/commands", session=sato.session, body=body) for _ in range(6)))
    assert len(set(answers)) == 1
    state = await served.house.desk.state(first)
    assert state is not None
    assert [comment.text for comment in state.comments] == ["一度だけ"]


async def test_a_refusal_is_replayed_too_even_when_it_would_be_taken_by_now(served: Served) -> None:
    sato, ben = await served.member("Sato"), await served.member("Ben")
    first = await served.team.arrives("<1@example.org>")
    token = await sato.token(first)
    take = TakeLease(conversation_id=first, seen_revision=await served.team.revision(first), terminal="t")
    refused = await ben.ask(take, KEY)
    assert isinstance(refused, Refused)
    assert isinstance(refused.refusal, LeaseHeld)
    await sato.ask(ReleaseLease(conversation_id=first, token=token, has_text=False))
    assert await ben.ask(take, KEY) == refused
    assert isinstance(await ben.ask(take, CommandKey("another")), Done)


async def test_a_key_used_for_another_command_is_refused_and_tells_nothing(served: Served) -> None:
    sato = await served.member("Sato")
    first = await served.team.arrives("<1@example.org>")
    await sato.ask(AddComment(conversation_id=first, comment_id=CommentId("c1"), text="秘密"), KEY)
    seq = served.house.desk.seq
    for other in (
        AddComment(conversation_id=first, comment_id=CommentId("c1"), text="別のこと"),
        SetStatus(conversation_id=first, status=StatusKey("done"), reason="x"),
    ):
        answer = await sato.ask(other, KEY)
        assert isinstance(answer, Refused)
        assert answer.refusal == Malformed("this key was used for another command")
    assert served.house.desk.seq == seq
    # The key still stands for the first one.
    assert isinstance(await sato.ask(AddComment(conversation_id=first, comment_id=CommentId("c1"), text="秘密"), KEY), Done)


async def test_a_colleagues_key_is_ones_own_fresh_key_and_never_their_answer(served: Served) -> None:
    sato, ben = await served.member("Sato"), await served.member("Ben")
    first = await served.team.arrives("<1@example.org>")
    theirs = await sato.ask(AddComment(conversation_id=first, comment_id=CommentId("c1"), text="佐藤です"), KEY)
    ours = await ben.ask(AddComment(conversation_id=first, comment_id=CommentId("c2"), text="ベンです"), KEY)
    assert isinstance(theirs, Done)
    assert isinstance(ours, Done)
    assert ours.as_of > theirs.as_of
    assert [part.by for part in ours.recorded] == ["ben"]


async def test_a_replayed_command_of_an_inbox_one_has_lost_tells_nothing(served: Served) -> None:
    ours = await served.team.arrives("<1@example.org>", inbox=SALES)
    theirs = await served.team.arrives("<2@example.org>", inbox=SUPPORT)
    ben = await served.member("Ben", inboxes=(SALES,))
    command = AddComment(conversation_id=ours, comment_id=CommentId("c1"), text="x")
    await ben.ask(command, KEY)
    elsewhere = msgspec.json.encode(CommandRequest(KEY, msgspec.structs.replace(command, conversation_id=theirs)))
    status, raw = await served.raw("POST", "/v1/commands", session=ben.session, body=elsewhere)
    assert (status, problem(raw)) == (403, "not_allowed")


async def test_a_reply_that_had_to_wait_comes_again_without_its_token_and_is_the_same(served: Served) -> None:
    sato = await served.member("Sato")
    first = await served.team.arrives("<1@example.org>")
    token = await sato.token(first)
    reply = reply_to(first, await served.team.revision(first), token)
    queued = await sato.ask(reply, KEY)
    assert isinstance(queued, Done)
    assert await sato.ask(msgspec.structs.replace(reply, token=None), KEY) == queued
    other = msgspec.structs.replace(reply, mime=reply.mime + b"and more\r\n")
    assert isinstance((await sato.ask(other, KEY)).refusal, Malformed)
    assert len(await served.house.desk.outbox()) == 1


async def test_a_command_of_a_foreign_epoch_is_not_even_decided(served: Served) -> None:
    sato = await served.member("Sato")
    first = await served.team.arrives("<1@example.org>")
    seq = served.house.desk.seq
    for epoch in (0, 2, -1, 2**40):
        body = msgspec.json.encode(CommandRequest(KEY, SetStatus(conversation_id=first, status=StatusKey("nonsense")), epoch=epoch))
        status, raw = await served.raw("POST", "/v1/commands", session=sato.session, body=body)
        assert (status, problem(raw)) == (409, "other_epoch")
    assert served.house.desk.seq == seq
    # Nothing was kept under the key.
    answer = await sato.client.command(CommandRequest(KEY, SetStatus(conversation_id=first, status=StatusKey("nonsense")), epoch=1))
    assert answer.refusal == UnknownStatus("nonsense")  # type: ignore[union-attr]
