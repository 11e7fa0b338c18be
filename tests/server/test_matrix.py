"""Every call, command and event, as every role, in one's own inbox and in another's, and without a session; the table itself is the list."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import get_args

import aiohttp
import msgspec
import pytest
from server_process import new_folder

from mailsync.link.many_protocol import ManyAnswer
from mailsync.link.protocol import Answer, CommandRequest, Refused
from mailsync.server.authorise import RIGHTS, Right
from mailsync.server.calls import Endpoint
from mailsync.server.endpoints import ENDPOINTS
from mailsync.server.matrix import Hears, event_types, hears, rows
from mailsync.server.needs import COMMAND_NEEDS, GIVERS, Needs, command_types
from store.domain.commands import AnyCommand, ServerCommand
from store.domain.events import ConversationEvent, Recorded, TeamEvent
from store.domain.field_values import FieldOf
from store.domain.ids import CommandKey, ConversationId, InboxKey, MailingId, Seq
from store.domain.mailing import Mailing
from store.domain.mailing_commands import StartMailing
from store.domain.people import Role
from store.domain.refusals import Malformed, NotAllowed
from store.domain.sorting import SORTING
from store.team.journal import append
from store.team.values import Published
from tests.server.samples import AT, sample
from tests.server.server_child import ROOT
from tests.server.server_house import Agent, Ear, Served, problem, serving
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for


@asynccontextmanager
async def manned() -> AsyncIterator[tuple[Served, dict[Role, Agent]]]:
    """A server with one member of each role, all of the inbox `sales` only, but for the admin, who has every one."""
    async with serving(new_folder("desk"), TestClock()) as served:
        yield served, {role: await served.member(role, role, inboxes=() if role is Role.ADMIN else (SALES,)) for role in Role}


def path_of(endpoint: Endpoint, conversation_id: str, inbox: str) -> str:
    """Its path, about this conversation, inbox or its mailing, and about nobody and nothing else."""
    given = {"{conversation_id}": conversation_id, "{inbox}": inbox, "{mailing_id}": f"mailing-of-{inbox}"}
    return re.sub(r"\{\w+\}", lambda part: given.get(part[0], "nobody"), endpoint.path)


def about(conversation_id: str, inbox: str) -> dict[str, object]:
    """What a body names, where it names something."""
    return {"conversation_id": conversation_id, "inbox": inbox, "mailing_id": f"mailing-of-{inbox}"}


async def mailing_of(served: Served, agent: Agent, inbox: str) -> None:
    """A mailing that somebody has announced."""
    start = StartMailing(mailing_id=MailingId(f"mailing-of-{inbox}"), inbox=InboxKey(inbox), name="news", rows=1, per_minute=1)
    assert isinstance(await served.house.desk.mailings.move(agent.member, start), Mailing)


def has_every_inbox(agent: Agent) -> bool:
    return not agent.member.inboxes


def test_every_line_of_the_table_is_declared_and_nothing_else_is() -> None:
    assert set(COMMAND_NEEDS) == set(command_types()), "say in mailsync/server/needs.py who may give the new command"
    assert set(command_types()) & set(get_args(ServerCommand)) == set(), "what only the server says does not come over the wire"
    assert set(event_types()) == {*get_args(ConversationEvent), *get_args(TeamEvent)}
    assert set(GIVERS) == set(Needs)
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS), "two calls of one name"
    assert len(list(rows())) == len(ENDPOINTS) + len(command_types()) + len(event_types())


def test_the_page_and_the_typed_client_are_what_the_table_says() -> None:
    ran = subprocess.run([sys.executable, "scripts/api.py", "--check"], cwd=ROOT, env={**os.environ}, check=False)
    assert ran.returncode == 0, "run scripts/api.py"


async def test_every_call_is_open_to_the_roles_of_its_line_only() -> None:
    async with manned() as (served, members):
        theirs = await served.team.arrives("<1@example.org>", inbox=SUPPORT)
        ours = await served.team.arrives("<2@example.org>", inbox=SALES)
        for inbox in (SUPPORT, SALES):
            await mailing_of(served, members[Role.ADMIN], inbox)
        for endpoint in ENDPOINTS:
            if endpoint.name == "stream" or endpoint.media:
                continue  # they stay open; tried below
            for role, agent in members.items():
                body = msgspec.json.encode(sample(endpoint.body, about(ours, SALES))) if endpoint.body else None
                path = path_of(endpoint, ours, SALES)
                nobody, raw = await served.raw(endpoint.method, path, body=body)
                if endpoint.right is Right.ENTER:
                    continue
                assert (nobody, problem(raw)) == (401, "who_are_you"), endpoint.name
                status, _raw = await served.raw(endpoint.method, path, session=agent.session, body=body)
                assert (status == 403) is (endpoint.right not in RIGHTS[role]), (endpoint.name, role, status)
                assert status < 500, (endpoint.name, role)
                if endpoint.scoped and not has_every_inbox(agent):
                    elsewhere = path_of(endpoint, theirs, SUPPORT)
                    body = msgspec.json.encode(sample(endpoint.body, about(theirs, SUPPORT))) if endpoint.body else None
                    status, raw = await served.raw(endpoint.method, elsewhere, session=agent.session, body=body)
                    assert (status, problem(raw)) == (403, "not_allowed"), (endpoint.name, role)


async def command_answer(served: Served, agent: Agent | None, command: object, key: str) -> tuple[int, Answer | None]:
    body = msgspec.json.encode(CommandRequest(CommandKey(key), command))  # type: ignore[arg-type]
    status, raw = await served.raw("POST", "/v1/commands", session=agent.session if agent else None, body=body)
    return status, msgspec.json.decode(raw, type=Answer) if status == 200 else None


async def many_answer(served: Served, agent: Agent, command: object, key: str) -> Answer:
    body = msgspec.json.encode({"commands": [{"key": key, "command": command}]})
    status, raw = await served.raw("POST", "/v1/commands/many", session=agent.session, body=body)
    assert status == 200, raw
    (answer,) = msgspec.json.decode(raw, type=ManyAnswer).answers
    return answer


async def test_every_command_is_heard_from_the_roles_of_its_line_only() -> None:
    async with manned() as (served, members):
        theirs = await served.team.arrives("<1@example.org>", inbox=SUPPORT)
        ours = await served.team.arrives("<2@example.org>", inbox=SALES)
        for kind in command_types():
            about = hasattr(sample(kind, {}), "conversation_id")
            status, _ = await command_answer(served, None, sample(kind, {"conversation_id": ours}), "k")
            assert status == 401, kind
            for role, agent in members.items():
                # A revision and a status that are there: what is tried is the role, not the state.
                given = {
                    "conversation_id": ours,
                    "seen_revision": 1,
                    "status": "in_progress",
                    "reason": "because",
                    "member": agent.member.key,
                    "inbox": SALES,
                    "inboxes": (SALES,),
                    "belongs": FieldOf.MEMBER,
                    "of": agent.member.key,
                }
                status, answer = await command_answer(served, agent, sample(kind, given), f"{kind.__name__}-{role}")
                assert status == 200, (kind, role)
                # Whose comment it is, is no matter of the role.
                forbidden = isinstance(answer, Refused) and isinstance(answer.refusal, NotAllowed) and answer.refusal.needs != "author"
                assert forbidden is (role not in GIVERS[COMMAND_NEEDS[kind]]), (kind, role, answer)
                if kind in SORTING:
                    # The same key again, among many: the same answer. Anew, and elsewhere: the same right.
                    assert await many_answer(served, agent, sample(kind, given), f"{kind.__name__}-{role}") == answer, (kind, role)
                    anew = await many_answer(served, agent, sample(kind, given), f"{kind.__name__}-{role}-anew")
                    assert (isinstance(anew, Refused) and isinstance(anew.refusal, NotAllowed)) is forbidden, (kind, role, anew)
                    if not has_every_inbox(agent):
                        theirs_too = await many_answer(
                            served, agent, sample(kind, given | {"conversation_id": theirs}), f"{kind.__name__}-{role}-off"
                        )
                        assert isinstance(theirs_too, Refused), kind
                        assert theirs_too.refusal == NotAllowed("inbox"), (kind, role)
                if about and not has_every_inbox(agent):
                    status, _ = await command_answer(served, agent, sample(kind, {"conversation_id": theirs}), "elsewhere")
                    assert status == 403, (kind, role)


async def test_what_only_the_server_says_is_taken_from_nobody() -> None:
    async with manned() as (served, members):
        ours = await served.team.arrives("<2@example.org>", inbox=SALES)
        for kind in get_args(ServerCommand):
            for agent in members.values():
                body = msgspec.json.encode({"key": "k", "command": msgspec.to_builtins(sample(kind, {"conversation_id": ours}))})
                status, raw = await served.raw("POST", "/v1/commands", session=agent.session, body=body)
                assert (status, problem(raw)) == (400, "malformed"), kind
                # And past the door, by a mistake of ours, the rules say no themselves.
                outcome = await served.house.desk.execute(agent.member, None, sample(kind, {"conversation_id": ours, "inbox": SALES}))
                assert isinstance(outcome.refusal, Malformed), kind  # type: ignore[union-attr]
        assert set(get_args(AnyCommand)) == {
            *get_args(ServerCommand),
            *(one for one in command_types() if hasattr(sample(one, {}), "conversation_id")),
        }


async def test_every_event_is_told_in_its_inbox_only_whatever_the_role() -> None:
    async with manned() as (served, members):
        ends = {}
        for inbox in (SUPPORT, SALES):
            for kind in event_types():
                event, about_team = sample(kind, {}), hears(kind) is Hears.TEAM
                where = None if about_team else ConversationId(f"c-{inbox}")
                work = partial(write, event=event, where=where, inbox=None if about_team else inbox)
                await served.house.desk.ledger.write_plain(work)
                ends[inbox, kind] = where
        everything = {(where, kind.__name__) for (_inbox, kind), where in ends.items()}
        ours = {(where, kind.__name__) for (inbox, kind), where in ends.items() if inbox == SALES or where is None}
        for role, agent in members.items():
            told = everything if has_every_inbox(agent) else ours
            heard = (await agent.client.events(Seq(0), 5000)).recorded
            seen = {(part.conversation_id, type(part.event).__name__) for part in heard if part.at == AT}
            assert seen == told, role
        async with aiohttp.ClientSession() as http:
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await http.ws_connect(f"{served.url}/v1/stream?since=0")
        assert caught.value.status == 401


def write(connection, *, event, where, inbox) -> None:
    append(connection, AT, "-server", [event], where, inbox)


async def test_the_stream_tells_every_event_in_its_inbox_only_whatever_the_role() -> None:
    async with manned() as (served, members), AsyncExitStack() as stack:
        ears = {}
        for role, agent in members.items():
            ears[role] = Ear(await stack.enter_async_context(agent.client.stream(served.house.desk.seq)))
            task = asyncio.create_task(ears[role].listen())
            stack.callback(task.cancel)
        await wait_for(lambda: served.house.hub.lines == len(Role), "every role's line")
        expected, everything = set(), set()
        seq = served.house.desk.seq
        for inbox in (SUPPORT, SALES):
            for kind in event_types():
                if kind.__name__ == "MemberChanged":
                    continue  # it may cut a line; `test_stream` tries that
                seq = Seq(seq + 1)
                about_team = hears(kind) is Hears.TEAM
                where = None if about_team else ConversationId(f"c-{inbox}")
                recorded = Recorded(seq, AT, "-server", where, sample(kind, {}))
                served.house.hub._hear(Published(None if about_team else inbox, (recorded,)))
                everything.add((where, kind.__name__))
                if about_team or inbox == SALES:
                    expected.add((where, kind.__name__))
        served.house.hub.flush()
        for role, ear in ears.items():
            await wait_for(lambda ear=ear: ear.recorded, f"the events for {role}")
            told = everything if has_every_inbox(members[role]) else expected
            assert {(part.conversation_id, type(part.event).__name__) for part in ear.recorded} == told, role
