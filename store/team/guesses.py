"""Wrong tries, counted before the secret is looked at: a thousand at once get no more tries than one after the other. Kept over a restart."""

from collections.abc import Sequence
from datetime import datetime

from store.clock import Clock
from store.domain.guessing import HALVED_EVERY, Limit, failures_left, wait_until
from store.domain.ids import MemberKey
from store.team import people_statements as p
from store.team.connection import Connection
from store.team.errors import TriedTooOften
from store.team.rows import from_micros, run, to_micros, value
from store.team.trust_facts import note
from store.team.writing import Write, Written

FORGOTTEN_AFTER = HALVED_EVERY * 8
MOST_NAMES = 10_000
"""What is counted at most; the one longest quiet is forgotten first. An address that floods is slowed down itself long before."""


class Guesses:
    """The counts. A try is begun, and taken back when the secret was right."""

    def __init__(self, clock: Clock, write: Write) -> None:
        self._clock = clock
        self._write = write

    async def begin(self, limits: Sequence[Limit]) -> None:
        """Count a try against every limit.

        Raises:
            TriedTooOften: One is reached; nothing was counted.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Written[datetime | None]:
            counted = [(limit, *_count(connection, limit.name, now)) for limit in limits]
            later = max((wait_until(failures, last_at, limit.free) for limit, failures, last_at in counted if failures >= limit.free), default=now)
            if later > now:
                return later, ()
            for limit, failures, _last_at in counted:
                run(connection, p.PUT_GUESSES, name=limit.name, failures=failures + 1, last_at=to_micros(now))
            _forget_old(connection, now)
            return None, ()

        later = await self._write(work)
        if later is not None:
            raise TriedTooOften(max(1, round((later - now).total_seconds())))

    async def right(self, limits: Sequence[Limit]) -> None:
        """The secret was right: the try is taken back, and where a limit says so everything before it."""
        await self._undo(limits, clearing=True)

    async def take_back(self, limits: Sequence[Limit]) -> None:
        """The secret was not looked at, or more is needed: this try does not count, those before it still do."""
        await self._undo(limits, clearing=False)

    async def _undo(self, limits: Sequence[Limit], *, clearing: bool) -> None:
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            for limit in limits:
                failures, last_at = _count(connection, limit.name, now)
                if (limit.cleared and clearing) or failures <= 1:
                    run(connection, p.DROP_GUESSES, name=limit.name)
                else:
                    run(connection, p.PUT_GUESSES, name=limit.name, failures=failures - 1, last_at=to_micros(last_at))
            return None, ()

        await self._write(work)

    async def wrong(self, member: MemberKey, what: str, place: str) -> None:
        """Tell of a try that was wrong; it is counted already."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            note(connection, now, member, what, place)
            return None, ()

        await self._write(work)


def _count(connection: Connection, name: str, now: datetime) -> tuple[int, datetime]:
    rows = run(connection, p.GUESSES, name=name)
    if not rows:
        return 0, now
    last_at = from_micros(rows[0][1])
    return failures_left(rows[0][0], last_at, now), last_at


def _forget_old(connection: Connection, now: datetime) -> None:
    run(connection, p.DROP_OLD_GUESSES, before=to_micros(now - FORGOTTEN_AFTER))
    beyond = int(str(value(connection, p.COUNT_GUESSES))) - MOST_NAMES
    if beyond > 0:
        oldest = value(connection, p.OLDEST_GUESSES, skip=beyond)
        run(connection, p.DROP_OLD_GUESSES, before=oldest)
