"""No call works without knowing who calls: every endpoint of the table, tried by everybody who must not."""

import json
import re

import pytest

from mailsync.link.errors import ServerForbids
from mailsync.link.protocol import Done, Refused
from mailsync.server.authorise import RIGHTS, Right
from mailsync.server.calls import Endpoint
from mailsync.server.endpoints import ENDPOINTS
from store.domain.commands import AddComment, SetStatus, TakeLease
from store.domain.ids import CommandKey, CommentId
from store.domain.people import Role
from store.domain.refusals import NotAllowed
from store.domain.status import NO_REPLY
from tests.server.server_house import Served, problem
from tests.team.team_house import SALES, SUPPORT

KNOWN_CALLS = [endpoint for endpoint in ENDPOINTS if endpoint.right is not Right.ENTER]


def named(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def filled(endpoint: Endpoint, conversation_id: str = "c") -> str:
    given = {"conversation_id": conversation_id, "key": "sato", "inbox": "support", "session_id": "0123", "sha256": "0" * 64}
    return re.sub(r"\{(\w+)\}", lambda name: given.get(name[1], "x1"), endpoint.path)


async def test_a_stranger_gets_nowhere(served: Served) -> None:
    for endpoint in KNOWN_CALLS:
        for session in (None, "", "wrong", "x" * 5000, "ünïcödé"):
            status, raw = await served.raw(endpoint.method, filled(endpoint), session=session, body=b"{}")
            assert (status, problem(raw)) == (401, "who_are_you"), named(endpoint)


async def test_a_wrong_token_is_never_better_than_none(served: Served) -> None:
    for endpoint in ENDPOINTS:
        status, _raw = await served.raw(endpoint.method, filled(endpoint), session="wrong", body=b"{}")
        assert status == 401, named(endpoint)


async def test_a_member_who_was_ended_is_a_stranger(served: Served) -> None:
    sato = await served.member("Sato")
    await served.admin.deactivate(sato.member.key)
    for endpoint in KNOWN_CALLS:
        status, _raw = await served.raw(endpoint.method, filled(endpoint), session=sato.session, body=b"{}")
        assert status == 401, named(endpoint)


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_without_the_right_is_told_so_and_one_with_it_is_not(served: Served, role: Role) -> None:
    who = await served.member("Someone", role)
    for endpoint in KNOWN_CALLS:
        status, _raw = await served.raw(endpoint.method, filled(endpoint), session=who.session, body=b"not json")
        assert (status == 403) is (endpoint.right not in RIGHTS[role]), named(endpoint)
        assert status != 401, named(endpoint)


@pytest.mark.parametrize("unbound_uid", [424242])
async def test_a_unix_account_nobody_knows_is_a_stranger(served: Served, unbound_uid: int) -> None:
    # The table of uids is the same for root: uid 0 is nobody special.
    await served.house.desk.ask(lambda _connection: None)
    from store.team import statements as s
    from store.team.rows import run

    def rebind(connection):
        run(connection, s.SET_UNIX_UID, which="boss", unix_uid=unbound_uid)

    await served.house.desk.ledger.write_plain(rebind)
    with pytest.raises(Exception, match="session") as caught:
        await served.admin.me()
    assert type(caught.value).__name__ == "SessionEnded"


async def test_a_guest_reads_and_comments_and_nothing_else(served: Served) -> None:
    guest = await served.member("Guest", Role.GUEST)
    conversation_id = await served.team.arrives("<1@example.org>")
    assert (await guest.client.snapshot()).conversations
    comment = AddComment(conversation_id=conversation_id, comment_id=CommentId("c1"), text="見ました")
    assert isinstance(await guest.ask(comment), Done)
    for command in (
        TakeLease(conversation_id=conversation_id, seen_revision=await served.team.revision(conversation_id), terminal="t"),
        SetStatus(conversation_id=conversation_id, status=NO_REPLY, reason="x"),
    ):
        answer = await guest.ask(command)
        assert isinstance(answer, Refused)
        assert isinstance(answer.refusal, NotAllowed)


async def test_a_member_of_one_inbox_neither_sees_nor_touches_the_others(served: Served) -> None:
    sato = await served.member("Sato", inboxes=(SALES,))
    theirs = await served.team.arrives("<1@example.org>", inbox=SUPPORT)
    ours = await served.team.arrives("<2@example.org>", inbox=SALES)
    assert [state.id for state in (await sato.client.snapshot()).conversations] == [ours]
    seen = {part.conversation_id for part in (await sato.client.events(0)).recorded}
    assert theirs not in seen
    assert ours in seen
    with pytest.raises(ServerForbids):
        await sato.ask(AddComment(conversation_id=theirs, comment_id=CommentId("c1"), text="x"))
    with pytest.raises(ServerForbids):
        # By its number as well.
        await sato.ask(AddComment(conversation_id="#1", comment_id=CommentId("c1"), text="x"))
    with pytest.raises(ServerForbids):
        await sato.client.hint(SUPPORT)
    assert (await sato.client.me()).inboxes == (SALES,)


async def test_nobody_may_speak_as_the_server(served: Served) -> None:
    sato = await served.member("Sato")
    body = {"key": "k", "command": {"type": "LapseLease", "conversation_id": "c", "token": {"epoch": 1, "n": 1}, "has_text": False}}
    status, raw = await served.raw("POST", "/v1/commands", session=sato.session, body=json.dumps(body).encode())
    assert (status, problem(raw)) == (400, "malformed")


async def test_the_key_of_a_command_is_bound_to_its_giver(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    comment = AddComment(conversation_id=conversation_id, comment_id=CommentId("c1"), text="x")
    first = await sato.ask(comment, CommandKey("k"))
    assert await sato.ask(comment, CommandKey("k")) == first
    assert await tanaka.ask(comment, CommandKey("k")) != first
