"""The quiet line at the bottom: which view, how many, whether all is well. Nothing in it changes by itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.domain.outbox import OutboxState
from tui.view.spans import Line, Span
from tui.view.width import columns_of, fit, shorten
from tui.words import _

BETWEEN_KEYS = "  "


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the line says; each already in words. `count` -1: not counted yet."""

    view: str
    count: int
    sync: str
    server: str
    mentions: int
    keys: str
    """With two blanks between any two."""
    marked: str = ""
    """How many are marked."""
    more: bool = False
    """There are more than `count`; nobody counted them."""
    outbox: str = ""
    """Replies of one's own that have not left."""


def outbox_words(outbox: Mapping[OutboxState, int]) -> str:
    """`1 unknown 1 deferred 2 leaving`; what asks for a decision first, "" where everything has left."""
    kinds = (
        ((OutboxState.UNKNOWN,), _("{n} unknown")),
        ((OutboxState.REFUSED,), _("{n} refused")),
        ((OutboxState.HELD,), _("{n} held")),
        ((OutboxState.DEFERRED,), _("{n} deferred")),
        ((OutboxState.QUEUED, OutboxState.SENDING), _("{n} leaving")),
        ((OutboxState.SCHEDULED,), _("{n} scheduled")),
    )
    counted = [(words, sum(outbox.get(state, 0) for state in states)) for states, words in kinds]
    return " ".join(words.format(n=n) for words, n in counted if n)


def status_line(facts: StatusFacts, width: int) -> Line:
    """View and count left, sync, server and mentions right, the keys between where there is room."""
    left = f" {facts.view}" + (f" {facts.count:,}{'+' if facts.more else ''}" if facts.count >= 0 else "")
    left += f"  {facts.marked}" if facts.marked else ""
    words = (f"@{facts.mentions}" if facts.mentions else "", facts.outbox, facts.sync, facts.server)
    right = "  ".join(word for word in words if word) + " "
    left = shorten(left, width)
    room = width - columns_of(left) - columns_of(right)
    if room < 2:
        return Line((Span(fit(left, width), "bar"),))
    middle = _fitting(facts.keys, room - 2)
    gap = room - columns_of(middle)
    return Line((Span(left, "bar"), Span(" " * (gap // 2) + middle + " " * (gap - gap // 2), "bar-keys"), Span(right, "bar")))


def _fitting(keys: str, columns: int) -> str:
    """As many of the keys as there is room for; the last of them, the way to all others, is kept longest."""
    shown = keys.split(BETWEEN_KEYS)
    while shown and columns_of(BETWEEN_KEYS.join(shown)) > columns:
        del shown[max(0, len(shown) - 2)]
    return BETWEEN_KEYS.join(shown)
