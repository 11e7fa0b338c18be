"""A reply that was sent while the server was away: it passes the fence on its return, though its lease has long lapsed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest_asyncio
from fault_proxy import FaultProxy
from server_process import new_folder

from mailsync.link.address import ServerAddress
from mailsync.link.callbacks import Callbacks
from mailsync.link.client import TeamClient
from mailsync.link.link import Link
from mailsync.link.outcome import Queued
from mailsync.link.protocol import CommandRequest, Done
from mailsync.server.timers import Timers
from store.clock import SystemClock
from store.domain.commands import SubmitReply, TakeLease
from store.domain.draft import Draft
from store.domain.events import LeaseTaken, ReplyQueued
from store.domain.ids import CommandKey, ConversationId, MemberKey
from store.domain.lease import LEASE_SECONDS
from store.domain.outbox import OutboxState
from store.domain.refusals import AnyRefusal, LeaseHeld, SomethingNew
from store.local.store import LocalStore
from store.settings.secrets import Secret
from tests.server.server_house import Agent, Served, reply_to, serving
from tests.team.team_house import TestClock
from tests.waiting import wait_for


class Desk:
    """Sato at her terminal, composer open, behind a line that can be cut."""

    def __init__(self, served: Served, sato: Agent, link: Link, store: LocalStore, proxy: FaultProxy, conversation_id: ConversationId) -> None:
        self.served, self.sato, self.link, self.store, self.proxy = served, sato, link, store, proxy
        self.conversation_id = conversation_id
        self.refused: list[tuple[CommandKey, AnyRefusal]] = []

    def goes_away(self) -> None:
        self.proxy.refuse = True
        self.proxy.cut_now()

    async def takes_lease(self) -> SubmitReply:
        """The composer opens; what it will send."""
        state = self.store.conversation(self.conversation_id)
        assert state is not None
        taken = await self.link.send(TakeLease(conversation_id=self.conversation_id, seen_revision=state.revision, terminal="t"))
        assert isinstance(taken, Done)
        token = next(one.event.token for one in taken.recorded if isinstance(one.event, LeaseTaken))
        state = self.store.conversation(self.conversation_id)
        assert state is not None
        return reply_to(self.conversation_id, state.revision, token)

    async def sends_offline(self, reply: SubmitReply) -> CommandKey:
        answer = await self.link.send(reply)
        assert isinstance(answer, Queued)
        # As the composer does it: from here the draft is the text of this reply.
        self.store.save_draft(Draft(conversation_id=self.conversation_id, body="Hello", submission_id=reply.submission_id))
        return answer.key

    async def lease_lapses(self) -> None:
        self.served.team.clock.move(LEASE_SECONDS + timedelta(seconds=1))
        await Timers(self.served.house.desk, self.served.team.clock).lapse_dead_leases()
        state = await self.served.house.desk.state(self.conversation_id)
        assert state is not None
        assert state.lease is None

    async def comes_back(self) -> None:
        self.proxy.refuse = False
        await wait_for(lambda: self.link.state.connected and not self.store.pending(), "an empty queue")

    async def timeline(self) -> list[object]:
        return [one.event for one in await self.served.house.desk.timeline(self.conversation_id)]


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    async with at_desk() as one:
        yield one


@asynccontextmanager
async def at_desk() -> AsyncIterator[Desk]:
    folder = new_folder("offline")
    async with serving(folder, TestClock()) as served:
        sato = await served.member("Sato")
        conversation_id = await served.team.arrives("<1@example.org>")
        store = LocalStore.open(folder / "sato")
        with FaultProxy(urlsplit(served.url).port or 0) as proxy:
            async with TeamClient(ServerAddress.parse(f"http://127.0.0.1:{proxy.port}"), Secret(sato.session)) as client:
                refused: list[tuple[CommandKey, AnyRefusal]] = []
                callbacks = Callbacks(on_refusal=lambda key, _command, refusal: refused.append((key, refusal)))
                link = Link(client, store, SystemClock(), "t", callbacks)
                running = asyncio.create_task(link.run())
                try:
                    await wait_for(lambda: link.state.connected, "the line")
                    made = Desk(served, sato, link, store, proxy, conversation_id)
                    made.refused = refused
                    yield made
                finally:
                    running.cancel()
                    await asyncio.gather(running, return_exceptions=True)
                    store.close()


async def test_a_reply_sent_offline_goes_out_though_its_lease_lapsed_meanwhile(desk: Desk) -> None:
    reply = await desk.takes_lease()
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    key = await desk.sends_offline(reply)
    assert desk.store.row(desk.conversation_id).status == "queued"  # shown at once
    await desk.lease_lapses()
    await desk.comes_back()
    assert desk.refused == []
    (row,) = await desk.sato.client.outbox()
    assert (row.submission_id, row.state) == (reply.submission_id, OutboxState.QUEUED)
    events = await desk.served.house.desk.timeline(desk.conversation_id)
    assert {one.command_key for one in events if isinstance(one.event, ReplyQueued)} == {key}
    tokens = [event.token for event in await desk.timeline() if isinstance(event, LeaseTaken | ReplyQueued)]
    assert len(tokens) == 3
    assert tokens[0] < tokens[1] == tokens[2]  # a new lease, taken in the same stroke


async def test_a_reply_whose_sender_died_before_it_was_sent_goes_out_too(desk: Desk) -> None:
    """Stored with its token; the next start finds it in the queue."""
    reply = await desk.takes_lease()
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    desk.store.add_pending(CommandKey("f" * 32), reply, SystemClock().now())
    await desk.lease_lapses()
    await desk.comes_back()
    assert [row.state for row in await desk.sato.client.outbox()] == [OutboxState.QUEUED]


async def test_what_the_customer_wrote_meanwhile_stops_it_and_the_text_is_a_draft_again(desk: Desk) -> None:
    reply = await desk.takes_lease()
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    key = await desk.sends_offline(reply)
    await desk.lease_lapses()
    await desk.served.team.arrives("<2@example.org>", references=("<1@example.org>",))
    await desk.comes_back()
    await wait_for(lambda: desk.refused, "the refusal")
    ((refused_key, refusal),) = desk.refused
    assert refused_key == key
    assert isinstance(refusal, SomethingNew)
    assert refusal.new == ("<2@example.org>",)
    assert await desk.sato.client.outbox() == []
    draft = desk.store.draft(desk.conversation_id)
    assert draft is not None
    assert (draft.body, draft.submission_id) == ("Hello", None)


async def test_a_colleague_who_writes_by_then_is_not_interrupted(desk: Desk) -> None:
    reply = await desk.takes_lease()
    tanaka = await desk.served.member("Tanaka")
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    await desk.sends_offline(reply)
    await desk.lease_lapses()
    await tanaka.token(desk.conversation_id)
    await desk.comes_back()
    await wait_for(lambda: desk.refused, "the refusal")
    (_key, refusal) = desk.refused[0]
    assert isinstance(refusal, LeaseHeld)
    assert refusal.by == MemberKey("tanaka")


async def test_a_reply_whose_answer_was_lost_is_not_sent_twice(desk: Desk) -> None:
    reply = await desk.takes_lease()
    key = CommandKey("e" * 32)
    assert isinstance(await desk.sato.client.command(CommandRequest(key, reply)), Done)
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    desk.store.add_pending(key, reply, SystemClock().now())
    desk.served.team.clock.move(LEASE_SECONDS * 2)
    await desk.comes_back()
    assert desk.refused == []
    assert [row.submission_id for row in await desk.sato.client.outbox()] == [reply.submission_id]
