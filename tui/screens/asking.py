"""Waiting for an answer of a dialog or of the prompt without blocking the keys."""

import asyncio
from typing import TypeVar

from textual.screen import Screen

from tui.screens.picker import Dialog
from tui.screens.program import program_of

T = TypeVar("T")


async def answer_of(screen: Screen[T], dialog: Dialog) -> str | None:
    """Show a dialog over the screen and wait for what it says."""
    answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def answer(value: str | None) -> None:
        if not answered.done():
            answered.set_result(value)

    await screen.app.push_screen(dialog, answer)
    program_of(screen).release_keys()
    return await answered
