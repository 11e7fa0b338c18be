"""A line that died without a word: a laptop's sleep, a proxy that stalls. Both ends notice by themselves, and nobody waits for ever."""

from time import monotonic

import pytest

from mailsync.link import asked as links
from mailsync.link import client as clients
from mailsync.link.errors import ServerAway
from mailsync.link.outcome import Queued
from mailsync.server import streaming
from store.domain.commands import AddComment, TakeLease
from store.domain.ids import CommentId, Revision
from tests.link.test_offline_reply import Desk, at_desk
from tests.waiting import wait_for

NOTICED_SECONDS = 60.0
"""What a person is promised: a heartbeat, and half of one for its answer, must fit."""


def test_a_dead_line_is_noticed_within_a_minute_at_both_ends() -> None:
    assert clients.HEARTBEAT_SECONDS * 1.5 < NOTICED_SECONDS
    assert streaming.HEARTBEAT_SECONDS * 1.5 < NOTICED_SECONDS
    assert clients.ANSWER_SECONDS < NOTICED_SECONDS
    assert links.SEND_SECONDS <= 10


async def test_a_terminal_notices_that_its_line_is_dead_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "HEARTBEAT_SECONDS", 0.4)
    async with at_desk() as desk:
        desk.proxy.to_client.stalled = desk.proxy.to_server.stalled = True
        await wait_for(lambda: not desk.link.state.connected, "the banner")
        assert desk.link.state.why
        desk.proxy.cut_now()
        desk.proxy.to_client.stalled = desk.proxy.to_server.stalled = False
        await wait_for(lambda: desk.link.state.connected, "the line")


async def test_the_server_lets_go_of_a_terminal_that_fell_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.4)
    async with at_desk() as desk:
        # On a busy machine the short heartbeat may have cut a living line: the terminal comes back.
        await wait_for(lambda: desk.served.house.hub.lines == 1, "the line at the server")
        desk.proxy.refuse = True
        desk.proxy.to_client.stalled = desk.proxy.to_server.stalled = True
        await wait_for(lambda: desk.served.house.hub.lines == 0, "the server to let go")
        desk.proxy.to_client.stalled = desk.proxy.to_server.stalled = False


async def test_what_is_sent_into_a_dead_line_is_queued_and_done_once_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SEND_SECONDS", 0.3)
    async with at_desk() as desk:
        desk.proxy.to_server.stalled = desk.proxy.to_client.stalled = True
        began = monotonic()
        said = await desk.link.send(AddComment(conversation_id=desk.conversation_id, comment_id=CommentId("c" * 32), text="still here"))
        assert isinstance(said, Queued)
        assert desk.link.state.queued == 1
        with pytest.raises(ServerAway):
            await desk.link.send(TakeLease(conversation_id=desk.conversation_id, seen_revision=Revision(2), terminal="t"))
        assert monotonic() - began < clients.ANSWER_SECONDS / 2
        desk.proxy.cut_now()
        desk.proxy.to_server.stalled = desk.proxy.to_client.stalled = False
        await wait_for(lambda: desk.link.state.connected and not desk.store.pending(), "an empty queue")
        # Where it was done before the line died the answer has no events: they come with the journal.
        await wait_for(lambda: comments_of(desk) == ["still here"], "the comment, once")


def comments_of(desk: Desk) -> list[str]:
    state = desk.store.conversation(desk.conversation_id)
    return [comment.text for comment in state.comments] if state is not None else []


async def test_a_reply_sent_into_a_dead_line_goes_out_though_its_lease_lapsed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_desk() as desk:
        reply = await desk.takes_lease()
        monkeypatch.setattr(links, "SEND_SECONDS", 0.3)
        desk.proxy.to_server.stalled = desk.proxy.to_client.stalled = True
        await desk.sends_offline(reply)
        await desk.lease_lapses()
        desk.proxy.refuse = True
        desk.proxy.cut_now()
        desk.proxy.to_server.stalled = desk.proxy.to_client.stalled = False
        await desk.comes_back()
        assert desk.refused == []
        assert [row.submission_id for row in await desk.sato.client.outbox()] == [reply.submission_id]
