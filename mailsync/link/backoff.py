"""How long to wait before the next try: longer each time, never the same for two clients."""

import secrets

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 15.0

_random = secrets.SystemRandom()


class Backoff:
    """Doubling waits with jitter: after a restart two thousand clients must not call in the same instant."""

    def __init__(self, first_seconds: float = FIRST_SECONDS, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._first = first_seconds
        self._longest = longest_seconds
        self._next = first_seconds

    def next_seconds(self, *, within_seconds: float = 0.0) -> float:
        """The next wait: between half and the whole of a value that doubles up to the longest, and any part of `within_seconds` more."""
        whole, self._next = self._next, min(self._next * 2, self._longest)
        return whole * _random.uniform(0.5, 1.0) + _random.uniform(0.0, max(0.0, min(within_seconds, self._longest)))

    def reset(self) -> None:
        """It worked: begin again with short waits."""
        self._next = self._first
