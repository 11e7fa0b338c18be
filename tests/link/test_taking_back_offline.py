"""A reply that waits for a server that is away can be taken back, until it was on its way: never lost, never sent after all, never twice."""

from collections.abc import AsyncIterator

import pytest_asyncio

from mailsync.link.protocol import CommandRequest, Done
from store.clock import SystemClock
from store.domain.commands import CancelReply, ScheduleReply, SubmitReply
from store.domain.draft import Draft
from store.domain.ids import CommandKey
from store.domain.outbox import OutboxState
from store.local.waiting_replies import Recall
from tests.link.test_offline_reply import Desk, at_desk
from tests.waiting import wait_for


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    async with at_desk() as one:
        yield one


async def waits_here(desk: Desk) -> tuple[SubmitReply, CommandKey]:
    """A reply in the queue of a desk whose server has gone, and its text."""
    reply, key = await desk.takes_lease(), CommandKey("e" * 32)
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    desk.store.add_pending(key, reply, SystemClock().now())
    desk.store.save_draft(Draft(conversation_id=desk.conversation_id, body="Hello", submission_id=reply.submission_id))
    return reply, key


async def test_a_reply_taken_back_before_the_server_returns_is_a_draft_and_never_leaves(desk: Desk) -> None:
    reply = await desk.takes_lease()
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    await desk.sends_offline(reply)
    await desk.link.send(ScheduleReply(conversation_id=desk.conversation_id, submission_id=reply.submission_id))
    before = desk.store.row(desk.conversation_id).status
    waiting = desk.store.waiting_replies.of(desk.conversation_id)
    assert waiting is not None
    assert waiting.submission_id == reply.submission_id
    assert await desk.link.take_back(desk.conversation_id, reply.submission_id) is Recall.TAKEN
    assert (desk.link.state.queued, desk.store.pending()) == (0, ())  # what was about it went with it
    assert (before, desk.store.row(desk.conversation_id).status) == ("queued", "in_progress")
    draft = desk.store.draft(desk.conversation_id)
    assert draft is not None
    assert (draft.body, draft.submission_id) == ("Hello", None)
    assert await desk.link.take_back(desk.conversation_id, reply.submission_id) is Recall.ANSWERED
    await desk.comes_back()
    assert (desk.refused, await desk.sato.client.outbox()) == ([], [])


async def test_a_reply_that_was_on_its_way_is_stopped_by_the_server_alone(desk: Desk) -> None:
    """The line broke before its answer: the server has it, whatever this terminal believes."""
    reply, key = await waits_here(desk)
    assert desk.store.waiting_replies.leaves(key, reply)
    assert isinstance(await desk.sato.client.command(CommandRequest(key, reply)), Done)
    assert await desk.link.take_back(desk.conversation_id, reply.submission_id) is Recall.ASKED
    assert [one.key for one in desk.store.pending()] == [key]
    assert desk.store.draft(desk.conversation_id).submission_id == reply.submission_id  # nobody sends it anew meanwhile
    await desk.link.send(CancelReply(conversation_id=desk.conversation_id, submission_id=reply.submission_id))
    assert desk.store.waiting_replies.of(desk.conversation_id) is None  # it is asked to stop it already
    await desk.comes_back()
    assert [row.state for row in await desk.sato.client.outbox()] in ([], [OutboxState.CANCELLED])
    await wait_for(lambda: desk.store.draft(desk.conversation_id).submission_id is None, "the text as a draft")


async def test_what_was_taken_back_in_the_last_moment_is_not_sent(desk: Desk) -> None:
    """The queue had been read, and the reply was the next to go."""
    reply, key = await waits_here(desk)
    assert await desk.link.take_back(desk.conversation_id, reply.submission_id) is Recall.TAKEN
    assert not desk.store.waiting_replies.leaves(key, reply)


async def test_a_text_whose_place_another_draft_took_stays_in_the_queue(desk: Desk) -> None:
    reply = await desk.takes_lease()
    desk.goes_away()
    await wait_for(lambda: not desk.link.state.connected, "the banner")
    await desk.sends_offline(reply)
    desk.store.save_draft(Draft(conversation_id=desk.conversation_id, body="Another text"))
    assert await desk.link.take_back(desk.conversation_id, reply.submission_id) is Recall.NO_TEXT
    await desk.comes_back()
    assert [row.submission_id for row in await desk.sato.client.outbox()] == [reply.submission_id]
