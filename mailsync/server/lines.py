"""The connections themselves, below any call: who says nothing, and who comes in crowds, is hung up on. HTTP's own bounds stand here too."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from mailsync.server.errors import TooMany

HEAD_SECONDS = 15.0
"""For the first whole request of a connection: line and headers. A body has its own time."""
IDLE_SECONDS = 90.0
"""A connection kept open between calls; longer than proxies keep theirs, so that it is they who hang up."""
LONGEST_LINE_BYTES = 4096
LONGEST_HEADER_BYTES = 8190
MOST_HEADERS = 64
MOST_STRANGERS = 1000
"""Connections over which nobody known has called yet; beyond it the oldest goes."""
MOST_LARGE = 2
"""Large bodies of one member at a time: each is held in memory."""
LINGER_SECONDS = 2.0
"""For the rest of a body that nobody wants."""
LOOK_SECONDS = 1.0


class Lines:
    """Every connection, from its first byte. Belongs to one event loop."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._since: dict[web.RequestHandler, float] = {}
        self._heard: set[web.RequestHandler] = set()
        self._known: set[web.RequestHandler] = set()
        self._large: Counter[str] = Counter()

    def heard(self, request: web.BaseRequest) -> None:
        """A whole request came over it."""
        self._heard.add(request.protocol)

    def known(self, request: web.BaseRequest) -> None:
        """Somebody we know called over it."""
        self._known.add(request.protocol)

    @contextmanager
    def large(self, whose: str) -> Iterator[None]:
        """While a large body is read.

        Raises:
            TooMany: Of this caller there are enough already.
        """
        if self._large[whose] >= MOST_LARGE:
            raise TooMany("Two large calls are on their way already; wait for one of them.")
        self._large[whose] += 1
        try:
            yield
        finally:
            self._large[whose] -= 1
            if not self._large[whose]:
                del self._large[whose]

    async def watch(self, server: web.Server) -> None:
        """Look again and again; for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look(server)

    def look(self, server: web.Server) -> None:
        """Hang up on whoever has not said what they want, and on the oldest of too many strangers."""
        now, there = self._now(), server.connections
        self._since = {one: self._since.get(one, now) for one in there}
        self._heard.intersection_update(there)
        self._known.intersection_update(there)
        silent = [one for one, since in self._since.items() if one not in self._heard and now - since >= HEAD_SECONDS]
        strangers = sorted((one for one in there if one not in self._known), key=self._since.__getitem__)
        for one in {*silent, *strangers[: max(0, len(strangers) - MOST_STRANGERS)]}:
            if one.transport is not None:
                one.transport.abort()
