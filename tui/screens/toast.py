"""What is said once, in place of a status bar: until the next key, and a notice never longer than it takes to read it."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from tui.view.spans import Line, Span

SAID_SECONDS = 8.0
"""So long a notice stands where no key is pressed: what the bar tells is wanted, too."""
ASIDE_SECONDS = 4.0
"""The same of a key that does nothing."""
STAYING = frozenset({"alarm"})
"""What was amiss while nobody looked stands until somebody is back at the keys."""


class Timer(Protocol):
    """What is going to happen, unless it is given up."""

    def cancel(self) -> None: ...


Later = Callable[[float, Callable[[], None]], Timer]
"""Do it in so many seconds."""


def _later(seconds: float, call: Callable[[], None]) -> Timer:
    return asyncio.get_running_loop().call_later(seconds, call)


class Toast:
    """One sentence; `paint` is called where the bar comes back by itself."""

    def __init__(self, paint: Callable[[], None], later: Later = _later) -> None:
        self._paint = paint
        self._later = later
        self._ending: Timer | None = None
        self.line: Line | None = None
        self.is_aside = False
        """Said of a key that does nothing."""

    def say(self, words: str, tone: str = "notice", *, aside: bool = False) -> None:
        """Say it; it is not painted yet."""
        self.forget()
        self.line, self.is_aside = said(words, tone), aside
        if tone not in STAYING:
            self._ending = self._later(ASIDE_SECONDS if aside else SAID_SECONDS, self._end)

    def forget(self) -> bool:
        """The bar again; False: it was there. Not painted yet."""
        was_said = self.line is not None
        self.line, self.is_aside = None, False
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        return was_said

    def _end(self) -> None:
        self.forget()
        self._paint()


def said(words: str, tone: str) -> Line:
    """The line of such a sentence."""
    return Line((Span(" " + words, tone),))
