"""Blocking work beside the event loop that is always finished: whoever cancels it may close what it works on afterwards."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do `work` in a thread and return what it returns.

    `asyncio.to_thread` lets go when it is cancelled, and the thread works on: on a store that its owner is closing. This waits for it.
    """
    doing = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        doing.exception()  # looked at, so that asyncio does not report it as forgotten
        raise
