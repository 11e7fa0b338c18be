"""What happens because time passed: leases that nobody keeps alive end, conversations on hold come back, checks are overdue."""

import asyncio
from datetime import datetime

from store.clock import Clock
from store.domain.commands import LapseLease, WakeConversation
from store.domain.events import CheckRequested, LeaseTaken, StatusChanged
from store.domain.lease import LAPSES_AFTER_IDLE, LEASE_SECONDS, lease_is_live
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, LeaseNow, Published

LOOK_EVERY_SECONDS = 1.0
"""How late an end may be noticed: a clock that jumps (a laptop's sleep) wakes nobody by itself."""


class Timers:
    """Lapses dead leases and wakes conversations, as the server. Sleeps while there is nothing that could end."""

    def __init__(self, desk: TeamDesk, clock: Clock, *, look_every_seconds: float = LOOK_EVERY_SECONDS) -> None:
        self._desk = desk
        self._clock = clock
        self._look_every_seconds = look_every_seconds
        self._news = asyncio.Event()

    async def run(self) -> None:
        """For ever; cancel it to stop.

        Raises:
            StoreError: The journal cannot be written.
        """
        unsubscribe = self._desk.subscribe(self._hear)
        try:
            while True:
                self._news.clear()
                now = self._clock.now()
                await self.lapse_dead_leases()
                await self.wake_conversations()
                await self._sleep(now)
        finally:
            unsubscribe()

    async def lapse_dead_leases(self) -> None:
        """End every lease whose holder fell silent or stopped typing; whoever left text there keeps the conversation."""
        now = self._clock.now()
        for standing in self._desk.leases():
            if not lease_is_live(standing.lease, standing.pulse, now):
                has_text = await self._desk.has_draft(standing.lease.by, standing.conversation_id)
                command = LapseLease(conversation_id=standing.conversation_id, token=standing.lease.token, has_text=has_text)
                # A refusal means that it was released, taken over or renewed meanwhile: just as well.
                await self._desk.execute(THE_SERVER, None, command)

    async def wake_conversations(self) -> None:
        """Bring back what was on hold until now, and tell of checks that nobody decided in time."""
        for conversation_id in await self._desk.waking(self._clock.now()):
            await self._desk.execute(THE_SERVER, None, WakeConversation(conversation_id=conversation_id))

    def _hear(self, published: Published) -> None:
        if any(isinstance(recorded.event, LeaseTaken | StatusChanged | CheckRequested) for recorded in published.recorded):
            self._news.set()

    async def _sleep(self, looked_at: datetime) -> None:
        """Until something may have ended, or something new can end."""
        wake_at = await self._desk.next_wake_at()
        ends = [end_of(standing) for standing in self._desk.leases()] + ([wake_at] if wake_at else [])
        if not ends:
            await self._news.wait()
            return
        # An end that was past when looked at and yet stands was refused just now: looked at again in a while, not at once.
        now = self._clock.now()
        ahead = [max(0.0, (end - now).total_seconds()) for end in ends if end > looked_at]
        try:
            async with asyncio.timeout(min([self._look_every_seconds, *ahead])):
                await self._news.wait()
        except TimeoutError:
            return


def end_of(standing: LeaseNow) -> datetime:
    """When this lease ends if its holder is not heard of again."""
    renewed_at, typed_at = (standing.pulse.renewed_at, standing.pulse.typed_at) if standing.pulse else (standing.lease.since, standing.lease.since)
    return min(renewed_at + LEASE_SECONDS, typed_at + LAPSES_AFTER_IDLE)
