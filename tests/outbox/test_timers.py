"""Time passes by the server's clock alone: silent writers lose the lease, conversations on hold come back."""

import asyncio
from datetime import timedelta

import pytest

from mailsync.server.timers import Timers
from store.domain.commands import ReleaseLease, SetStatus, TakeLease
from store.domain.events import LeaseLapsed
from store.domain.ids import ConversationId, MemberKey
from store.domain.status import HOLD
from store.team.values import Executed, SavedDraft
from tests.outbox.house import House, running
from tests.waiting import wait_for, wait_for_it


async def taken_by_sato(house: House, name: str = "q1") -> ConversationId:
    conversation = await house.customer_writes(name)
    state = await house.state(conversation)
    taken = await house.desk.execute(house.sato, None, TakeLease(conversation_id=conversation, seen_revision=state.revision, terminal="t1"))
    assert isinstance(taken, Executed)
    return conversation


async def looked_twice(timers: Timers) -> None:
    """Return once every lease and every hold was looked at from now on: of two looks that begin later, the first one has ended."""
    looks, wake = 0, timers.wake_conversations

    async def counted() -> None:
        nonlocal looks
        await wake()
        looks += 1

    timers.wake_conversations = counted  # type: ignore[method-assign]
    await wait_for(lambda: looks >= 2, "two looks at what may end")
    timers.wake_conversations = wake  # type: ignore[method-assign]


async def until(house: House, conversation: ConversationId, condition, what: str) -> None:
    await wait_for_it(lambda: house.state(conversation), condition, what)


@pytest.mark.parametrize("text", [False, True])
async def test_a_silent_writers_lease_lapses_after_two_minutes(house: House, text: bool) -> None:
    conversation = await taken_by_sato(house)
    if text:
        await house.desk.save_draft(MemberKey("sato"), SavedDraft(conversation, house.clock.now(), b"{}"))
    timers = Timers(house.desk, house.clock, look_every_seconds=0.02)
    async with running(timers.run()):
        # The clock goes on by itself: however slow this is, a minute is left.
        house.clock.skip(timedelta(seconds=60))
        await looked_twice(timers)
        assert (await house.state(conversation)).lease
        house.clock.skip(timedelta(seconds=61))
        await until(house, conversation, lambda state: state.lease is None, "the end of the lease")
    state = await house.state(conversation)
    # With text the work goes on; an empty composer leaves no trace.
    assert (state.status, state.owner) == (("in_progress", "sato") if text else ("new", None))
    lapsed = [each.event for each in await house.desk.timeline(conversation) if isinstance(each.event, LeaseLapsed)]
    assert [each.has_text for each in lapsed] == [text]


async def test_a_pulse_keeps_it_and_half_an_hour_without_typing_ends_it(house: House) -> None:
    conversation = await taken_by_sato(house)
    lease = (await house.state(conversation)).lease
    assert lease
    timers = Timers(house.desk, house.clock, look_every_seconds=0.02)
    async with running(timers.run()):
        for _ in range(29):
            house.clock.skip(timedelta(minutes=1))
            assert await house.desk.touch_pulse(MemberKey("sato"), conversation, lease.token, typed=False)
        await looked_twice(timers)
        assert (await house.state(conversation)).lease
        house.clock.skip(timedelta(minutes=1, seconds=1))
        await until(house, conversation, lambda state: state.lease is None, "the end of the lease")


async def test_a_released_lease_is_left_alone(house: House) -> None:
    conversation = await taken_by_sato(house)
    lease = (await house.state(conversation)).lease
    assert lease
    async with running(Timers(house.desk, house.clock, look_every_seconds=0.02).run()):
        await house.desk.execute(house.sato, None, ReleaseLease(conversation_id=conversation, token=lease.token, has_text=False))
        house.clock.skip(timedelta(minutes=5))
        other = await taken_by_sato(house, "q2")
        house.clock.skip(timedelta(minutes=5))
        await until(house, other, lambda state: state.lease is None, "the other lease's end")
    assert not [each for each in await house.desk.timeline(conversation) if isinstance(each.event, LeaseLapsed)]


async def test_a_conversation_on_hold_comes_back_at_its_time(house: House) -> None:
    conversation = await house.customer_writes("q1")
    timers = Timers(house.desk, house.clock, look_every_seconds=0.02)
    async with running(timers.run()):
        until_then = house.clock.now() + timedelta(hours=1)
        hold = SetStatus(conversation_id=conversation, status=HOLD, reason="部品待ち", until=until_then)
        assert isinstance(await house.desk.execute(house.sato, None, hold), Executed)
        house.clock.skip(timedelta(minutes=59))
        await looked_twice(timers)
        assert (await house.state(conversation)).status == "hold"
        house.clock.skip(timedelta(minutes=2))
        await until(house, conversation, lambda state: state.status == "new", "the conversation to come back")


async def test_a_known_end_is_met_without_waiting_for_the_next_look(house: House) -> None:
    conversation = await house.customer_writes("q1")
    async with running(Timers(house.desk, house.clock, look_every_seconds=600).run()):
        hold = SetStatus(conversation_id=conversation, status=HOLD, reason="すぐ", until=house.clock.now() + timedelta(seconds=1))
        assert isinstance(await house.desk.execute(house.sato, None, hold), Executed)
        await until(house, conversation, lambda state: state.status == "new", "the conversation to come back")


async def test_nothing_is_read_while_nothing_can_end(house: House) -> None:
    await house.customer_writes("q1")
    asked = 0
    ask = house.desk.ask

    async def counting(work):
        nonlocal asked
        asked += 1
        return await ask(work)

    house.desk.ask = counting
    async with running(Timers(house.desk, house.clock, look_every_seconds=0.01).run()):
        await asyncio.sleep(0.3)
    assert asked < 5
