"""How often a secret may be guessed: a few tries, then a wait, for each thing that is guessed at and for each place guesses come from."""

from collections import deque

from mailsync.server.errors import TooMany
from store.clock import Clock

TRIES = 10
WITHIN_SECONDS = 60.0
REMEMBERED = 10_000
"""Names and places kept in mind; the one longest quiet is forgotten first."""


class Throttle:
    """Counts failures only: who knows the secret is never kept waiting by their own success."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}

    def check(self, *names: str) -> None:
        """Return if none of the names failed too often lately.

        Raises:
            TooMany: One did.
        """
        since = self._clock.monotonic() - WITHIN_SECONDS
        for name in names:
            if sum(at > since for at in self._failures.get(name, ())) >= TRIES:
                raise TooMany("Too many wrong tries; wait a minute.")

    def failed(self, *names: str) -> None:
        """Remember a failure for each of the names."""
        for name in names:
            tries = self._failures.pop(name, deque(maxlen=TRIES))
            tries.append(self._clock.monotonic())
            self._failures[name] = tries
        while len(self._failures) > REMEMBERED:
            del self._failures[next(iter(self._failures))]
