"""Sets of UIDs as IMAP writes them (`1:5,7`, RFC 9051 9 sequence-set), without ever spelling a range out."""

import re
from collections.abc import Iterable, Iterator, Sequence

HIGHEST_UID = 2**32 - 1
"""The end of every range that is open; `*` would name the last message even where it lies below the range."""
HIGHEST_NUMBER = 2**63 - 1
"""The largest that a store takes (RFC 7162 7 bounds a modseq by it)."""
NUMBER = re.compile(rb"\d{1,20}", re.ASCII)
MOST_UIDS = 5_000_000
"""More than any mailbox holds: a server that names so many is believed no more, for they would take all memory."""
UidRanges = tuple[range, ...]
"""Ranges of UIDs; `range(1, 6)` is `1:5`."""


def parse_ranges(text: bytes) -> UidRanges:
    """Read a sequence-set; raises ValueError for anything else, `*` included (a server never sends one)."""
    ranges = []
    for piece in text.split(b","):
        first, colon, last = piece.partition(b":")
        low = int(first)
        high = int(last) if colon else low
        ranges.append(range(min(low, high), max(low, high) + 1))
    return tuple(ranges)


def format_uids(uids: Iterable[int]) -> str:
    """Write UIDs as the shortest sequence-set; "" for none."""
    return ",".join(f"{run.start}" if len(run) == 1 else f"{run.start}:{run[-1]}" for run in runs(uids))


def runs(uids: Iterable[int]) -> Iterator[range]:
    """The UIDs as maximal ranges, ascending."""
    start = end = None
    for uid in sorted(set(uids)):
        if end is None or start is None:
            start = end = uid
        elif uid == end + 1:
            end = uid
        else:
            yield range(start, end + 1)
            start = end = uid
    if end is not None and start is not None:
        yield range(start, end + 1)


def expand(ranges: UidRanges) -> list[int]:
    """Spell ranges out, ascending; only for what the server says exists."""
    return sorted({uid for each in ranges for uid in each})


def within(known: Iterable[int], ranges: Sequence[range]) -> list[int]:
    """Those of `known` that lie in a range, ascending. A server may answer `1:4294967295`: the ranges are never spelled out."""
    found = []
    waiting = sorted(ranges, key=lambda each: each.start, reverse=True)
    reached = 0
    for uid in sorted(known):
        while waiting and waiting[-1].start <= uid:
            reached = max(reached, waiting.pop().stop)
        if uid < reached:
            found.append(uid)
    return found


def count(ranges: UidRanges) -> int:
    """How many UIDs they name, overlapping or not."""
    return sum(each.stop - each.start for each in ranges)
