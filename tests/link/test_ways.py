"""Whatever proxy stands between a terminal and its server, the terminal hears everything, in order, and is seen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import pytest_asyncio
from server_process import new_folder

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import EpochChanged, ServerAway, ServerBusy, SessionEnded
from mailsync.link.link import Link
from mailsync.link.stream_protocol import Events, Hello, Looking, Presence
from mailsync.link.ways import WayBlocked, Ways
from mailsync.server import stream as streams
from mailsync.server import streaming_http
from store.domain.ids import Seq
from store.local.store import LocalStore
from store.settings.secrets import Secret
from tests.link.web_proxy import WebProxy, proxy_before
from tests.server.server_house import Agent, Ear, Served, serving
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for

SOCKET, EVENTS, POLL = 0, 1, 2


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


@asynccontextmanager
async def through(proxy: WebProxy, agent: Agent) -> AsyncIterator[TeamClient]:
    async with TeamClient(ServerAddress.parse(proxy.url), Secret(agent.session)) as client:
        # Only where a proxy keeps the hello back is its time waited out.
        client._ways._hello_seconds = 1.0 if proxy.gathers else 30.0
        yield client


@asynccontextmanager
async def listening(client: TeamClient, since: int) -> AsyncIterator[Ear]:
    async with client.stream(Seq(since)) as stream:
        ear = Ear(stream)
        task = asyncio.create_task(ear.listen())
        try:
            yield ear
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    ("manner", "gathers", "way"),
    [("passes", False, SOCKET), ("refuses", False, EVENTS), ("strips", False, EVENTS), ("resets", False, EVENTS), ("refuses", True, POLL)],
)
async def test_the_best_way_that_gets_through_tells_everything_once_and_in_order(served: Served, manner: str, gathers: bool, way: int) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    first = await served.team.arrives("<1@example.org>")
    async with proxy_before(served.url, manner, gathers=gathers) as proxy, through(proxy, sato) as client:
        async with listening(client, 1) as ear:
            await wait_for(lambda: ear.heard, "the hello")
            assert client._ways.known_good == way
            for _ in range(5):
                await served.team.comment(tanaka.member, first)
            await wait_for(lambda: ear.recorded and ear.recorded[-1].seq == served.house.desk.seq, "the comments")
            # And the other way round: a colleague sees where this terminal is.
            async with listening(tanaka.client, served.house.desk.seq) as theirs:
                await ear.stream.send(Looking(first))
                await wait_for(lambda: shown(theirs, first, sato), "this terminal to be seen")
        # It resumes where it was, by the way that it knows.
        reached = ear.recorded[-1].seq
        await served.team.comment(tanaka.member, first)
        before = len(proxy.asked)
        async with listening(client, reached) as again:
            await wait_for(lambda: again.recorded, "the rest")
        assert [part.seq for part in (*ear.recorded, *again.recorded)] == list(range(2, served.house.desk.seq + 1))
        if way is not SOCKET:
            assert "/v1/stream" not in proxy.asked[before:]


def shown(ear: Ear, conversation_id: str, agent: Agent) -> bool:
    return any(
        one.conversation_id == conversation_id and one.member == agent.member.key
        for message in ear.heard
        if isinstance(message, Presence | Hello)
        for one in message.present
    )


async def test_a_terminal_behind_the_worst_proxy_works_like_any_other(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    first = await served.team.arrives("<1@example.org>")
    store = LocalStore.open(new_folder("home"))
    async with proxy_before(served.url, "refuses", gathers=True) as proxy, through(proxy, sato) as client:
        link = Link(client, store, TestClock(), "t")
        running = asyncio.create_task(link.run())
        await wait_for(lambda: link.state.connected, "the line")
        await served.team.comment(tanaka.member, first, "一つ目")
        await wait_for(lambda: [one.text for one in store.conversation(first).comments] == ["一つ目"], "a colleague's comment")
        proxy.cut()
        await served.team.comment(tanaka.member, first, "二つ目")
        await wait_for(lambda: len(store.conversation(first).comments) == 2, "what was said while the line was cut")
        await link.look_at(first)
        async with listening(tanaka.client, served.house.desk.seq) as theirs:
            await wait_for(lambda: shown(theirs, first, sato), "this terminal to be seen")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    store.close()


async def test_what_the_server_itself_says_is_no_reason_to_try_another_way(served: Served) -> None:
    sato = await served.member("Sato")
    async with proxy_before(served.url) as proxy:
        async with through(proxy, sato) as client:
            with pytest.raises(EpochChanged):
                async with client.stream(Seq(9999)):
                    pass
            client.session = Secret("wrong")
            with pytest.raises(SessionEnded):
                async with client.stream(Seq(0)):
                    pass
        assert proxy.asked == ["/v1/stream", "/v1/stream"]


async def test_a_server_that_is_away_is_away_by_every_way(served: Served) -> None:
    async with proxy_before("http://127.0.0.1:9") as proxy:
        url = proxy.url
    async with TeamClient(ServerAddress.parse(url)) as client:
        with pytest.raises(ServerAway) as caught:
            async with client.stream(Seq(0)):
                pass
        assert not isinstance(caught.value, WayBlocked)


async def test_the_best_way_is_tried_again_after_ten_minutes() -> None:
    now, tried = 1000.0, []

    def opening(name: str, *, blocked: bool):
        @asynccontextmanager
        async def open_(_since: Seq):
            tried.append(name)
            if blocked:
                raise WayBlocked("the server", "no")
            yield Words()

        return open_

    class Words:
        async def __aiter__(self):
            yield Events(())

        async def send(self, _message: object) -> None: ...

    ways = Ways(opening("best", blocked=True), opening("second", blocked=False), now=lambda: now)
    for _ in range(2):
        async with ways.open(Seq(0)):
            pass
    assert tried == ["best", "second", "second"]
    now += 601
    async with ways.open(Seq(0)):
        pass
    assert tried[3:] == ["best", "second"]


async def test_a_question_is_answered_at_once_when_somebody_moved_and_else_when_its_time_is_up(served: Served) -> None:
    sato = await served.member("Sato", inboxes=(SALES,))
    await served.team.arrives("<1@example.org>", inbox=SUPPORT)
    hello, *_team = await sato.client.poll(Seq(0))
    assert isinstance(hello, Hello)
    # Nothing of that was for Sato; the next question begins behind it all the same.
    assert hello.seq == served.house.desk.seq
    (again,) = await sato.client.poll(hello.seq, hello.presence, 0)
    assert (again.seq, again.presence) == (hello.seq, hello.presence)
    waiting = asyncio.create_task(sato.client.poll(hello.seq, hello.presence))
    await wait_for(lambda: served.house.hub.lines == 1, "the question")
    await served.team.arrives("<2@example.org>", inbox=SALES)
    told = await waiting
    assert [type(message).__name__ for message in told] == ["Hello", "Events"]
    assert told[0].seq == served.house.desk.seq
    assert served.house.hub.lines == 0


async def test_a_long_absence_is_told_in_pieces_without_a_gap(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming_http, "CATCH_UP_EVENTS", 2)
    monkeypatch.setattr(streaming_http, "CATCH_UP_PAGES", 2)
    sato = await served.member("Sato")
    for n in range(6):
        await served.team.arrives(f"<{n}@example.org>")
    since, heard = Seq(0), []
    while since < served.house.desk.seq:
        hello, *rest = await sato.client.poll(since, 0, 0)
        heard += [part.seq for message in rest if isinstance(message, Events) for part in message.recorded]
        since = hello.seq
    assert heard == list(range(1, served.house.desk.seq + 1))


async def test_a_quiet_stream_of_events_beats_so_that_no_proxy_cuts_it(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming_http, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(streaming_http.ServerSentEvents, "beat_seconds", 0.02)
    sato = await served.member("Sato")
    headers = {"Authorization": f"Bearer {sato.session}"}
    async with aiohttp.ClientSession(headers=headers) as http, http.get(f"{served.url}/v1/stream/events") as answer:
        assert answer.content_type == "text/event-stream"
        assert answer.headers["X-Accel-Buffering"] == "no"
        seen = b""
        while seen.count(b"\n:\n\n") < 2:
            seen += await answer.content.readany()
        assert seen.startswith(b'data: {"m":"hello"')
    await wait_for(lambda: served.house.hub.lines == 0, "the line to be given back")


async def test_a_plain_call_of_the_stream_is_told_that_it_needs_a_websocket(served: Served) -> None:
    sato = await served.member("Sato")
    status, raw = await served.raw("GET", "/v1/stream", session=sato.session)
    assert status == 426
    assert b"no_upgrade" in raw
    assert served.house.hub.lines == 0


async def test_one_session_has_so_many_streams_and_no_more(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_LINES", 3)
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    async with listening(sato.client, 0), listening(sato.client, 0), listening(sato.client, 0):
        with pytest.raises(ServerBusy):
            async with sato.client.stream(Seq(0)):
                pass
        with pytest.raises(ServerBusy):
            await sato.client.poll(Seq(0))
        async with listening(tanaka.client, 0) as ear:
            await wait_for(lambda: ear.heard, "a colleague's stream")
    await wait_for(lambda: served.house.hub.lines == 0, "the lines to be given back")
    async with listening(sato.client, 0) as ear:
        await wait_for(lambda: ear.heard, "a stream again")
