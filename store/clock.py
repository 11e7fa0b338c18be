"""Time comes in through a door: the one place of the program that reads a clock for the rules."""

import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol


class Clock(Protocol):
    """Where `now` comes from; tests pass one that moves when they say so."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go backwards; only differences mean anything."""
        ...


class SystemClock:
    """The wall clock as it was at the start, moved on by the boot clock.

    Setting the machine's clock back or forth does not move it: a lease would end early or never. It counts a laptop's sleep.
    """

    def __init__(self) -> None:
        self._started_at = datetime.now(UTC)
        self._started = time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._started_at + timedelta(seconds=self.monotonic() - self._started)

    def monotonic(self) -> float:
        """Seconds since boot, sleep included where the system counts it."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class LocalZone(tzinfo):
    """This machine's zone with its rules, not only with the offset of today: a day in winter begins at midnight in winter's time."""

    def utcoffset(self, at: datetime | None, /) -> timedelta | None:
        """East of UTC, at that time on the wall."""
        bare = datetime.now() if at is None else at.replace(tzinfo=None)  # noqa: DTZ005 - the wall clock is what is asked for
        try:
            return bare.astimezone().utcoffset()
        except (OverflowError, ValueError, OSError):
            # At the ends of the calendar: nothing has happened there.
            return datetime.now(UTC).astimezone().utcoffset()

    def dst(self, _at: datetime | None, /) -> timedelta | None:
        """Which part of it is summer's: not known apart."""
        return None

    def tzname(self, at: datetime | None, /) -> str | None:
        """The zone's name for itself."""
        return None if at is None else at.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, at: datetime, /) -> datetime:
        """The time on the wall at a moment of UTC."""
        return at.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


def local_now() -> datetime:
    """The time in this machine's own zone: for what a person means by `today`, never for the rules."""
    return datetime.now(LocalZone())
