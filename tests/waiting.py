"""Waiting for a condition with a deadline; no test sleeps for a fixed time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_AGAIN_SECONDS = 0.01
PATIENCE_SECONDS = 60.0
"""How long a failure takes; a machine that does much else at the moment needs as long now and then."""


def wait_until(condition: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Return the first true value of `condition`; fail naming what was waited for."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}"
        time.sleep(LOOK_AGAIN_SECONDS)
    return value


async def wait_for(condition: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """The same inside an event loop."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}"
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return value


async def wait_for_it(look: Callable[[], Awaitable[T]], condition: Callable[[T], object], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Return what an asynchronous look finds as soon as `condition` holds for it; fail naming what was waited for and what was found instead."""
    deadline = time.monotonic() + seconds
    while not condition(found := await look()):
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}: {found}"
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return found
