"""Waiting for an answer of a dialog or of the prompt without blocking the keys."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from textual.screen import Screen

from tui.screens.picker import Dialog
from tui.screens.program import ANSWER, program_of
from tui.widgets.prompt import Prompt, Question

T = TypeVar("T")


class Asking:
    """What was begun and may ask: the keys wait until its question stands there, or there is none.

    Only the newest lets them go at its end. One before it may still have something to write down when the next has begun: what is typed
    for that one's question would become commands.
    """

    def __init__(self, hold: Callable[[], None], release: Callable[[], None]) -> None:
        self._hold = hold
        self._release = release
        self._newest: asyncio.Future[None] | None = None

    def begin(self, deed: "asyncio.Future[None]") -> None:
        """It was begun just now."""
        self._hold()
        self._newest = deed
        deed.add_done_callback(self._ended)

    def _ended(self, deed: "asyncio.Future[None]") -> None:
        if deed is self._newest:
            self._newest = None
            self._release()


async def answer_of(screen: Screen[T], dialog: Dialog) -> str | None:
    """Show a dialog over the screen and wait for what it says."""
    answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def answer(value: str | None) -> None:
        if not answered.done():
            answered.set_result(value)

    dialog.is_awaited = True
    await screen.app.push_screen(dialog, answer)
    program_of(screen).release_keys()
    try:
        return await answered
    finally:
        dialog.is_awaited = False
        screen.app.call_later(program_of(screen).release_keys, ANSWER)


async def line_of(screen: Screen[T], question: Question) -> str | None:
    """Ask at the bottom of the screen and wait for what is typed there."""
    # Enter may answer nothing: what was typed behind it is for the line again.
    answered = screen.query_one(Prompt).answer_to(question, stays=lambda: program_of(screen).release_keys(ANSWER))
    # The field gets the focus by a message of its own; what was typed ahead must come behind it.
    screen.app.call_later(program_of(screen).release_keys)
    try:
        return await answered
    finally:
        screen.app.call_later(program_of(screen).release_keys, ANSWER)
