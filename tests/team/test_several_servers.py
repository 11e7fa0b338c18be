"""Several servers on one PostgreSQL: one journal, one answer to a key, one lease, and everybody hears of everything in order."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from start_postgres import Postgres

from store.domain.commands import AddComment, TakeLease
from store.domain.evolve import fold
from store.domain.ids import CommandKey, CommentId, ConversationId
from store.domain.refusals import LeaseHeld
from store.team.desk import TeamDesk
from store.team.values import Executed, Published, Rejected
from tests.team.team_house import Team, TestClock
from tests.waiting import wait_for

SERVERS = 3


class Servers:
    """Several desks, and what each told of."""

    def __init__(self, desks: list[TeamDesk], clock: TestClock, url: str) -> None:
        self.teams = [Team(desk, clock, url) for desk in desks]
        self.desks = desks
        self.heard: list[list[Published]] = [[] for _ in desks]
        self._following = []
        for desk, heard in zip(desks, self.heard, strict=True):
            desk.subscribe(heard.append)
            self._following.append(asyncio.create_task(desk.follow()))

    def seqs(self, server: int) -> list[int]:
        return [part.seq for published in self.heard[server] for part in published.recorded]

    async def close(self) -> None:
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        for desk in self.desks:
            await desk.close()


@pytest_asyncio.fixture
async def servers(postgres: Postgres, clock: TestClock) -> AsyncIterator[Servers]:
    url = postgres.new_url()
    # At once, on an empty database: each finds the tables, or makes them.
    desks = await asyncio.gather(*(asyncio.to_thread(TeamDesk, url, clock) for _ in range(SERVERS)))
    made = Servers(list(desks), clock, url)
    yield made
    await made.close()


async def test_every_server_tells_of_everything_once_in_order_and_without_a_gap(servers: Servers) -> None:
    sato = await servers.teams[0].member("Sato")
    ids = [await servers.teams[0].arrives(f"<{n}@example.org>") for n in range(5)]

    async def comment(server: int, n: int) -> None:
        key = CommandKey(f"{server}-{n}")
        command = AddComment(conversation_id=ids[n % 5], comment_id=CommentId(key), text="見ました")
        outcome = await servers.desks[server].execute(sato, key, command)
        assert isinstance(outcome, Executed)
        # Whoever got an answer is not told less than it says.
        assert servers.desks[server].seq >= outcome.as_of

    await asyncio.gather(*(comment(server, n) for server in range(SERVERS) for n in range(60)))
    last = max(desk.seq for desk in servers.desks)
    for server in range(SERVERS):
        await wait_for(lambda server=server: servers.desks[server].seq == last, "every server to have heard")
        assert servers.seqs(server) == list(range(1, last + 1))
    for conversation_id in ids:
        for desk in servers.desks:
            assert await desk.state(conversation_id) == fold(conversation_id, await desk.timeline(conversation_id))


async def test_the_same_key_at_every_server_at_once_is_one_command(servers: Servers) -> None:
    sato = await servers.teams[0].member("Sato")
    conversation_id = await servers.teams[0].arrives("<1@example.org>")
    command = AddComment(conversation_id=conversation_id, comment_id=CommentId("c"), text="一度だけ")
    answers = await asyncio.gather(*(desk.execute(sato, CommandKey("once"), command) for desk in servers.desks for _ in range(4)))
    assert len({answer.as_of for answer in answers}) == 1
    state = await servers.desks[1].state(conversation_id)
    assert state is not None
    assert [comment.text for comment in state.comments] == ["一度だけ"]


async def test_of_those_who_take_a_conversation_at_different_servers_one_gets_it(servers: Servers) -> None:
    members = [await servers.teams[0].member(name) for name in ("Sato", "Tanaka", "Suzuki")]
    conversation_id = await servers.teams[0].arrives("<1@example.org>")
    revision = await servers.teams[0].revision(conversation_id)
    take = TakeLease(conversation_id=conversation_id, seen_revision=revision, terminal="t")
    answers = await asyncio.gather(*(desk.execute(member, CommandKey(member.key), take) for desk, member in zip(servers.desks, members, strict=True)))
    assert sum(isinstance(answer, Executed) for answer in answers) == 1
    assert all(isinstance(answer.refusal, LeaseHeld) for answer in answers if isinstance(answer, Rejected))


async def test_a_pulse_at_one_server_keeps_the_lease_at_all(servers: Servers, clock: TestClock) -> None:
    sato, tanaka = await servers.teams[0].member("Sato"), await servers.teams[0].member("Tanaka")
    conversation_id = await servers.teams[0].arrives("<1@example.org>")
    token = await servers.teams[0].take(sato, conversation_id)
    for _ in range(4):
        clock.move(timedelta(seconds=60))
        # At the second server, which may not even have heard of the lease yet.
        assert await servers.desks[1].touch_pulse(sato.key, conversation_id, token, typed=True)
    take = TakeLease(conversation_id=conversation_id, seen_revision=await servers.teams[2].revision(conversation_id), terminal="t")
    refused = await servers.desks[2].execute(tanaka, CommandKey("k"), take)
    assert isinstance(refused, Rejected)
    assert isinstance(refused.refusal, LeaseHeld)
    await wait_for(
        lambda: (held := servers.desks[2].lease_of(conversation_id)) and held.pulse and held.pulse.renewed_at == clock.now(),
        "the third server to know the pulse",
    )


async def test_a_member_ended_at_one_server_is_nobody_at_the_next_command_of_another(servers: Servers) -> None:
    await servers.desks[0].people.first_admin("boss", 1000)
    sato = await servers.teams[0].member("Sato")
    await wait_for(lambda: servers.desks[1].people.member(sato.key), "the second server to know Sato")
    await servers.desks[0].people.deactivate(sato.key, sato.key)
    await wait_for(lambda: not servers.desks[1].people.member(sato.key).active, "the second server to know that Sato is gone")


async def test_a_new_signing_key_is_used_at_every_server(servers: Servers) -> None:
    await servers.teams[1].arrives("<1@example.org>")
    await servers.desks[0].change_reply_key()
    first = await servers.desks[0].state(await servers.teams[0].arrives("<2@example.org>"))
    second = await servers.desks[1].state(await servers.teams[1].arrives("<2@example.org>", references=()))
    assert first is not None
    assert second is not None
    assert first.reply_token == second.reply_token


async def test_servers_that_start_while_others_work_neither_fail_nor_make_them_fail(servers: Servers, clock: TestClock) -> None:
    team = servers.teams[0]
    sato = await team.member("Sato")
    ids = [await team.arrives(f"<{n}@example.org>") for n in range(4)]
    tokens = [await team.take(sato, conversation_id) for conversation_id in ids]
    done = False

    async def work(server: int) -> int:
        n = 0
        while not done:
            n += 1
            key = CommandKey(f"{server}-{n}")
            command = AddComment(conversation_id=ids[n % 4], comment_id=CommentId(key), text="見ました")
            assert isinstance(await servers.desks[server].execute(sato, key, command), Executed)
            # A start renews the leases of those whose servers were all away: the same rows.
            assert await servers.desks[server].touch_pulse(sato.key, ids[n % 4], tokens[n % 4], typed=True)
        return n

    working = [asyncio.create_task(work(server)) for server in range(SERVERS)]
    for _ in range(8):
        starting = await asyncio.gather(*(asyncio.to_thread(TeamDesk, team.place, clock) for _ in range(2)))
        for desk in starting:
            # Each start also writes: a new key moves the counter that others remember the team by.
            await desk.change_reply_key()
            await desk.close()
    done = True
    assert sum(await asyncio.gather(*working)) > SERVERS
    for conversation_id in ids:
        assert await servers.desks[0].state(conversation_id) == fold(conversation_id, await servers.desks[0].timeline(conversation_id))


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_a_database_that_goes_away_for_a_moment_is_no_ones_error(postgres: Postgres, clock: TestClock, how: str) -> None:
    own = Postgres()
    try:
        desk = await asyncio.to_thread(TeamDesk, own.new_url(), clock)
        team = Team(desk, clock)
        sato = await team.member("Sato")
        conversation_id = await team.arrives("<1@example.org>")
        working = [asyncio.create_task(team.comment(sato, conversation_id, f"{n}")) for n in range(50)]
        await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(own.stop if how == "stopped" else own.kill)
        working += [asyncio.create_task(team.comment(sato, conversation_id, f"{n}")) for n in range(50, 60)]
        reading = asyncio.create_task(desk.timeline(conversation_id))
        await asyncio.to_thread(own.start)
        outcomes = await asyncio.gather(*working)
        assert all(isinstance(outcome, Executed) for outcome in outcomes)
        await reading
        state = await desk.state(conversation_id)
        assert state is not None
        assert sorted(int(comment.text) for comment in state.comments) == list(range(60))
        await desk.close()
    finally:
        own.close()


def test_a_very_long_name_or_one_with_a_nul_is_found_again(postgres: Postgres, clock: TestClock) -> None:
    async def work() -> None:
        desk = TeamDesk(postgres.new_url(), clock)
        team = Team(desk, clock)
        for name in ("<" + "x" * 9000 + "@example.org>", "<nul\0@example.org>"):
            first = await team.arrives(name)
            assert await team.arrives(name) == first
            assert await desk.resolve(ConversationId(first)) == first
        await desk.close()

    asyncio.run(work())
