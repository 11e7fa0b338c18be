"""Everybody hears of everything, from where they left off; who cannot keep up, or is out, is told goodbye."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import msgspec
import pytest
from server_process import new_folder

from mailsync.link.backoff import Backoff
from mailsync.link.errors import EpochChanged
from mailsync.link.protocol import PulseRequest
from mailsync.link.stream_protocol import Goodbye, Hello, Looking, Presence, Present, Pulled, PullNow
from mailsync.server import stream as streams
from mailsync.server import streaming
from mailsync.server.stream_line import as_message
from store.domain.commands import ReleaseLease
from store.domain.ids import ConversationId, Seq
from store.domain.people import Role
from tests.server.server_house import Agent, Ear, Served, serving
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for


@asynccontextmanager
async def listening(agent: Agent, since: int = 0) -> AsyncIterator[Ear]:
    async with agent.client.stream(Seq(since)) as stream:
        ear = Ear(stream)
        task = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        try:
            yield ear
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def last_presence(ear: Ear, conversation_id: ConversationId) -> tuple[Present, ...] | None:
    for message in reversed(ear.heard):
        if isinstance(message, Presence) and conversation_id in message.of:
            return tuple(one for one in message.present if one.conversation_id == conversation_id)
        if isinstance(message, Hello):
            return tuple(one for one in message.present if one.conversation_id == conversation_id)
    return None


async def test_a_stream_begins_with_hello_and_what_was_missed(served: Served) -> None:
    sato = await served.member("Sato")
    for n in range(3):
        await served.team.arrives(f"<{n}@example.org>")
    async with listening(sato, since=2) as ear:
        assert isinstance(ear.heard[0], Hello)
        assert (ear.heard[0].seq, ear.heard[0].epoch) == (served.house.desk.seq, 1)
        await wait_for(lambda: ear.recorded and ear.recorded[-1].seq == served.house.desk.seq, "what was missed")
        assert [part.seq for part in ear.recorded] == list(range(3, served.house.desk.seq + 1))


async def test_a_client_that_comes_and_goes_under_load_misses_nothing_and_hears_nothing_twice(served: Served) -> None:
    sato = await served.member("Sato")
    ids = [await served.team.arrives(f"<{n}@example.org>") for n in range(5)]
    start = served.house.desk.seq
    working = True

    async def work() -> None:
        n = 0
        while working:
            await asyncio.gather(*(served.team.comment(sato.member, ids[(n + k) % 5]) for k in range(8)))
            n += 1

    task = asyncio.create_task(work())
    heard: list[int] = []
    for _ in range(12):
        since = heard[-1] if heard else start
        async with listening(sato, since=since) as ear:
            await wait_for(lambda ear=ear: len(ear.recorded) > 20, "some events")
            heard.extend(part.seq for part in ear.recorded)
    working = False
    await task
    async with listening(sato, since=heard[-1]) as ear:
        await wait_for(lambda: heard[-1] == served.house.desk.seq or (ear.recorded and ear.recorded[-1].seq == served.house.desk.seq), "the end")
        heard.extend(part.seq for part in ear.recorded)
    assert heard == list(range(start + 1, served.house.desk.seq + 1))


async def test_events_that_come_together_travel_together(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>")
    async with listening(sato, since=served.house.desk.seq) as ear:
        began = time.monotonic()
        await asyncio.gather(*(served.team.comment(sato.member, conversation_id) for _ in range(40)))
        await wait_for(lambda: len(ear.recorded) == 40, "40 comments")
        ticks = (time.monotonic() - began) / streams.TICK_SECONDS
        assert len([message for message in ear.heard if not isinstance(message, Hello | Presence)]) <= 3 + ticks


async def test_telling_a_crowd_leaves_half_of_the_time_to_those_who_give_commands(served: Served) -> None:
    sato = await served.member("Sato")
    conversation_id = await served.team.arrives("<1@example.org>")
    began: list[float] = []

    def slow(_message: bytes) -> bool:
        began.append(time.monotonic())
        time.sleep(0.15)
        return True

    line, _seq = served.house.hub.join(sato.member)
    line.straight = slow
    while len(began) < 3:
        await served.team.comment(sato.member, conversation_id)
        await asyncio.sleep(0)
    served.house.hub.leave(line)
    assert all(later - earlier >= streams.REST * 0.15 for earlier, later in itertools.pairwise(began))


async def test_a_client_that_does_not_read_is_cut_and_costs_no_memory(clock: TestClock) -> None:
    async with serving(new_folder("desk"), clock, longest_queue=3) as served:
        sato = await served.member("Sato")
        conversation_id = await served.team.arrives("<1@example.org>")
        line, _seq = served.house.hub.join(sato.member)
        for _ in range(10):
            await served.team.comment(sato.member, conversation_id)
            served.house.hub.flush()
        assert line.why == "too_slow"
        frames = [line.frames.get_nowait() for _ in range(line.frames.qsize())]
        assert frames[-1] is None
        assert b"too_slow" in (frames[-2] or b"")
        assert len(frames) == 2
        served.house.hub.leave(line)


async def test_a_client_whose_line_is_full_is_hung_up_on(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "STUCK_SECONDS", 0.2)
    sato = await served.member("Sato")
    async with aiohttp.ClientSession() as http:
        socket = await http.ws_connect(f"{served.url}/v1/stream", headers={"Authorization": f"Bearer {sato.session}"})
        await wait_for(lambda: served.house.hub.lines == 1, "the line")
        (line,) = served.house.hub._lines.values()
        for _ in range(80):
            line.put(b'{"m":"events","recorded":[]}' + b" " * 200_000)
        await wait_for(lambda: served.house.hub.lines == 0, "the server to hang up")
        await socket.close()
    assert (await sato.client.me()).member == sato.member


async def test_what_goes_straight_to_the_wire_arrives_whole_and_in_order_with_what_waited(served: Served) -> None:
    sato = await served.member("Sato")
    async with aiohttp.ClientSession() as http:
        socket = await http.ws_connect(f"{served.url}/v1/stream", headers={"Authorization": f"Bearer {sato.session}"}, max_msg_size=0)
        assert b"hello" in (await socket.receive()).data.encode()
        (line,) = served.house.hub._lines.values()
        await wait_for(lambda: line.straight is not None, "the client to have caught up")
        sizes = [0, 90, 99, 124, 125, 126, 127, 300, 65_533, 65_534, 65_535, 65_536, 200_000]
        for n, size in enumerate(sizes):
            frame = b"%d " % n + b"x" * size
            # Every third one goes through the queue, as it does for a client that is behind for a moment.
            line.put(frame, b"" if n % 3 == 2 else as_message(frame))
            await asyncio.sleep(0)
        seen = [(await asyncio.wait_for(socket.receive(), 30)).data.split(" ") for _ in sizes]
        assert [(int(n), len(text)) for n, text in seen] == list(enumerate(sizes))
        await socket.close()


async def test_a_client_that_stops_reading_is_cut_whatever_way_its_frames_go(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "STUCK_SECONDS", 0.2)
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    async with aiohttp.ClientSession() as http, listening(tanaka) as theirs:
        socket = await http.ws_connect(f"{served.url}/v1/stream", headers={"Authorization": f"Bearer {sato.session}"})
        await wait_for(lambda: served.house.hub.lines == 2, "both lines")
        (line,) = (one for one in served.house.hub._lines.values() if one.member.key == sato.member.key)
        await wait_for(lambda: line.straight is not None, "the client to have caught up")
        assert socket._reader is not None
        socket._response.connection.transport.pause_reading()  # type: ignore[union-attr]
        frame = b'{"m":"events","recorded":[]}' + b" " * 200_000
        for _ in range(80):
            line.put(frame, as_message(frame))
        await wait_for(lambda: served.house.hub.lines == 1, "the server to hang up")
        await served.team.comment(tanaka.member, conversation_id)
        await wait_for(lambda: theirs.recorded and theirs.recorded[-1].seq == served.house.desk.seq, "the others to hear all the same")
        # Nothing comes any more that could answer a goodbye.
        socket._response.close()


async def test_a_member_who_is_ended_is_cut_off_the_stream(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    async with listening(sato) as ours, listening(tanaka) as theirs:
        await served.admin.deactivate(sato.member.key)
        await wait_for(lambda: ours.ended, "the goodbye")
        assert ours.heard[-1] == Goodbye("access_ended")
        assert not theirs.ended


async def test_the_servers_end_is_said(clock: TestClock) -> None:
    async with serving(new_folder("desk"), clock) as served:
        sato = await served.member("Sato")
        async with listening(sato) as ear:
            served.house.hub.cut("stopping")
            await wait_for(lambda: ear.ended, "the goodbye")
            assert ear.heard[-1] == Goodbye("stopping")


async def test_a_stream_from_the_future_is_another_epoch(served: Served) -> None:
    sato = await served.member("Sato")
    with pytest.raises(EpochChanged):
        async with sato.client.stream(Seq(9999)):
            pass


async def test_the_stream_asks_who_calls_before_it_opens(served: Served) -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await http.ws_connect(f"{served.url}/v1/stream", headers={"Authorization": "Bearer wrong"})
        assert caught.value.status == 401


async def test_nonsense_up_the_stream_ends_it_and_nothing_else(served: Served) -> None:
    sato = await served.member("Sato")
    for nonsense in ("{", '{"m":"nonsense"}', "x" * 70_000):
        async with aiohttp.ClientSession() as http:
            socket = await http.ws_connect(f"{served.url}/v1/stream", headers={"Authorization": f"Bearer {sato.session}"})
            await socket.send_str(nonsense)
            async for _ in socket:
                pass
            assert socket.closed
    await wait_for(lambda: served.house.hub.lines == 0, "the lines to be gone")
    assert (await sato.client.me()).member == sato.member


async def test_a_colleague_sees_who_looks_and_no_longer_when_they_fell_silent_for_45_seconds(served: Served, clock: TestClock) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    async with listening(sato) as ours, listening(tanaka) as theirs:
        await ours.stream.send(Looking(conversation_id))
        await wait_for(lambda: last_presence(theirs, conversation_id), "Sato")
        (seen,) = last_presence(theirs, conversation_id)
        assert (seen.member, seen.writing, seen.since) == (sato.member.key, False, clock.now())
        clock.move(timedelta(seconds=44))
        served.house.hub.tick()
        clock.move(timedelta(seconds=1))
        served.house.hub.tick()
        await wait_for(lambda: last_presence(theirs, conversation_id) == (), "Sato to be gone")


async def test_heartbeats_keep_presence_and_going_elsewhere_moves_it(served: Served, clock: TestClock) -> None:
    sato = await served.member("Sato")
    here, there = await served.team.arrives("<1@example.org>"), await served.team.arrives("<2@example.org>")
    async with listening(sato) as ear:
        await ear.stream.send(Looking(here))
        await wait_for(lambda: last_presence(ear, here), "presence")
        for _ in range(5):
            clock.move(timedelta(seconds=15))
            await ear.stream.send(Looking(here))
            heard_at = served.house.hub.presence._heard_at
            await wait_for(lambda heard_at=heard_at: list(heard_at.values()) == [clock.now()], "the heartbeat")
            served.house.hub.tick()
        assert last_presence(ear, here)
        await ear.stream.send(Looking(there))
        await wait_for(lambda: last_presence(ear, there) and last_presence(ear, here) == (), "the move")
        await ear.stream.send(Looking(None))
        await wait_for(lambda: last_presence(ear, there) == (), "the list")
    await wait_for(lambda: served.house.hub.lines == 0, "the line to be gone")


async def test_a_lease_shows_as_writing_then_idle_then_not_at_all(served: Served, clock: TestClock) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    async with listening(tanaka) as ear:
        token = await sato.token(conversation_id)
        await wait_for(lambda: last_presence(ear, conversation_id), "the writer")
        (seen,) = last_presence(ear, conversation_id)
        assert (seen.member, seen.writing, seen.idle) == (sato.member.key, True, False)
        for _ in range(7):
            clock.move(timedelta(seconds=100))
            await sato.client.pulse(PulseRequest(conversation_id, token, typed=False))
        served.house.hub.tick()
        await wait_for(lambda: last_presence(ear, conversation_id)[0].idle, "idle")
        await sato.client.pulse(PulseRequest(conversation_id, token, typed=True))
        served.house.hub.tick()
        await wait_for(lambda: not last_presence(ear, conversation_id)[0].idle, "typing again")
        await sato.ask(ReleaseLease(conversation_id=conversation_id, token=token, has_text=False))
        await wait_for(lambda: last_presence(ear, conversation_id) == (), "nobody")


async def test_who_joins_late_is_told_who_is_where(served: Served) -> None:
    sato, tanaka = await served.member("Sato"), await served.member("Tanaka")
    conversation_id = await served.team.arrives("<1@example.org>")
    await sato.token(conversation_id)
    served.house.hub.tick()
    async with listening(tanaka) as ear:
        assert isinstance(ear.heard[0], Hello)
        assert [(one.member, one.writing) for one in ear.heard[0].present] == [(sato.member.key, True)]


async def test_events_and_presence_of_other_inboxes_stay_there(served: Served) -> None:
    sato, tanaka = await served.member("Sato", inboxes=(SALES,)), await served.member("Tanaka")
    theirs = await served.team.arrives("<1@example.org>", inbox=SUPPORT)
    async with listening(sato, since=served.house.desk.seq) as ear, listening(tanaka) as other:
        await other.stream.send(Looking(theirs))
        await tanaka.token(theirs)
        ours = await served.team.arrives("<2@example.org>", inbox=SALES)
        await wait_for(lambda: ear.recorded, "our own event")
        assert {part.conversation_id for part in ear.recorded} == {ours}
        await ear.stream.send(Looking(theirs))
        await ear.stream.send(Looking(ours))
        await wait_for(lambda: last_presence(ear, ours), "our presence")
        assert all(message.of == (ours,) for message in ear.heard if isinstance(message, Presence))


async def test_a_client_is_asked_to_look_at_the_mailboxes_and_its_answer_counts(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PULL_SECONDS", 0.2)
    assert await served.house.hub.pull_now(SUPPORT) is None
    sato, guest = await served.member("Sato"), await served.member("Guest", Role.GUEST)
    async with listening(guest):
        assert await served.house.hub.pull_now(SUPPORT) is None
    async with listening(sato) as ear:
        assert await served.house.hub.pull_now(SUPPORT) is False
        monkeypatch.setattr(streams, "PULL_SECONDS", 30.0)
        asking = asyncio.create_task(served.house.hub.pull_now(SUPPORT))
        await wait_for(lambda: len([m for m in ear.heard if isinstance(m, PullNow)]) == 2, "the request")
        # Somebody's presence may come behind it.
        request = [message for message in ear.heard if isinstance(message, PullNow)][-1]
        await ear.stream.send(Pulled(request.request, reached=True))
        assert await asking is True


async def test_when_the_server_ends_its_clients_are_asked_to_come_back_one_after_the_other(served: Served) -> None:
    sato = await served.member("Sato")
    lines = [served.house.hub.join(sato.member, str(n))[0] for n in range(401)]
    served.house.hub.cut("stopping")
    told = msgspec.json.decode(lines[0].frames.get_nowait() or b"", type=Goodbye)
    assert told == Goodbye("stopping", within_seconds=2.0)
    waits = [Backoff(0.2).next_seconds(within_seconds=told.within_seconds) for _ in range(200)]
    assert min(waits) < 0.5 < 1.5 < max(waits) <= 2.2
    for line in lines:
        served.house.hub.leave(line)
