"""A reply leaves at its time: over a restart of the server, over a clock that jumps, and not before."""

from datetime import timedelta

from store.domain.commands import ScheduleReply
from store.domain.outbox import OutboxState
from store.team.values import Executed
from tests.outbox.house import House


async def test_a_scheduled_reply_outlives_the_server_and_leaves_when_the_clock_says_so(house: House) -> None:
    conversation = await house.customer_writes("q1")
    reply = await house.sato_replies(conversation, send_at=house.clock.now() + timedelta(hours=14))
    other = await house.sato_replies(await house.customer_writes("q2"))
    async with house.sending():
        await house.becomes(other, lambda one: one.filed, "the one without a time to leave")
        assert (await house.reply(reply)).state is OutboxState.SCHEDULED
    house.clock.skip(timedelta(hours=14, seconds=1))
    async with house.sending():
        assert (await house.becomes(reply, lambda one: one.filed, "its time to come")).state is OutboxState.ACCEPTED


async def test_a_clock_that_jumps_while_the_server_runs_is_noticed(house: House) -> None:
    reply = await house.sato_replies(await house.customer_writes("q1"), send_at=house.clock.now() + timedelta(days=3))
    async with house.sending():
        house.clock.skip(timedelta(days=4))
        await house.becomes(reply, lambda one: one.state is OutboxState.ACCEPTED, "its time to be noticed")


async def test_a_customer_who_writes_before_its_time_stops_it(house: House) -> None:
    conversation = await house.customer_writes("q1")
    reply = await house.sato_replies(conversation, send_at=house.clock.now() + timedelta(hours=2))
    await house.customer_writes("q2", answers="<q1@customer.test>")
    async with house.sending():
        house.clock.skip(timedelta(hours=3))
        other = await house.sato_replies(await house.customer_writes("q3"))
        await house.becomes(other, lambda one: one.state is OutboxState.ACCEPTED, "the outbox to look")
        # Both were due: they go beside each other, and either may be done first.
        await house.becomes(reply, lambda one: one.state is OutboxState.HELD, "the fence")


async def test_whoever_cannot_wait_sends_a_scheduled_reply_now(house: House) -> None:
    conversation = await house.customer_writes("q1")
    reply = await house.sato_replies(conversation, send_at=house.clock.now() + timedelta(hours=2))
    async with house.sending():
        hurried = await house.desk.execute(house.sato, None, ScheduleReply(conversation_id=conversation, submission_id=reply))
        assert isinstance(hurried, Executed), hurried
        await house.becomes(reply, lambda one: one.state is OutboxState.ACCEPTED, "it to leave")
