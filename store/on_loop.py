"""From another thread back to the event loop, with the context there: a timer of Textual's asks its context whose app it is."""

import asyncio
import contextlib
import contextvars
from collections.abc import Callable
from typing import TypeVarTuple, Unpack

Args = TypeVarTuple("Args")


class OnLoop:
    """The running event loop, and the context in which this was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()

    def soon(self, call: Callable[[Unpack[Args]], object], *args: *Args) -> None:
        """Call it on the loop, soon; from any thread. At the very end of the program there is no loop any more, and nobody to tell."""
        # A call into the loop would bring the other thread's context along, in which there is no app.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call, *args, context=self._context.copy())
