"""Several servers on one PostgreSQL are one house to whoever works in it: agents see each other across them, and who is out is out at all."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest
import pytest_asyncio
from start_postgres import Postgres

from mailsync.link.client import TeamClient
from mailsync.link.errors import SessionEnded
from mailsync.link.protocol import DraftBody, MarksSaid, PulseRequest
from mailsync.link.stream_protocol import Goodbye, Looking, Marks, Present
from mailsync.server.neighbours import MayBeMail, Neighbours
from mailsync.server.presence import Presence
from store.clock import SystemClock
from store.domain.ids import ConversationId, InboxKey, MemberKey, Revision, Seq
from store.domain.read_marks import ReadMark
from store.postgres.connection import Connection
from store.settings.secrets import Secret
from store.team.desk import TeamDesk
from tests.server.server_house import Ear
from tests.server.test_stream import last_presence
from tests.server.test_taking_over import Server
from tests.team.team_house import SUPPORT, Team, TestClock
from tests.waiting import wait_for

NO_INBOXES = '[server]\nname = "two"\n'


class Two:
    """Two real servers, Sato at the first and Tanaka at the second."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.desk = TeamDesk(url, SystemClock())
        self.team = Team(self.desk, TestClock())
        self.sessions: dict[str, str] = {}

    async def start(self) -> None:
        for name in ("Sato", "Tanaka"):
            invited = await self.desk.people.add(name, by=MemberKey("boss"))
            self.sessions[name] = (await self.desk.people.join(invited.secret, "t")).session
        self.first = await asyncio.to_thread(Server, self.url, NO_INBOXES)
        self.second = await asyncio.to_thread(Server, self.url, NO_INBOXES)

    def client(self, at: Server, name: str) -> TeamClient:
        return TeamClient(at.client().address, Secret(self.sessions[name]))

    async def close(self) -> None:
        for server in (self.first, self.second):
            server.end()
        await self.desk.close()


@pytest_asyncio.fixture
async def two(postgres: Postgres) -> AsyncIterator[Two]:
    made = await asyncio.to_thread(Two, postgres.new_url())
    await made.start()
    yield made
    await made.close()


@asynccontextmanager
async def at_work(two: Two, at: Server, name: str) -> AsyncIterator[Ear]:
    async with two.client(at, name) as client, client.stream(Seq(0)) as stream:
        ear = Ear(stream)
        task = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        try:
            yield ear
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def seen(ear: Ear, conversation_id: ConversationId) -> list[tuple[str, bool]]:
    present: tuple[Present, ...] = last_presence(ear, conversation_id) or ()
    return [(one.member, one.writing) for one in present]


async def test_agents_at_two_servers_see_each_other_look_and_write(two: Two, record_property: Callable[[str, object], None]) -> None:
    conversation_id = await two.team.arrives("<1@example.org>")
    tanaka = two.desk.people.member(MemberKey("tanaka"))
    assert tanaka is not None
    async with at_work(two, two.first, "Sato") as sato, at_work(two, two.second, "Tanaka") as theirs:
        began = time.monotonic()
        await theirs.stream.send(Looking(conversation_id))
        await wait_for(lambda: seen(sato, conversation_id) == [("tanaka", False)], "Sato to see Tanaka look")
        looked = time.monotonic() - began
        began = time.monotonic()
        # By the journal alone: the desk of this test is a third server.
        token = await two.team.take(tanaka, conversation_id)
        await wait_for(lambda: seen(sato, conversation_id) == [("tanaka", True)], "Sato to see Tanaka write")
        record_property("played", f"seen at the other server: looking after {looked:.3f} s, writing after {time.monotonic() - began:.3f} s")
        async with two.client(two.second, "Tanaka") as client:
            assert (await client.pulse(PulseRequest(conversation_id, token, typed=True))).held
        await theirs.stream.send(Looking(None))
        await sato.stream.send(Looking(conversation_id))
        await wait_for(lambda: seen(theirs, conversation_id) == [("sato", False), ("tanaka", True)], "Tanaka to see Sato look")


async def test_a_server_that_stops_takes_its_agents_looks_along(two: Two) -> None:
    conversation_id = await two.team.arrives("<1@example.org>")
    async with at_work(two, two.first, "Sato") as sato, at_work(two, two.second, "Tanaka") as theirs:
        await theirs.stream.send(Looking(conversation_id))
        await wait_for(lambda: seen(sato, conversation_id), "Sato to see Tanaka")
        two.second.send(signal.SIGTERM)
        await wait_for(lambda: not seen(sato, conversation_id), "Tanaka to be gone")


async def test_who_is_deactivated_at_one_server_is_out_at_the_other(two: Two, record_property: Callable[[str, object], None]) -> None:
    async with at_work(two, two.second, "Tanaka") as theirs, two.first.client() as boss:
        began = time.monotonic()
        await boss.deactivate(MemberKey("tanaka"))
        await wait_for(lambda: any(isinstance(said, Goodbye) for said in theirs.heard), "the goodbye")
        record_property("played", f"cut at the other server after {time.monotonic() - began:.3f} s")
        assert theirs.heard[-1] == Goodbye("access_ended")
        async with two.client(two.second, "Tanaka") as client:
            with pytest.raises(SessionEnded):
                await client.me()


