"""Waiting that notices when the machine itself slept: a closed laptop stops a wait, but not the boot clock."""

from mailsync.imap.channel import Interrupt
from store.clock import Clock

LOOK_SECONDS = 5.0
"""How long one step of a wait lasts before the clock is asked."""
SLEPT_SECONDS = 10.0
"""A step that took so much longer than it should: the machine slept, or stood still for as long."""


def has_slept(clock: Clock, began: float, step_seconds: float) -> bool:
    """Whether a step that began then, and should last so long, was slept through."""
    return clock.monotonic() - began > step_seconds + SLEPT_SECONDS


def wait_awake(interrupt: Interrupt, clock: Clock, seconds: float) -> bool:
    """Wait, until somebody asks at the latest; True when the machine slept meanwhile, at once after it woke."""
    until = clock.monotonic() + seconds
    while (left := until - clock.monotonic()) > 0:
        began, step_seconds = clock.monotonic(), min(left, LOOK_SECONDS)
        if interrupt.wait(step_seconds):
            return False
        if has_slept(clock, began, step_seconds):
            return True
    return False
