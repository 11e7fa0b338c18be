"""Many events, a few at a time: what a key asks to be written waits behind one piece."""

from collections.abc import Iterator, Sequence

from store.domain.events import Recorded

AT_ONCE = 16
"""Events that are written in one transaction."""


def pieces_of(recorded: Sequence[Recorded]) -> Iterator[Sequence[Recorded]]:
    """These events in pieces of `AT_ONCE` or a few more, in order; what one command came to is never parted."""
    start = 0
    for at in range(1, len(recorded) + 1):
        key = recorded[at].command_key if at < len(recorded) else None
        if at == len(recorded) or (at - start >= AT_ONCE and (key is None or key != recorded[at - 1].command_key)):
            yield recorded[start:at]
            start = at
