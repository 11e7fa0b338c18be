"""kill -9 of the server at any moment: what was acknowledged is there, and the same key gets the same answer."""

import asyncio
import random
from pathlib import Path

import pytest
from server_process import new_folder

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import ServerAway
from mailsync.link.protocol import Answer, CommandRequest, Done
from store.clock import SystemClock
from store.domain.commands import AddComment, TakeLease
from store.domain.events import CommentAdded
from store.domain.ids import CommandKey, CommentId, ConversationId, Seq
from store.errors import MadoError
from store.team.desk import TeamDesk
from tests.server.server_child import Child
from tests.team.team_house import Team, TestClock
from tests.waiting import wait_for

KILLS = 8
ANSWERS_PER_KILL = 30
CALLERS = 8
SEED = 20261124


async def seeded(home: Path) -> list[ConversationId]:
    desk = TeamDesk(home / "team.db", SystemClock())
    ids = [await Team(desk, TestClock()).arrives(f"<{n}@example.org>") for n in range(5)]
    await desk.close()
    return ids


class Callers:
    """Colleagues who keep commenting, and remember what they were told."""

    def __init__(self, ids: list[ConversationId]) -> None:
        self.ids = ids
        self.told: dict[CommandKey, Answer] = {}
        self.unsure: dict[CommandKey, CommandRequest] = {}
        self.asked: dict[CommandKey, CommandRequest] = {}
        self._count = 0

    def request(self) -> CommandRequest:
        self._count += 1
        key = CommandKey(f"k{self._count:06}")
        where = self.ids[self._count % len(self.ids)]
        return CommandRequest(key, AddComment(conversation_id=where, comment_id=CommentId(key), text=f"コメント {key}"))

    async def ask(self, client: TeamClient, request: CommandRequest) -> None:
        self.asked[request.key] = self.unsure[request.key] = request
        answer = await client.command(request)
        assert self.told.setdefault(request.key, answer) == answer, "another answer to the same key"
        del self.unsure[request.key]

    async def work(self, client: TeamClient) -> None:
        """Until the server is gone."""
        with_luck = True
        while with_luck:
            try:
                await self.ask(client, self.request())
            except MadoError:
                with_luck = False


def client_of(home: Path) -> TeamClient:
    return TeamClient(ServerAddress("unix", path=str(home / "desk.sock")))


async def test_a_server_killed_at_any_moment_forgets_nothing_it_acknowledged() -> None:
    home, rng = new_folder("kill"), random.Random(SEED)
    callers = Callers(await seeded(home))
    for _ in range(KILLS):
        child = await asyncio.to_thread(Child, home)
        async with client_of(home) as client:
            # What was cut off last time is asked again with its key, and some of what was answered.
            for request in [
                *callers.unsure.values(),
                *rng.sample(sorted(callers.asked.values(), key=lambda one: one.key), min(10, len(callers.asked))),
            ]:
                await callers.ask(client, request)
            # So many answers later, not so many seconds: a slow machine answers as much between two kills as a quick one.
            enough = len(callers.told) + rng.randint(0, 2 * ANSWERS_PER_KILL)
            tasks = [asyncio.create_task(callers.work(client)) for _ in range(CALLERS)]
            await wait_for(lambda enough=enough: len(callers.told) >= enough, "some answers")
            await asyncio.to_thread(child.kill)
            await asyncio.gather(*tasks)
    child = await asyncio.to_thread(Child, home)
    async with client_of(home) as client:
        for request in list(callers.unsure.values()):
            await callers.ask(client, request)
        journal, since = [], Seq(0)
        while page := (await client.events(since, limit=1000)).recorded:
            journal.extend(page)
            since = page[-1].seq
    assert await asyncio.to_thread(child.stop) == 0
    assert [part.seq for part in journal] == list(range(1, len(journal) + 1))
    commented = [part.command_key for part in journal if isinstance(part.event, CommentAdded)]
    assert sorted(commented) == sorted(callers.told), "a comment is missing, or there twice"
    assert all(isinstance(answer, Done) for answer in callers.told.values())
    assert len(callers.told) > KILLS * CALLERS


async def test_a_lease_and_its_token_outlive_a_kill() -> None:
    home = new_folder("kill")
    (conversation_id, *_others) = await seeded(home)
    child = await asyncio.to_thread(Child, home)
    async with client_of(home) as client:
        take = TakeLease(conversation_id=conversation_id, seen_revision=2, terminal="t")
        answer = await client.command(CommandRequest(CommandKey("k"), take))
        assert isinstance(answer, Done)
        await asyncio.to_thread(child.kill)
        with pytest.raises(ServerAway):
            await client.me()
    child = await asyncio.to_thread(Child, home)
    async with client_of(home) as client:
        assert await client.command(CommandRequest(CommandKey("k"), take)) == answer
        (state,) = [one for one in (await client.snapshot()).conversations if one.id == conversation_id]
        assert state.lease is not None
        assert (state.lease.by, state.lease.token.n) == ((await client.me()).member.key, 1)
    await asyncio.to_thread(child.stop)
