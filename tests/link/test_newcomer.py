"""A newcomer works within seconds, whatever the team has behind it; and ends with the same mirror as everybody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from server_process import new_folder

from mailsync.link import mirror as mirrors
from mailsync.link.link import Link
from mailsync.link.mirror import Mirror
from mailsync.link.pages import NewestPage, StatesWanted
from mailsync.link.queries import Part
from mailsync.server import working
from store.domain.commands import SetStatus
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, Seq
from store.domain.status import DONE, JUNK, NEW
from store.local.store import LocalStore
from tests.server.server_house import Agent, Served, serving
from tests.store.local_store_makers import new_mail, pull
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for

CLOSED = {2, 3, 5}


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "LARGEST_PAGE", 2)
    monkeypatch.setattr(mirrors, "WHOLE_JOURNAL", 0)


async def seven(served: Served) -> list[ConversationId]:
    """Seven conversations, three of them closed, one of another inbox."""
    ids = [await served.team.arrives(f"<{n}@example.org>", inbox=SALES if n == 6 else SUPPORT) for n in range(7)]
    boss = await served.member("Leader")
    for n in CLOSED:
        await boss.ask(SetStatus(conversation_id=ids[n], status=JUNK if n == 5 else DONE, reason="because"))
    return ids


def whole(store: LocalStore, ids: list[ConversationId]) -> dict[ConversationId, Conversation]:
    found = {one: store.conversation(one) for one in ids}
    return {one: state for one, state in found.items() if state is not None and state.revision}


async def at_server(served: Served, ids: list[ConversationId]) -> dict[ConversationId, Conversation]:
    found = {one: await served.house.desk.state(one) for one in ids}
    return {one: state for one, state in found.items() if state is not None}


async def test_the_newest_open_ones_come_first_and_the_closed_ones_last(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    sato = await served.member("Sato")
    store = LocalStore.open(new_folder("home"))
    mirror = Mirror(sato.client, store)
    await mirror.catch_up(whole=False)
    assert set(whole(store, ids)) == {ids[6], ids[4]}
    assert [member.key for member in store.members()] == ["boss", "leader", "sato"]
    assert (store.mirror_epoch(), store.mirror_seq()) == (1, served.house.desk.seq)
    await mirror.load_rest()
    assert whole(store, ids) == await at_server(served, ids)
    assert store.remainder.remaining() is None
    store.close()


async def test_what_happens_to_a_conversation_that_is_not_here_yet_brings_it_here(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    sato = await served.member("Sato")
    store = LocalStore.open(new_folder("home"))
    mirror = Mirror(sato.client, store)
    await mirror.catch_up(whole=False)
    await served.team.comment(sato.member, ids[2], "済んだ話に一言")
    await mirror.apply((await sato.client.events(store.mirror_seq())).recorded)
    assert whole(store, ids)[ids[2]] == await served.house.desk.state(ids[2])
    assert ids[3] not in whole(store, ids)
    store.close()


async def test_a_page_that_was_on_its_way_takes_nothing_back(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    sato = await served.member("Sato")
    store = LocalStore.open(new_folder("home"))
    mirror = Mirror(sato.client, store)
    await mirror.catch_up(whole=False)
    real = sato.client.newest

    async def slow(*asked: object) -> NewestPage:
        page = await real(*asked)  # type: ignore[arg-type]
        # Between the page and its arrival everything in it changes, and the stream is faster.
        for state in page.conversations:
            await served.team.comment(sato.member, state.id, "速い")
        await mirror.apply((await sato.client.events(store.mirror_seq())).recorded)
        return page

    sato.client.newest = slow  # type: ignore[method-assign]
    await mirror.load_rest()
    assert whole(store, ids) == await at_server(served, ids)
    store.close()


async def test_a_terminal_that_is_closed_in_the_middle_goes_on_where_it_was(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    sato = await served.member("Sato")
    home = new_folder("home")
    asked: list[object] = []
    for start in range(20):
        store = LocalStore.open(home)
        real = sato.client.newest

        async def once(*which: object, real=real, most=start + 1) -> NewestPage:
            asked.append(which)
            if len(asked) > most:
                raise asyncio.CancelledError
            return await real(*which)

        sato.client.newest = once  # type: ignore[method-assign]
        asked.clear()
        with contextlib.suppress(asyncio.CancelledError):
            await Mirror(sato.client, store).catch_up()
        sato.client.newest = real  # type: ignore[method-assign]
        done = store.mirror_epoch() is not None and store.remainder.remaining() is None
        seen = whole(store, ids)
        store.close()
        if done:
            break
        await served.team.comment(sato.member, ids[start % 7], f"その間に {start}")
    assert seen == await at_server(served, ids)
    assert start < 5


async def test_after_a_restore_the_old_states_go_and_the_new_ones_stay(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    sato = await served.member("Sato")
    store = LocalStore.open(new_folder("home"))
    mirror = Mirror(sato.client, store)
    await mirror.catch_up()
    gone = ConversationId("x" * 16)
    ghost = Conversation(gone, number=99, inbox=SUPPORT, revision=1, seq=Seq(5))
    store.add_snapshot([ghost])
    served.house.desk.epoch = 2
    await mirror.catch_up(whole=False)
    assert store.mirror_epoch() == 2
    await served.team.comment(sato.member, ids[2], "新しい時代")
    await mirror.apply((await sato.client.events(store.mirror_seq())).recorded)
    assert whole(store, ids)[ids[2]] == await served.house.desk.state(ids[2])
    await mirror.load_rest()
    assert whole(store, [*ids, gone]) == await at_server(served, ids)
    store.close()


async def test_mails_of_a_conversation_that_was_done_long_ago_bring_its_state_before_its_page(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    store = LocalStore.open(new_folder("home"))
    sato = await served.member("Sato")
    mirror = Mirror(sato.client, store)
    await mirror.catch_up(whole=False)
    real, seen = sato.client.newest, []

    async def newest(part: Part, below: int) -> NewestPage:
        page = await real(part, below)
        if not seen:
            pull(store, msgspec.structs.replace(new_mail(1), thread_key=ids[2]))
        state = store.conversation(ids[2])
        assert state is not None
        seen.append((part, state.status))
        return page

    sato.client.newest = newest  # type: ignore[method-assign]
    await mirror.load_rest()
    assert seen[0] == (Part.OPEN, NEW)
    assert seen[1] == (Part.OPEN, DONE), "asked for at once, long before its page"
    store.close()


async def test_a_member_of_one_inbox_is_given_only_that_one(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    ben = await served.member("Ben", inboxes=(SALES,))
    store = LocalStore.open(new_folder("home"))
    await Mirror(ben.client, store).catch_up()
    assert set(whole(store, ids)) == {ids[6]}
    page = await ben.client.newest()
    assert [state.id for state in page.conversations] == [ids[6]]
    assert (await ben.client.states(StatesWanted((ids[0], ids[6], ConversationId("nowhere"))))).conversations == page.conversations
    store.close()


async def test_a_terminal_loads_the_rest_while_its_agent_works(served: Served, small_pages: None) -> None:
    ids = await seven(served)
    sato: Agent = await served.member("Sato")
    store = LocalStore.open(new_folder("home"))
    link = Link(sato.client, store, TestClock(), "t")
    running = asyncio.create_task(link.run())
    await wait_for(lambda: link.state.connected, "the line")
    await wait_for(lambda: store.remainder.remaining() is None, "the rest")
    assert whole(store, ids) == await at_server(served, ids)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    store.close()
