"""The quiet line at the bottom: which view, how many, whether all is well. Nothing in it changes by itself."""

from dataclasses import dataclass

from tui.view.spans import Line, Span
from tui.view.width import columns_of, fit, shorten

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


def status_line(facts: StatusFacts, width: int) -> Line:
    """View and count left, sync, server and mentions right, the keys between where there is room."""
    left = f" {facts.view}" + (f" {facts.count:,}{'+' if facts.more else ''}" if facts.count >= 0 else "")
    left += f"  {facts.marked}" if facts.marked else ""
    right = "  ".join(word for word in (f"@{facts.mentions}" if facts.mentions else "", facts.sync, facts.server) if word) + " "
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
