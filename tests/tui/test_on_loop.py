"""What another thread wants done on the event loop is done as the app there would do it."""

import asyncio
import threading
from pathlib import Path

from textual.app import App

from store.on_loop import OnLoop

TUI = Path(__file__).parents[2] / "tui"
OWN = {"driver.py", "starting.py", "behind.py"}
"""Set an event, or write to the terminal: nothing there asks whose app it is."""


async def test_a_timer_that_another_threads_word_sets_goes_off() -> None:
    went_off = asyncio.Event()

    class Told(App[None]):
        def told(self) -> None:
            # In a task, as a list is read anew before its timer is set.
            self.reading = asyncio.create_task(self.read())

        async def read(self) -> None:
            self.set_timer(0.01, went_off.set)

    async with Told().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, Told)
        on_loop = OnLoop()
        thread = threading.Thread(target=on_loop.soon, args=(app.told,))
        thread.start()
        await asyncio.wait_for(went_off.wait(), 60)
        thread.join()


async def test_at_the_end_of_the_program_nobody_is_told() -> None:
    made: list[OnLoop] = []

    async def make() -> None:
        made.append(OnLoop())

    await asyncio.to_thread(lambda: asyncio.run(make()))
    made[0].soon(lambda: made.clear())
    assert made


def test_every_thread_of_the_terminal_comes_back_this_way() -> None:
    others = [path.name for path in TUI.rglob("*.py") if "call_soon_threadsafe" in path.read_text(encoding="utf-8")]
    assert sorted(others) == sorted(OWN)
