"""Screens that stand ready: mounted once, behind what is shown, and kept when they are left. What takes long about a screen is its mounting."""

import asyncio
from collections.abc import Callable
from typing import cast

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen

from tui.screens.program import S


class Standing(App[int]):
    """An app with such screens. Whoever shows one gives it what it is to show before it is pushed."""

    def __init__(self, driver_class: type[Driver]) -> None:
        super().__init__(driver_class=driver_class)
        self._standing: dict[type[Screen[str | None]], asyncio.Task[Screen[str | None]]] = {}

    def on_resize(self, event: events.Resize) -> None:
        """Textual tells those on the screen and below; those that are not shown must fit too when they are, and not only a frame later."""
        for task in self._standing.values():
            if task.done() and not task.cancelled() and task.exception() is None and task.result() not in self.screen_stack:
                task.result().post_message(events.Resize(event.size, event.size))

    async def standing(self, kind: type[S], make: Callable[[], S]) -> S:
        """The screen of this kind, mounted and laid out for the terminal as it is; `make` makes it the first time."""
        if kind not in self._standing:
            # Two who ask at once wait for the same mounting.
            self._standing[kind] = asyncio.create_task(self._stood(make()))
        return cast("S", await asyncio.shield(self._standing[kind]))

    async def _stood(self, screen: Screen[str | None]) -> Screen[str | None]:
        self.install_screen(screen, type(screen).__name__)
        _screen, mounted = self._get_screen(screen)
        await mounted
        # Textual lays out only what was on the screen before; one that is suspended counts for that.
        screen.post_message(events.ScreenSuspend())
        screen.post_message(events.Resize(self.size, self.size))
        return screen
