"""Read marks at the server: a member's own terminals share them, and no colleague hears of them."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import msgspec
import pytest

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import EpochChanged, RequestRefused
from mailsync.link.marks import MarkKeeper
from mailsync.link.mirror import Mirror
from mailsync.link.protocol import MOST_MARKS, MarksAnswer, MarksSaid
from mailsync.link.stream_protocol import Marks
from store.domain.ids import ConversationId, InboxKey, Revision
from store.domain.people import Role
from store.domain.read_marks import ReadMark
from store.local.store import LocalStore
from store.settings.secrets import Secret
from store.team.marks import IN_FLIGHT
from tests.server.server_house import Agent, Ear, Served
from tests.team.team_house import TestClock
from tests.waiting import wait_for

pytestmark = pytest.mark.asyncio


def mark(of: ConversationId, revision: int, clock: TestClock, **earlier: float) -> ReadMark:
    return ReadMark(of, Revision(revision), clock.now() - timedelta(**earlier))


async def say(agent: Agent, *marks: ReadMark, after: int = 0):
    return await agent.client.exchange_marks(MarksSaid(1, marks, after))


async def test_what_one_terminal_says_another_of_the_same_member_is_told_and_no_colleague(served: Served, clock: TestClock) -> None:
    here = await served.team.arrives(f"<m{1}@example.jp>")
    sato, ben = await served.member("Sato"), await served.member("Ben")
    async with AsyncExitStack() as lines:
        ears = []
        for agent in (sato, ben):
            ear = Ear(await lines.enter_async_context(agent.client.stream(served.house.desk.seq)))
            task = asyncio.create_task(ear.listen())
            lines.callback(task.cancel)
            ears.append(ear)
        await wait_for(lambda: all(ear.heard for ear in ears), "both streams")
        seq = served.house.desk.seq
        told = await say(sato, mark(here, 2, clock))
        assert [(one.conversation_id, one.revision) for one in told.marks] == [(here, 2)]
        await wait_for(lambda: Marks(told.n) in ears[0].heard, "the word to the other terminal")
        assert (await say(ben)).marks == ()
        assert served.house.desk.seq == seq, "reading is no event"
        await served.team.comment(sato.member, here)
        await wait_for(lambda: ears[1].recorded, "what is said after it")
        assert not any(isinstance(message, Marks) for message in ears[1].heard)


async def test_the_later_word_counts_whatever_comes_first_and_a_doubled_one_changes_nothing(served: Served, clock: TestClock) -> None:
    here = await served.team.arrives(f"<m{1}@example.jp>")
    sato = await served.member("Sato")
    newest = mark(here, 1, clock)
    first = await say(sato, newest)
    again = await say(sato, newest, mark(here, 2, clock, minutes=5), after=first.n)
    assert (again.marks, again.n) == ((), first.n)
    ahead = ReadMark(here, Revision(2), clock.now() + timedelta(days=300))
    assert (await say(sato, ahead)).marks == (ReadMark(here, Revision(2), clock.now()),)


async def test_marks_begin_with_the_first_word_and_stay(served: Served, clock: TestClock) -> None:
    sato = await served.member("Sato")
    begun = (await say(sato)).begun
    assert begun == clock.now() - IN_FLIGHT
    clock.move(timedelta(seconds=60))
    assert (await say(sato)).begun == begun


async def test_a_mark_of_what_is_not_there_or_not_theirs_is_not_kept(served: Served, clock: TestClock) -> None:
    here = await served.team.arrives(f"<m{1}@example.jp>")
    guest = await served.member("Guest", Role.GUEST, (InboxKey("sales"),))
    assert (await say(guest, mark(here, 2, clock), mark(ConversationId("nowhere"), 1, clock))).marks == ()


async def test_many_marks_come_in_parts_and_none_is_left_out(served: Served, clock: TestClock) -> None:
    ids = [await served.team.arrives(f"<m{number}@example.jp>") for number in range(1, 6)]
    sato = await served.member("Sato")
    end = (await say(sato, *(mark(one, 1, clock) for one in ids))).n
    assert {one.conversation_id for one in (await say(sato)).marks} == set(ids)
    assert (await say(sato, after=end - 2)).n == end
    assert len((await say(sato, after=end - 2)).marks) == 2


async def test_too_many_at_once_and_marks_of_another_journal_are_refused(served: Served, clock: TestClock) -> None:
    sato = await served.member("Sato")
    with pytest.raises(RequestRefused):
        await say(sato, *(mark(ConversationId(f"c{n}"), 1, clock) for n in range(MOST_MARKS + 1)))
    with pytest.raises(EpochChanged):
        await sato.client.exchange_marks(MarksSaid(2))
    status, _ = await served.raw("POST", "/v1/marks", body=msgspec.json.encode(MarksSaid(1)))
    assert status == 401


async def test_a_hundred_conversations_read_in_a_run_are_some_calls_and_not_a_hundred(served: Served, clock: TestClock) -> None:
    ids = [await served.team.arrives(f"<m{number}@example.jp>") for number in range(100)]
    sato = await served.member("Sato")
    calls: list[int] = []

    class Counted(TeamClient):
        async def exchange_marks(self, body: MarksSaid) -> MarksAnswer:
            calls.append(len(body.marks))
            return await super().exchange_marks(body)

    store = LocalStore.open(served.home / "home")
    async with Counted(ServerAddress.parse(served.url), Secret(sato.session)) as client:
        await Mirror(client, store).catch_up()
        keeper = MarkKeeper(client, store)
        running = asyncio.create_task(keeper.run())
        try:
            await wait_for(lambda: store.marks.position().begun, "the marks to begin")
            for id_ in ids:
                await asyncio.to_thread(store.marks.read_to, id_, store.row(id_).revision, clock.now())
                keeper.marked()
            await wait_for(lambda: not store.marks.waiting(1), "all to be told")
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            store.close()
    assert sum(calls) >= 100
    assert len(calls) <= 10
