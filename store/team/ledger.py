"""Reading and writing the team's database from an event loop: writes come back after their commit, and everybody has heard of it by then."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from copy import copy
from functools import partial
from typing import TypeVar

from store.domain.ids import ConversationId, InboxKey, Seq
from store.team import reading
from store.team.connection import Connection, Question
from store.team.database import Database, SqliteDatabase
from store.team.duties import Duty, fenced
from store.team.leases import LeaseBook, pulses
from store.team.telling import Teller
from store.team.values import Published

T = TypeVar("T")

POLL_SECONDS = 1.0
"""How late another server's commit may be noticed when nothing rang."""
CATCH_UP_EVENTS = 500

Pulsed = Callable[[tuple[ConversationId, ...]], None]
"""Told at which conversations the holders of leases gave a pulse at other servers."""


class Ledger:
    """Belongs to one event loop. `duty`: in whose name it is written in; None: in nobody's."""

    def __init__(self, database: Database, seq: Seq) -> None:
        """`seq`: the newest event that nobody need be told of."""
        self.database = database
        self.teller = Teller(seq)
        self.duty: Duty | None = None
        self.told: Callable[[str], None] = _nobody_listens
        """What other servers say, and we ourselves; "" when something may have been missed. On the event loop."""
        self._catching = asyncio.Lock()

    def on_duty(self, duty: Duty) -> "Ledger":
        """The same for whoever does an inbox's work: writes raise `DutyLost` once another server does it."""
        view = copy(self)
        view.duty = duty
        return view

    def mine(self, inbox: InboxKey) -> bool:
        """Whether work of that inbox belongs to the duty it is written in."""
        return self.duty is None or self.duty.covers(inbox)

    @property
    def seq(self) -> Seq:
        """The newest event that subscribers were told."""
        return self.teller.seq

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """Read, on a reader's thread."""
        return await asyncio.wrap_future(self.database.ask(work))

    async def ask_at_once(self, work: Callable[[Connection], T]) -> T:
        """Read what is a look-up or two by key: in a file, a hop to the reader's thread would cost more than they do."""
        return self.database.now(work) if isinstance(self.database, SqliteDatabase) else await self.ask(work)

    async def write(self, work: Callable[[Connection], tuple[T, tuple[Published, ...]]], ahead: Sequence[Question] = ()) -> T:
        """Write, and tell the subscribers in order of commit; they are told even when the caller has gone away meanwhile. `ahead`: see
        `Database.submit`.
        """
        loop = asyncio.get_running_loop()

        def committed(future: Future[tuple[T, tuple[Published, ...]]]) -> None:
            # On the writer's thread, in order of commit: asyncio keeps that order, and runs this before the caller's own wake-up.
            if not future.cancelled() and future.exception() is None and future.result()[1]:
                loop.call_soon_threadsafe(self.teller.take, future.result()[1])

        future = self.database.submit(self._checked(work), ahead)
        future.add_done_callback(committed)
        answer, published = await asyncio.shield(asyncio.wrap_future(future))
        while published and published[-1].recorded[-1].seq > self.seq:
            # Another server's come first, and are there: seqs are given out in order of commit.
            await self.catch_up()
        return answer

    async def write_plain(self, work: Callable[[Connection], T]) -> T:
        """Write what nobody need be told of."""
        return await asyncio.shield(asyncio.wrap_future(self.database.submit(self._checked(work))))

    async def catch_up(self) -> None:
        """Tell what the journal holds beyond what was told."""
        async with self._catching:
            told = -1
            while told != self.seq:
                told = self.seq
                self.teller.take_journal(await self.ask(partial(reading.published_since, since=self.seq, limit=CATCH_UP_EVENTS)))

    async def follow(self, leases: LeaseBook, pulsed: Pulsed) -> None:
        """Tell the subscribers what other servers commit, within a second and mostly at once; for ever.

        Raises:
            StoreError: The database has been away for too long.
        """
        loop, rung = asyncio.get_running_loop(), asyncio.Event()

        def ring() -> None:
            # The bell may ring once more while the loop is being closed.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(rung.set)

        def tell(word: str) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self.told, word)

        self.database.listen(ring, tell)
        while self.database.shared:
            rung.clear()
            await self.catch_up()
            pulsed(leases.learn(await self.ask(pulses)))
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await rung.wait()

    def _checked(self, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
        return work if self.duty is None else fenced(work, self.duty)


def _nobody_listens(_word: str) -> None:
    pass
