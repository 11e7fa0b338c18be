"""A home that is removed while its agent works: the screen says so, what is written goes on to the customer, and nothing is made anew there."""

import asyncio
import shutil
import time
from pathlib import Path

from pty_screen import PtyScreen
from server_process import new_folder

from store.domain.ids import ConversationId
from tests.server.server_house import Served, serving
from tests.team.team_house import TestClock
from tests.tui.test_moved_out_of_sight import at_support_alone, at_terminal
from tests.tui.test_terminal import shown
from tests.waiting import wait_until

GONE = "Home folder removed. What the server has is safe"


def stands_no_more(screen: PtyScreen, words: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while words in screen.text():
        assert time.monotonic() < until, f"{words} still stands there:\n{screen.text()}"
        screen.settle(patience_seconds=0.1, quiet_seconds=0.02, limit_seconds=0.3)


async def is_in_the_outbox(served: Served, of: ConversationId) -> bool:
    return of in {item.conversation_id for item in await served.house.desk.outbox()}


def put_back(away: Path, home: Path) -> bool:
    shutil.rmtree(home, ignore_errors=True)
    try:
        away.rename(home)
    except OSError:
        return False
    return True


async def test_a_home_that_is_removed_under_a_reply_is_said_and_the_reply_still_goes() -> None:
    async with serving(new_folder("desk"), TestClock()) as served:
        home, ours, mori = await at_support_alone(served)
        loop = asyncio.get_running_loop()

        def acts(screen: PtyScreen) -> None:
            screen.press("r")
            shown(screen, "^S send")
            # Whoever fetches the mail locks the home at the start, and would make it anew.
            wait_until((home.path / "sync.lock").exists, "whoever fetches the mail")
            away = home.path.with_name(f"{home.path.name}-away")
            home.path.rename(away)
            shown(screen, GONE)
            # Put back, it is whole again; whoever fetches the mail may just have made a folder there.
            wait_until(lambda: put_back(away, home.path), "the home to be back")
            stands_no_more(screen, GONE)
            home.path.rename(away)
            shutil.rmtree(away)
            shown(screen, GONE)
            screen.press("Still written.")
            shown(screen, "Still written.")
            screen.press("\x13")
            shown(screen, GONE)
            until = time.monotonic() + 60
            while not asyncio.run_coroutine_threadsafe(is_in_the_outbox(served, ours), loop).result(60):
                assert time.monotonic() < until, f"the reply did not come to the server:\n{screen.text()}"
                screen.settle(patience_seconds=0.05, quiet_seconds=0.02, limit_seconds=0.3)

        await at_terminal(served, home, mori, ours, acts)
        assert not (home.path / "kept.db").exists()
