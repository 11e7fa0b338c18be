"""Who of several servers does an inbox's work: watches its mailboxes, sends its replies, keeps its times. One at a time, proved in every write.

A holder shows each 2 s that it is alive. Whoever wants the work watches that beat by its own monotonic clock, so no two clocks are ever
compared. A holder that was paused wakes with an old token: its next write is refused, and it stops.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from mailsync.server.mailing import MailingRunner
from mailsync.server.outbox import OutboxRunner
from mailsync.server.timers import Timers
from mailsync.server.watcher import Watcher
from store.clock import Clock
from store.domain.ids import InboxKey
from store.settings.settings import Settings
from store.team.desk import TeamDesk
from store.team.duties import THE_REST, Beat, Duty
from store.team.errors import DutyLost


@dataclass(frozen=True)
class DutyPace:
    """How soon a silent server's work is taken over; tests are in a hurry."""

    beat_seconds: float = 2.0
    silent_seconds: float = 10.0
    """Without a beat for so long, a holder is taken for dead or paused."""
    look_seconds: float = 1.0

    @property
    def fresh_seconds(self) -> float:
        """How old one's own last beat may be for a mail to be handed over: well before anybody else may take over."""
        return self.silent_seconds / 2


PACE = DutyPace()


@dataclass(frozen=True)
class Works:
    """What one duty consists of, on a desk that is fenced by it."""

    watcher: Watcher
    outbox: OutboxRunner
    timers: Timers
    mailings: MailingRunner


MayStart = Callable[[], bool]
"""Whether this server is surely the one that does this work at this moment."""
Make = Callable[[TeamDesk, Settings, MayStart], Works]
"""Puts together the works of the inboxes in the settings."""


class Duties:
    """All the work of a house that only one server may do, as far as it is ours. Belongs to one event loop."""

    def __init__(self, desk: TeamDesk, settings: Settings, clock: Clock, make: Make, *, pace: DutyPace = PACE) -> None:
        self._desk = desk
        self._settings = settings
        self._clock = clock
        self._make = make
        self._pace = pace
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._named = frozenset(inbox.key for inbox in settings.inboxes)
        self._held: dict[InboxKey, Duty] = {}
        self._works: dict[InboxKey, Works] = {}
        self._lost: dict[InboxKey, asyncio.Event] = {}
        self._beaten_at = 0.0

    @property
    def held(self) -> frozenset[InboxKey]:
        """The inboxes whose work is ours now."""
        return frozenset(self._held)

    async def run(self) -> None:
        """Do, or wait for, the work of every inbox, for ever; cancel it to stop (`drain` first).

        Raises:
            StoreError: The journal cannot be written.
        """
        async with asyncio.TaskGroup() as tasks:
            for inbox in (*sorted(self._named), THE_REST):
                tasks.create_task(self._serve(inbox))
            if self._desk.shared:
                tasks.create_task(self._beat())

    async def drain(self, seconds: float) -> None:
        """Issue no more tickets, and wait for what is leaving."""
        await asyncio.gather(*(works.outbox.drain(seconds) for works in self._works.values()))

    async def give_up(self) -> None:
        """Let other servers go on at once, after the end of `run`."""
        held, self._held = tuple(self._held.values()), {}
        if held:
            await self._desk.give_up_duties(held)

    def hint(self, inbox: InboxKey) -> None:
        """Somebody says that there is new mail."""
        if works := self._works.get(inbox):
            works.watcher.hint(inbox)

    def may_start(self) -> bool:
        """Whether nobody can have taken our work over: what cannot be taken back may begin."""
        return not self._desk.shared or self._clock.monotonic() - self._beaten_at < self._pace.fresh_seconds

    async def _serve(self, inbox: InboxKey) -> None:
        while True:
            duty = await self._win(inbox)
            self._held[inbox], self._lost[inbox] = duty, asyncio.Event()
            self._works[inbox] = works = self._make(self._desk.on_duty(duty), self._of(inbox), self.may_start)
            try:
                async with asyncio.TaskGroup() as tasks:
                    for work in (works.watcher.run(), works.outbox.run(), works.timers.run(), works.mailings.run(), self._until_lost(duty)):
                        tasks.create_task(work)
            except* DutyLost:
                self._held.pop(inbox, None)
            finally:
                self._works.pop(inbox, None)

    async def _until_lost(self, duty: Duty) -> None:
        await self._lost[duty.inbox].wait()
        raise DutyLost(duty.inbox)

    async def _win(self, inbox: InboxKey) -> Duty:
        """Wait until nobody does this work, or until whoever does has been silent for too long."""
        known: Beat | None = None
        since = self._clock.monotonic()
        while True:
            began = self._clock.monotonic()
            silent = known if began - since >= self._pace.silent_seconds else None
            found = await self._desk.take_duty(inbox, self._named, self._holder, silent)
            if isinstance(found, Duty):
                # The taking is a beat as well; counted from before it, for it may have waited.
                self._beaten_at = max(self._beaten_at, began) if self._held else began
                return found
            if found != known:
                known, since = found, self._clock.monotonic()
            await asyncio.sleep(self._pace.look_seconds)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._pace.beat_seconds)
            began = self._clock.monotonic()
            lost = await self._desk.beat_duties(tuple(self._held.values()))
            # Work that was taken meanwhile was a beat as well, and a later one.
            self._beaten_at = max(self._beaten_at, began)
            for inbox in lost & self._lost.keys():
                self._lost[inbox].set()

    def _of(self, inbox: InboxKey) -> Settings:
        return msgspec.structs.replace(self._settings, inboxes=tuple(one for one in self._settings.inboxes if one.key == inbox))
