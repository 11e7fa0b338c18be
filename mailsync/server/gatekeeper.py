"""Who may not be inside any more is shown out: sessions that were ended, here or by another server process, that ran out, or whose member is over."""

import asyncio
import logging
from datetime import datetime, timedelta

from mailsync.server.stream import Hub
from store.clock import Clock
from store.domain.ids import MemberKey
from store.domain.people import SERVER, Member
from store.team.desk import TeamDesk
from store.team.end_dates import doubted_end_dates, is_doubted

LOOK_EVERY_SECONDS = 0.5
LOOK_BACK = timedelta(seconds=30)
"""Other processes' clocks may be behind, and their commits late."""
COUNT_USE_EVERY = timedelta(minutes=5)
"""An open stream is a use of its session."""
JUMP_SECONDS = 5.0
"""By how much the time of day may move otherwise than time passed, between two rounds."""
SETTLED_SECONDS = 600.0
"""How long the time of day must have gone evenly before a date ends a member for good: a clock is wrong after a start, or jumps, and is set right
in minutes. Ended, a member's homes are emptied. Their calls are refused all the same, at once."""
TIDY_EVERY = timedelta(hours=6)

_log = logging.getLogger(__name__)


class Gatekeeper:
    """Calls are checked one by one; streams stay open, so somebody has to go round."""

    def __init__(self, desk: TeamDesk, hub: Hub, clock: Clock, *, look_every_seconds: float = LOOK_EVERY_SECONDS) -> None:
        self._desk = desk
        self._hub = hub
        self._clock = clock
        self._look_every_seconds = look_every_seconds
        self._news = asyncio.Event()
        self._round = (clock.now(), clock.monotonic())
        self._settled_at = clock.monotonic() + SETTLED_SECONDS
        self._doubted: dict[MemberKey, datetime] | None = None
        self._told: set[MemberKey] = set()
        self._counted_at = clock.now()
        self._tidied_at = clock.now()

    def look(self) -> None:
        """Something was ended just now."""
        self._news.set()

    async def run(self) -> None:
        """For ever; cancel it to stop.

        Raises:
            StoreError: The database cannot be read or written.
        """
        while True:
            await self.go_round()
            try:
                async with asyncio.timeout(self._look_every_seconds):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def go_round(self) -> None:
        """Look once."""
        self._news.clear()
        now = self._clock.now()
        await self._end_who_is_over(now)
        inside = frozenset(whose for whose in self._hub.sessions() if not whose.startswith("unix "))
        if inside:
            ended = set(await self._desk.people.sessions.ended_among(inside, now - LOOK_BACK))
            if now - self._counted_at >= COUNT_USE_EVERY:
                self._counted_at = now
                ended |= await self._desk.people.sessions.count_use(inside - ended)
            if ended:
                self._hub.cut("session_ended", lambda line: line.whose in ended)
        if now - self._tidied_at >= TIDY_EVERY:
            self._tidied_at = now
            await self._desk.people.sessions.drop_old()

    async def _end_who_is_over(self, now: datetime) -> None:
        moment = self._clock.monotonic()
        before, before_moment = self._round
        self._round = (now, moment)
        if abs((now - before).total_seconds() - (moment - before_moment)) > JUMP_SECONDS:
            self._settled_at = moment + SETTLED_SECONDS
        refused = set[MemberKey]()
        for member in self._desk.people.over(now):
            if moment < self._settled_at or await self._has_a_date_of_the_backup(member):
                refused.add(member.key)
                continue
            _log.info("a member's time is over", extra={"member": member.key})
            await self._desk.people.deactivate(member.key, SERVER)
            await self._desk.free_leases_of(member.key)
        if refused:
            self._hub.cut("session_ended", lambda line: line.member.key in refused)

    async def _has_a_date_of_the_backup(self, member: Member) -> bool:
        """Whether it was put off after the backup was made, only a person knows."""
        if self._doubted is None:
            self._doubted = await self._desk.ask(doubted_end_dates)
        if not is_doubted(member, self._doubted):
            return False
        if member.key not in self._told:
            self._told.add(member.key)
            _log.warning("a member's end date is the restored backup's: set it anew, or deactivate them", extra={"member": member.key})
        return True
