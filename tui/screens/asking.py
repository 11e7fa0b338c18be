"""Waiting for an answer of a dialog or of the prompt without blocking the keys."""

import asyncio
from typing import TypeVar

from textual.screen import Screen

from tui.screens.picker import Dialog
from tui.screens.program import ANSWER, program_of
from tui.widgets.prompt import Prompt, Question

T = TypeVar("T")


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
    answered = screen.query_one(Prompt).answer_to(question)
    # The field gets the focus by a message of its own; what was typed ahead must come behind it.
    screen.app.call_later(program_of(screen).release_keys)
    try:
        return await answered
    finally:
        screen.app.call_later(program_of(screen).release_keys, ANSWER)
