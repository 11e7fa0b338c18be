"""Work beside the keys: tasks of a screen, whose trouble is said in words and whose bugs end the program in order."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import cast

from textual.css.query import NoMatches
from textual.screen import Screen

from store.errors import MadoError
from tui.screens.program import T, program_of
from tui.view.trouble import trouble_words


class Chores:
    """The running tasks of one screen."""

    def __init__(self, screen: Screen[T], say: Callable[[str, str], None]) -> None:
        self._screen: Screen[object] = cast("Screen[object]", screen)
        self._say = say
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = False

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Start it; the screen need not wait for it. Once the program ends nothing begins any more."""
        task: asyncio.Task[None] = asyncio.create_task(work)
        if self._ended:
            task.cancel()
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def drop(self) -> None:
        """Stop what runs, but for the one that says so: what it was for is over."""
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    async def end(self) -> None:
        """Stop what runs, while the screen is still there."""
        self._ended = True
        running = tuple(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, MadoError):
            self._say(trouble_words(error), "alarm")
        elif error is not None and not (isinstance(error, NoMatches) and not self._screen.is_attached):
            # What a screen that is gone was still to show is no bug.
            program_of(self._screen).crash(error)
