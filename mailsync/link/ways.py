"""Which way the stream gets through: a WebSocket; where something on the way refuses it, server-sent events; else one question after the other."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from mailsync.link.errors import ServerAway
from mailsync.link.stream import Stream, begun
from store.domain.ids import Seq

HELLO_SECONDS = 10.0
"""For the first message. A proxy that gathers an answer before it hands it on looks like a server that says nothing."""
BEST_AGAIN_SECONDS = 600.0
"""How long a lesser way is kept: the next network may let the best one through."""


class WayBlocked(ServerAway):
    """Something between us and the server does not let this way through; another may."""


Opening = Callable[[Seq], AbstractAsyncContextManager[Stream]]


class Ways:
    """Remembers what worked. `openings`: the best first; only of the last one is a failure the server's."""

    def __init__(self, *openings: Opening, hello_seconds: float = HELLO_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._openings = openings
        self._hello_seconds = hello_seconds
        self._now = now
        self._known_good = 0
        self._best_again_at = 0.0

    @property
    def known_good(self) -> int:
        """The place of the way that got through last."""
        return self._known_good

    @asynccontextmanager
    async def open(self, since: Seq) -> AsyncIterator[Stream]:
        """A stream that has said its first word.

        Raises:
            ServerAway …: No way gets through, or the server itself says no.
        """
        first = 0 if self._now() >= self._best_again_at else self._known_good
        for place in range(first, len(self._openings)):
            last = place == len(self._openings) - 1
            async with AsyncExitStack() as stack:
                try:
                    stream = await self._begun(stack, self._openings[place](since), last=last)
                except WayBlocked:
                    if last:
                        raise
                    continue
                if place and place != self._known_good:
                    self._best_again_at = self._now() + BEST_AGAIN_SECONDS
                self._known_good = place
                yield stream
                return

    async def _begun(self, stack: AsyncExitStack, opening: AbstractAsyncContextManager[Stream], *, last: bool) -> Stream:
        """Open, and wait for the first word.

        Raises:
            WayBlocked: It did not come.
        """
        try:
            async with asyncio.timeout(None if last else self._hello_seconds):
                stream = await stack.enter_async_context(opening)
                first = await self._first(stream, last=last)
        except TimeoutError as error:
            raise WayBlocked("the server", "the stream says nothing") from error
        if first is None:
            raise WayBlocked("the server", "the stream ended before its first word")
        return first

    async def _first(self, stream: Stream, *, last: bool) -> Stream | None:
        try:
            return await begun(stream)
        except ServerAway as error:
            raise error if last else WayBlocked("the server", "the stream broke before its first word") from error


def a_place() -> int:
    """What tells this terminal from the others of its session."""
    return secrets.randbelow(16)
