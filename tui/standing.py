"""Screens that stand ready: mounted once, behind what is shown, and kept when they are left. What takes long about a screen is its mounting."""

import asyncio
from collections.abc import Callable
from typing import cast

from textual import events
from textual.app import App
from textual.screen import Screen

from tui.screens.program import S


class Standing(App[int]):
    """An app with such screens. Whoever shows one gives it what it is to show before it is pushed."""

    _standing: dict[type[Screen[str | None]], "asyncio.Task[Screen[str | None]]"]

    async def standing(self, kind: type[S], make: Callable[[], S]) -> S:
        """The screen of this kind, mounted and laid out for the terminal as it is; `make` makes it the first time."""
        try:
            known = self._standing
        except AttributeError:
            known = self._standing = {}
        if kind not in known:
            # Two who ask at once wait for the same mounting.
            known[kind] = asyncio.create_task(self._stood(make()))
        return cast("S", await asyncio.shield(known[kind]))

    async def _stood(self, screen: Screen[str | None]) -> Screen[str | None]:
        self.install_screen(screen, type(screen).__name__)
        _screen, mounted = self._get_screen(screen)
        await mounted
        # Textual lays out only what was on the screen before; one that is suspended counts for that.
        screen.post_message(events.ScreenSuspend())
        screen.post_message(events.Resize(self.size, self.size))
        return screen
