"""Seconds of the processor as one machine takes them, so that "two seconds" are the same promise on a slower or a busier one.

A piece of work that never changes, the yardstick, is timed right after what is measured, in the same thread. What was measured counts by how
much longer the yardstick takes here than it took there. It makes and drops many small objects, as a mail's reading does: a machine that is slow
with memory is slow with both.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

YARDSTICK_SECONDS = 0.100
"""Of `yardstick` on the reference machine: the median of fifty runs of `python -m tests.mime.reference_seconds` with nothing else running."""
NEGLIGIBLE_SECONDS = 0.25
"""Not weighed: no machine is so much faster than the reference that this would be too long there."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail when what is done here costs this thread more seconds of the reference machine's processor."""
    with heap_left_alone():
        began = time.thread_time()
        yield
        cost = on_the_reference_machine(time.thread_time() - began, enough=seconds)
    assert cost <= seconds, f"{cost:.2f} s of the processor"


@contextmanager
def heap_left_alone() -> Iterator[None]:
    """What lives already is not looked through for garbage: a test's worker holds millions of objects that its input has no part in."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def on_the_reference_machine(seconds: float, *, enough: float = 0) -> float:
    """Seconds that this thread has just spent, as that machine would have spent them.

    The slower of two looks at the yardstick counts; there is no second one when by the first it was `enough` at most.
    """
    if seconds < NEGLIGIBLE_SECONDS:
        return seconds
    cost = seconds * YARDSTICK_SECONDS / yardstick()
    return cost if cost <= enough else min(cost, seconds * YARDSTICK_SECONDS / yardstick())


def yardstick() -> float:
    """Seconds of the processor for a fixed piece of work."""
    began = time.thread_time()
    for _ in range(7):
        lines = [f"> {number} lorem ipsum" for number in range(20_000)]
        cells = [{number % 30: line} for number, line in enumerate(lines)]
        text = "\n".join(line for row in cells for line in row.values() if line.startswith(">"))
        assert len([word for line in text.split("\n") for word in line.split(" ")]) == 80_000
    return time.thread_time() - began


if __name__ == "__main__":
    print(sorted(yardstick() for _ in range(50))[25])
