"""How fast a provider takes an inbox's mail: how many may leave in a minute, an hour, a day, and when the next one may. Pure."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.domain.ids import SubmissionId
from store.domain.outbox import OutboxState, RecipientResult
from store.settings.tables import SmtpSettings

LONGEST_WINDOW = timedelta(days=1)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
CLOSING = 421
TOO_FAST = ("4.7.0", "4.7.1", "4.7.28", "4.3.2", "too many", "rate limit", "throttl", "slow down")
"""How servers say that they would take it later, from anybody, and not this mail alone (RFC 3463 3.8, and their own words)."""


@dataclass(frozen=True)
class Limits:
    """Mails of one inbox in each time; 0: as many as there are."""

    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0

    @property
    def windows(self) -> Sequence[tuple[int, timedelta]]:
        """Those that are set."""
        each = ((self.per_minute, timedelta(minutes=1)), (self.per_hour, timedelta(hours=1)), (self.per_day, LONGEST_WINDOW))
        return tuple((most, window) for most, window in each if most)


def limits_of(smtp: SmtpSettings | None) -> Limits:
    """As the settings say."""
    return Limits(smtp.per_minute, smtp.per_hour, smtp.per_day) if smtp is not None else Limits()


def says_too_fast(results: Sequence[RecipientResult]) -> bool:
    """Whether the server asks for a slower pace."""
    return any(400 <= result.code < 500 and (result.code == CLOSING or any(word in result.reply.lower() for word in TOO_FAST)) for result in results)


class Pacer:
    """Of one inbox. Moments are the server's; what has left before a restart is told to it."""

    def __init__(self, limits: Limits, left: Iterable[datetime] = ()) -> None:
        self._limits = limits
        self._left = deque(sorted(left))
        self._promised: dict[SubmissionId, datetime] = {}
        self._pause = timedelta()
        self._paused_until: datetime | None = None

    def free_at(self, submission_id: SubmissionId, now: datetime) -> datetime:
        """When this one may leave; its place is kept for it. `now`: at once."""
        self._promised.pop(submission_id, None)
        self._mend_clock(now)
        while self._left and self._left[0] <= now - LONGEST_WINDOW:
            self._left.popleft()
        taken = sorted((*self._left, *self._promised.values()))
        at = now if self._paused_until is None else max(now, self._paused_until)
        for most, window in self._limits.windows:
            if len(taken) >= most:
                at = max(at, taken[-most] + window)
        self._promised[submission_id] = at
        return at

    def _mend_clock(self, now: datetime) -> None:
        """The machine's clock was set back: what left "later" than now left now, at the latest, and nothing waits for the old time."""
        if self._left and self._left[-1] > now:
            self._left = deque(min(at, now) for at in self._left)
            self._promised.clear()
        if self._paused_until is not None:
            self._paused_until = min(self._paused_until, now + self._pause)

    def has_left(self, submission_id: SubmissionId, at: datetime) -> None:
        """It got its ticket."""
        self._promised.pop(submission_id, None)
        if self._limits.windows:
            self._left.append(at)

    def gave_up(self, submission_id: SubmissionId) -> None:
        """It does not leave now: its place is another's."""
        self._promised.pop(submission_id, None)

    def heard(self, results: Sequence[RecipientResult], now: datetime) -> None:
        """What the server said of one: too fast, and the next waits, longer each time; taken, and all is well again."""
        if says_too_fast(results):
            self._pause = min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
            self._paused_until = now + self._pause
        elif any(result.state is OutboxState.ACCEPTED for result in results):
            self._pause, self._paused_until = timedelta(), None
