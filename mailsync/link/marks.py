"""Read marks between this home and the server: what was read here goes up in batches, what the same member read elsewhere comes down."""

import asyncio
import contextlib

from mailsync.link.client import TeamClient
from mailsync.link.protocol import MOST_MARKS, MarksSaid
from mailsync.link.threads import in_thread
from store.errors import MadoError
from store.local.store import LocalStore

GATHER_SECONDS = 3.0
"""Whoever reads through a hundred conversations says so in one call every few seconds; no key waits for it."""
LOOK_AGAIN_SECONDS = 300.0
"""A word that another terminal has read something may be lost: then it is late by this."""


async def exchange(client: TeamClient, store: LocalStore) -> None:
    """Tell what waits, in as many calls as it takes, and take in what is new. Told twice it is the same.

    Raises:
        EpochChanged: The mirror must be loaded anew first.
        ServerAway …: As for a call; what was not told waits.
    """
    epoch = await in_thread(store.mirror_epoch)
    if epoch is None:
        return
    if (await in_thread(store.marks.position)).epoch != epoch:
        await in_thread(store.marks.begin_epoch, epoch)
    while True:
        waiting = await in_thread(store.marks.waiting, MOST_MARKS)
        position = await in_thread(store.marks.position)
        answer = await client.exchange_marks(MarksSaid(epoch, waiting, position.n))
        await in_thread(store.marks.take, waiting, answer.marks, answer.n, answer.begun)
        if not answer.more and len(waiting) < MOST_MARKS:
            return


class MarkKeeper:
    """Of one link. `run` lives as long as a connection."""

    def __init__(self, client: TeamClient, store: LocalStore) -> None:
        self._client = client
        self._store = store
        self._wanted = asyncio.Event()

    def marked(self) -> None:
        """Something was read here, or set back to unread: tell it soon."""
        self._wanted.set()

    async def heard(self, n: int) -> None:
        """The member's marks have come to `n` at the server."""
        if n > (await in_thread(self._store.marks.position)).n:
            self._wanted.set()

    async def run(self) -> None:
        """Exchange at once, then whenever there is something, and never more often than every few seconds; for ever."""
        while True:
            self._wanted.clear()
            # Whatever goes wrong, the marks wait: at the next word, or the next connection, they go up.
            with contextlib.suppress(MadoError):
                await exchange(self._client, self._store)
            await asyncio.sleep(GATHER_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._wanted.wait()
