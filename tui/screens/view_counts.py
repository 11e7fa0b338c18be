"""How many conversations each view has: counted beside the keys, seldom, and only while somebody sees it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Protocol

from store.domain.query import QueryError, parse_query
from store.domain.team_facts import names_of_statuses
from store.sqlite.errors import ReadGivenUp
from store.sqlite.reader import YIELDS
from tui.session import Session
from tui.view.sidebar import MOST
from tui.view.viewing import Listed
from tui.view_shelf import ViewShelf

EVERY_SECONDS = 1.0
"""Changes that come closer together than this are one count."""
LONGEST_SECONDS = 0.25
"""A count that takes longer is given up: whoever opens that view has it counted there."""
REST = 50
"""A count rests this many times as long as it took: of a slow one's work, never more than a fiftieth of the reader's time."""
GIVEN_UP_SECONDS = 60.0
CANNOT_BE_ASKED = -1


class Counting(Protocol):
    """The desk as this module sees it."""

    session: Session

    def spawn(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]": ...


class ViewCounts:
    """`is_seen` says whether anybody looks; `on_counts` is called on the event loop when a number is another."""

    def __init__(self, desk: Counting, shelf: ViewShelf, *, is_seen: Callable[[], bool], on_counts: Callable[[], None]) -> None:
        self._desk = desk
        self._shelf = shelf
        self._is_seen = is_seen
        self._on_counts = on_counts
        self._loop = asyncio.get_running_loop()
        self._due = False
        self._began_at = float("-inf")
        self._running: asyncio.Task[None] | None = None
        self._rests_until: dict[str, float] = {}
        self.known: dict[str, int] = {}
        """By `Listed.id`; `CANNOT_BE_ASKED` where the query is none any more."""

    def soon(self) -> None:
        """Something changed."""
        if not self._due and self._is_seen():
            self._due = True
            self._loop.call_later(max(0.0, self._began_at + EVERY_SECONDS - self._loop.time()), self._now)

    def anew(self) -> None:
        """The views are others, or the bar has only just come: what rests is counted too."""
        self._rests_until.clear()
        self.soon()

    def stand_aside(self) -> None:
        """Somebody waits for the store: what is being counted is given up, and counted later."""
        if self._running is not None and not self._running.done():
            self._running.cancel()
            self.soon()

    def _now(self) -> None:
        self._due = False
        if self._running is not None and not self._running.done():
            self.soon()
        elif self._is_seen():
            self._began_at = self._loop.time()
            self._running = self._desk.spawn(self._count())

    async def _count(self) -> None:
        before = dict(self.known)
        views = self._shelf.listed()
        resting = [until for one in views if (until := self._rests_until.get(one.id, 0.0)) > self._loop.time()]
        for one in views:
            if self._rests_until.get(one.id, 0.0) <= self._loop.time():
                await self._count_one(one)
        if resting:
            # Something changed, and theirs may be another number by now.
            self._loop.call_later(min(resting) - self._loop.time(), self.soon)
        there = {one.id for one in views}
        self.known = {name: count for name, count in self.known.items() if name in there}
        if before != self.known:
            self._on_counts()

    async def _count_one(self, one: Listed) -> None:
        session = self._desk.session
        try:
            query = parse_query(one.view.query, me=session.me, own_statuses=names_of_statuses(session.team))
        except QueryError:
            self.known[one.id] = CANNOT_BE_ASKED
            return
        began = self._loop.time()
        asked = session.store.ask(lambda: session.store.count(query, most=MOST), priority=YIELDS)
        try:
            self.known[one.id] = await asyncio.wait_for(asyncio.wrap_future(asked), LONGEST_SECONDS)
            self._rests_until[one.id] = self._loop.time() + REST * (self._loop.time() - began) - EVERY_SECONDS
        except ReadGivenUp:
            # Somebody waits for the store.
            self.soon()
        except TimeoutError:
            self.known.pop(one.id, None)
            self._rests_until[one.id] = self._loop.time() + GIVEN_UP_SECONDS
