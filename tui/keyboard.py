"""Keys in the order they were pressed: each is done before the next one is heard, and none is heard before what it is meant for is there."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.screens.program import QUESTION
from tui.view.keys.reading import types_text

Typed = events.Key | events.Paste

ALT = "alt+"
ALT_WORDS = frozenset({"alt+b", "alt+f", "alt+d", "alt+backspace"})

LONGEST_SECONDS = 1.0
"""A key that is not done by then was lost with the screen it was for; those behind it must not be."""


class TextKey(events.Key):
    """A key that types something although Python calls it unprintable: the blank of a Japanese input method (U+3000), or what ties emoji together.

    No field would take it, and words typed with a blank between them would stand in one.
    """

    @property
    def is_printable(self) -> bool:
        """It is."""
        return True


TextKey.handler_name = events.Key.handler_name
"""It is heard by whoever hears keys."""


def apart(event: Typed, focused: Widget | None) -> tuple[Typed, ...]:
    """Esc and a letter right behind it, which came in one piece: `alt+b` is Esc, then `b`.

    By its letter alone such a key would be done in the very place that Esc was to leave. In a text, Alt and a letter mean a word back or on.
    """
    if isinstance(event, events.Key) and event.key in ALT_WORDS and not isinstance(focused, Input | TextArea):
        key = event.key.removeprefix(ALT)
        return events.Key("escape", "\x1b"), events.Key(key, key if len(key) == 1 else "\x7f")
    if isinstance(event, events.Key) and not event.is_printable and types_text(event.character):
        return (TextKey(event.key, event.character),)
    return (event,)


class Done(Message):
    """Follows a key from widget to widget up to the app: where this has come, the key and whatever it asked for on its way are done.

    A field leaves its own editing keys (^U, Backspace, Enter) to the app, five queues further; letters typed behind them would be in it first.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Keyboard:
    """What was typed and is not done yet.

    `hear` gives a key to whoever it is for; it answers where it was put, or None: it is done already.
    """

    def __init__(self, hear: Callable[[Typed], Awaitable[MessagePump | None]], later: Callable[[Callable[[], Awaitable[None]]], object]) -> None:
        self._hear = hear
        self._later = later
        self._awaited: set[object] = {QUESTION}
        """What is on its way to the screen; at the start the first page."""
        self._waiting: deque[Typed] = deque()
        self._underway: int | None = None
        self._number = 0
        self._watch: asyncio.TimerHandle | None = None

    async def press(self, event: Typed) -> None:
        """It was typed. Esc gives up waiting for a question, and all that was typed for it."""
        if QUESTION in self._awaited and isinstance(event, events.Key) and event.key == "escape":
            self._awaited.clear()
            self._waiting.clear()
        elif self._awaited or self._waiting or self._underway is not None:
            self._waiting.append(event)
            if self._underway is not None and self._watch is None:
                self._watch = asyncio.get_running_loop().call_later(LONGEST_SECONDS, self.done, self._underway)
        else:
            await self._give(event)

    def hold(self, what: object) -> None:
        """It comes: keep what is typed until `release`."""
        self._awaited.add(what)

    def release(self, what: object) -> None:
        """It is there, or there is none."""
        self._awaited.discard(what)
        self._go_on()

    def done(self, number: int | None = None) -> None:
        """So much for that key; None: for whichever is underway."""
        if number is None or number == self._underway:
            self._underway = None
            if self._watch is not None:
                self._watch.cancel()
                self._watch = None
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self._awaited and self._underway is None:
            # Behind whatever the last one has posted.
            self._later(self._next)

    async def _next(self) -> None:
        if self._waiting and not self._awaited and self._underway is None:
            await self._give(self._waiting.popleft())
            self._go_on()

    async def _give(self, event: Typed) -> None:
        self._number += 1
        self._underway = number = self._number
        to = await self._hear(event)
        if to is None or not to.post_message(Done(number)):
            self.done(number)
