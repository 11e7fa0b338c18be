"""A clock that a test moves, and that may jump like a machine's."""

from datetime import UTC, datetime, timedelta


class HandClock:
    """Stands still until it is moved; `jumps` moves the wall clock alone, as somebody who sets it does."""

    def __init__(self) -> None:
        self._now = datetime(2026, 7, 6, 9, tzinfo=UTC)
        self._monotonic = 1_000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def moves(self, seconds: float) -> None:
        """Time passes, a laptop's sleep included."""
        self._monotonic += seconds
        self._now += timedelta(seconds=seconds)

    def jumps(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self._now += timedelta(seconds=seconds)
