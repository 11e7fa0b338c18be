"""What a person waits for at a pseudo-terminal: words to come, words to go, the program to end."""

import time
from collections.abc import Callable

from pty_screen import PtyScreen

SECONDS = 60.0


def shown(screen: PtyScreen, *wanted: str, seconds: float = SECONDS) -> str:
    """The screen as soon as all of it stands there."""
    _painted(screen, lambda: all(each in screen.text() for each in wanted), f"{wanted} did not appear", seconds)
    return screen.text()


def gone(screen: PtyScreen, unwanted: str, seconds: float = SECONDS) -> None:
    """Return as soon as it stands there no more."""
    _painted(screen, lambda: unwanted not in screen.text(), f"{unwanted} did not go", seconds)


def rests(screen: PtyScreen, at_rest_seconds: float, seconds: float = SECONDS) -> None:
    """Return once nothing was written for so long; what is still on its way may come before that."""
    until = time.monotonic() + seconds
    while written := screen.settle(patience_seconds=at_rest_seconds, limit_seconds=at_rest_seconds):
        assert time.monotonic() < until, f"it does not come to rest, the last were {written} bytes:\n{screen.text()}"


def ended(screen: PtyScreen, seconds: float = SECONDS) -> None:
    """Return once the program has ended; what it writes until then is read."""
    _painted(screen, screen.has_ended, "the program did not end", seconds)


def _painted(screen: PtyScreen, is_so: Callable[[], bool], failure: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"{failure}:\n{screen.text()}"
        screen.settle(patience_seconds=0.05, quiet_seconds=0.02, limit_seconds=0.3)