async def test_a_draft_kept_at_one_server_is_there_at_the_other(two: Two) -> None:
    conversation_id = await two.team.arrives("<1@example.org>")
    async with two.client(two.first, "Sato") as here, two.client(two.second, "Sato") as there:
        draft = DraftBody(conversation_id, SystemClock().now(), msgspec.Raw('{"text":"下書き"}'.encode()))
        await here.save_draft(conversation_id, draft)
        assert [(one.conversation_id, bytes(one.draft)) for one in await there.drafts()] == [(conversation_id, bytes(draft.draft))]


async def test_what_a_member_reads_at_one_server_their_terminal_at_the_other_hears(two: Two) -> None:
    conversation_id = await two.team.arrives("<1@example.org>")
    async with at_work(two, two.second, "Sato") as theirs, two.client(two.first, "Sato") as here, two.client(two.second, "Sato") as there:
        mark = ReadMark(conversation_id, Revision(2), SystemClock().now() - timedelta(seconds=1))
        n = (await here.exchange_marks(MarksSaid(two.desk.epoch, (mark,)))).n
        await wait_for(lambda: Marks(n) in theirs.heard, "the word at the other server")
        assert (await there.exchange_marks(MarksSaid(two.desk.epoch))).marks == (mark,)


# In one process, where time can be moved and words lost

PROBE = InboxKey("probe")


class Heard:
    """One server's presence, and the inboxes it was asked to look at."""

    def __init__(self, desk: TeamDesk, clock: TestClock) -> None:
        self.desk = desk
        self.presence = Presence(desk, clock)
        self.looked: list[InboxKey] = []
        self.hears = False
        self.neighbours = Neighbours(desk, self.presence, self.presence.changes, self._look)
        self.tasks = [asyncio.create_task(desk.follow()), asyncio.create_task(self.neighbours.run())]

    async def listens(self) -> None:
        """Wait for it: a word said before is lost."""

        def hears() -> bool:
            self.desk.say(msgspec.json.encode(MayBeMail("the test", PROBE)).decode())
            return self.hears

        await wait_for(hears, "the server to listen")

    def _look(self, inbox: InboxKey) -> None:
        if inbox == PROBE:
            self.hears = True
        else:
            self.looked.append(inbox)

    def who(self) -> list[MemberKey]:
        self.presence.changes()
        return [one.present.member for one in self.presence.everybody()]

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.desk.close()


@pytest_asyncio.fixture
async def pair(postgres: Postgres, clock: TestClock) -> AsyncIterator[tuple[Heard, Heard]]:
    url = postgres.new_url()
    desks = [await asyncio.to_thread(TeamDesk, url, clock) for _ in range(2)]
    made = (Heard(desks[0], clock), Heard(desks[1], clock))
    for one in made:
        await one.listens()
    yield made
    for one in made:
        await one.close()


SATO = MemberKey("sato")
HERE = ConversationId("c1")


async def test_a_hint_of_new_mail_reaches_whoever_watches_the_inbox(pair: tuple[Heard, Heard]) -> None:
    pair[1].neighbours.hint(SUPPORT)
    await wait_for(lambda: pair[0].looked, "the hint at the other server")
    assert pair[0].looked == [SUPPORT]
    assert pair[1].looked == [SUPPORT], "here once, not again by our own word"


async def test_a_look_of_a_server_that_died_without_a_word_is_gone_after_45_seconds(pair: tuple[Heard, Heard], clock: TestClock) -> None:
    ours, theirs = pair
    theirs.presence.looking(1, SATO, HERE, SUPPORT)
    await wait_for(lambda: ours.who() == [SATO], "Sato at the other server")
    theirs.tasks[1].cancel()
    clock.move(timedelta(seconds=44))
    ours.presence.tick()
    assert ours.who() == [SATO]
    clock.move(timedelta(seconds=1))
    ours.presence.tick()
    assert ours.who() == []


async def test_words_lost_while_the_line_was_down_are_said_again(pair: tuple[Heard, Heard], postgres: Postgres) -> None:
    ours, theirs = pair
    theirs.presence.looking(1, SATO, HERE, SUPPORT)
    await wait_for(lambda: ours.who() == [SATO], "Sato at the other server")
    ours.presence.elsewhere(theirs.neighbours._name, {1: None})
    assert ours.who() == []
    await asyncio.to_thread(hang_up_listeners, ours.desk.ledger.database._url)
    await wait_for(lambda: ours.who() == [SATO], "everything to be said again")


def hang_up_listeners(url: str) -> None:
    connection = Connection(url)
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
    connection.settle()
    connection.close()


async def test_a_word_nobody_knows_is_no_ones_end(pair: tuple[Heard, Heard]) -> None:
    for word in ("", "{", '{"w":"of a later version","server":"x"}', '{"w":"where","server":"x","looks":{"a":1}}'):
        pair[0].desk.say(word)
    with pytest.raises(ValueError, match="too long"):
        pair[0].desk.say("x" * 8000)
    pair[1].neighbours.hint(SUPPORT)
    await wait_for(lambda: pair[0].looked == [SUPPORT], "the hint behind them")


async def test_many_looks_go_in_several_words(pair: tuple[Heard, Heard]) -> None:
    for n in range(250):
        pair[1].presence.looking(n, MemberKey(f"member{n}"), ConversationId(f"c{n}"), SUPPORT)
    await wait_for(lambda: len(pair[0].who()) == 250, "all of them")


def test_a_file_of_one_server_keeps_no_news_for_others(tmp_path, clock: TestClock) -> None:
    desk = TeamDesk(tmp_path / "team.db", clock)
    presence = Presence(desk, clock)
    presence.looking(1, SATO, HERE, SUPPORT)
    assert presence.here().keys() == {1}
    assert presence.news() == {}
    desk.ledger.database.close()
