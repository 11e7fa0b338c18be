"""Whose turn it is: of the programs in one home one pulls; the others show what it stores, and one of them takes over when it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.errors import AlreadyRunning
from store.settings.lock import HomeLock

LOOK_SECONDS = 0.25
"""How often one that waits asks for the lock, and looks for what the other has stored. Each costs some microseconds."""


class PulledElsewhere(MadoError):
    """No error to be mended: another program does the work."""

    def __init__(self, pid: int | None) -> None:
        who = f" (process {pid})" if pid else ""
        super().__init__(f"another program of this home{who} fetches the mail; what it fetches is seen here as well", pid=pid)
        self.pid = pid


@asynccontextmanager
async def its_turn(lock: HomeLock, store: LocalStore, on_waiting: Callable[[PulledElsewhere], None]) -> AsyncIterator[None]:
    """Hold the lock in the block; until it is free, tell this process's subscribers of what its holder commits.

    `on_waiting` is called once, if there is a wait. The kernel frees the lock when its holder dies, however it dies.
    """
    if not _take(lock, on_waiting):
        with closing(store.following()) as following:
            while True:
                await asyncio.to_thread(following.look)
                if _take(lock, None):
                    break
                await asyncio.sleep(LOOK_SECONDS)
            await asyncio.to_thread(following.look)
    try:
        yield
    finally:
        lock.release()


def _take(lock: HomeLock, on_waiting: Callable[[PulledElsewhere], None] | None) -> bool:
    try:
        lock.take()
    except AlreadyRunning as other:
        if on_waiting is not None:
            on_waiting(PulledElsewhere(other.pid))
        return False
    return True
