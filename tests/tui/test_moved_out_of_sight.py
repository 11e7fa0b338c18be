"""Whoever moves a conversation to an inbox that they do not see is told at once that they cannot take that back; `u` then offers nothing."""

import asyncio
from collections.abc import Callable

from pty_screen import PtyScreen
from server_process import new_folder

from mailsync.link import people_protocol as p
from store.domain.commands import MoveToInbox, SetUrgency
from store.domain.draft import Draft
from store.domain.ids import ConversationId, InboxKey
from store.domain.people import Role
from store.domain.status import Urgency
from store.local.store import LocalStore
from tests.cli.home import Home, quiet
from tests.cli.test_outbox_and_members import home_of
from tests.mado_screen import MadoScreen
from tests.server.server_house import Agent, Served, serving
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.tui.test_terminal import shown
from tests.waiting import wait_until


async def test_a_move_out_of_ones_own_sight_is_said_and_not_offered_to_undo() -> None:
    async with serving(new_folder("desk"), TestClock()) as served:
        home, ours, mori = await at_support_alone(served)

        def moves(screen: PtyScreen) -> None:
            screen.press(":move\r")
            shown(screen, "sales@example.jp (out of your sight)")
            screen.press("sales\r")
            shown(screen, "Moved to sales, which you do not see")
            screen.press("u")
            shown(screen, "There is nothing here that you could undo")

        await at_terminal(served, home, mori, ours, moves)
        state = await served.house.desk.state(ours)
        assert state is not None
        assert state.inbox == SALES


async def test_what_a_colleague_moved_out_of_sight_is_not_asked_to_be_undone() -> None:
    async with serving(new_folder("desk"), TestClock()) as served:
        home, ours, mori = await at_support_alone(served)
        loop = asyncio.get_running_loop()

        def acts(screen: PtyScreen) -> None:
            screen.press("*")
            shown(screen, "You follow it now")
            asyncio.run_coroutine_threadsafe(mori.ask(MoveToInbox(conversation_id=ours, inbox=SALES)), loop).result(60)
            shown(screen, "went to an inbox that is not yours")
            screen.press("u")
            shown(screen, "That is in an inbox that you do not see")

        await at_terminal(served, home, mori, ours, acts)


async def test_what_is_being_written_when_the_right_goes_is_text_in_the_home_and_no_draft() -> None:
    async with serving(new_folder("desk"), TestClock()) as served:
        home, ours, mori = await at_support_alone(served)
        draft = Draft(conversation_id=ours, to=("hanako@example.com",), body="My reply", saved_at=served.team.clock.now())
        await asyncio.to_thread(keep_draft, home, draft)
        loop = asyncio.get_running_loop()

        def writes(screen: PtyScreen) -> None:
            screen.press("r")
            shown(screen, "My reply", "Subject:")
            asyncio.run_coroutine_threadsafe(may_see(served, SALES), loop).result(60)
            shown(screen, "This conversation is not yours any more. What you wrote and had not sent is in")
            screen.press("\x1b")
            shown(screen, "This conversation is not yours any more. What you wrote and had not sent is in", "Not all mail is here yet")

        await at_terminal(served, home, mori, ours, writes)
        assert "My reply" in (home.path / "unsent.txt").read_text()
        assert await asyncio.to_thread(drafts_of, home) == ()


def keep_draft(home: Home, draft: Draft) -> None:
    store = LocalStore.open(home.path)
    store.save_draft(draft)
    store.close()


def drafts_of(home: Home) -> tuple[Draft, ...]:
    store = LocalStore.open(home.path)
    try:
        return store.drafts()
    finally:
        store.close()


async def at_terminal(served: Served, home: Home, mori: Agent, ours: ConversationId, play: Callable[[PtyScreen], None]) -> None:
    """Play once the terminal hears the server: what happens after its stream was opened can come in by that alone."""
    loop = asyncio.get_running_loop()

    def sit_down() -> None:
        with MadoScreen(["--home", str(home.path)], columns=120, rows=24, env=quiet()) as screen:
            shown(screen, "Work tray 2")
            wait_until(lambda: served.house.hub.lines, "the terminal's stream", 60)
            asyncio.run_coroutine_threadsafe(mori.ask(SetUrgency(conversation_id=ours, urgency=Urgency.URGENT)), loop).result(60)
            shown(screen, "urgent")
            play(screen)

    await asyncio.to_thread(sit_down)


async def at_support_alone(served: Served) -> tuple[Home, ConversationId, Agent]:
    """Sato's home was set up for both inboxes; by now only one of them is theirs. Mori leads."""
    sato = await served.member("Sato")
    home = home_of(served, sato)
    settings = home.path / "settings.toml"
    server, support = settings.read_text().split("[[inbox]]")
    settings.write_text(f"{server}[[inbox]]{support}[[inbox]]{support.replace('support', 'sales')}")
    await served.team.arrives(await asyncio.to_thread(home.receives, subject="Another"))
    # The newest is at the top, under the cursor.
    ours = await served.team.arrives(await asyncio.to_thread(home.receives, subject="見積のお願い"))
    await may_see(served, SUPPORT)
    return home, ours, await served.member("Mori", Role.LEADER)


async def may_see(served: Served, inbox: InboxKey) -> None:
    async with served.admin as admin:
        await admin.change_member("sato", p.MemberChange("Sato", Role.AGENT, (inbox,)))
