"""How often to look where nobody tells: soon while a mailbox is busy, seldom while it is quiet. Pure."""

from dataclasses import dataclass

SLOWER = 1.5


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks: `soonest` after one that found something, then longer and longer up to `latest`."""

    soonest_seconds: float
    latest_seconds: float

    def after(self, seconds: float, *, news: bool) -> float:
        """The next wait, after one of `seconds` whose look found news or nothing."""
        return self.soonest_seconds if news else min(self.latest_seconds, max(seconds * SLOWER, self.soonest_seconds))
