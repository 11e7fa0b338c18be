"""How well a row of a full-text index answers a question: where the words stand and how often, whatever other rows hold.

SQLite's own `bm25()` reads every row that has one of the words before it weighs the first: of a million mails that takes seconds.
"""

from collections.abc import Sequence
from typing import Protocol


class Row(Protocol):
    """What FTS5 tells an auxiliary function of a row (`apsw.FTS5ExtensionApi`)."""

    @property
    def phrase_count(self) -> int: ...

    def phrase_locations(self, phrase: int, /) -> list[list[int]]: ...


def weigh(row: Row, weights: Sequence[float]) -> float:
    """The sum over the phrases of the question: each counts by the best column it stands in, more than once a little more.

    `weights` are of the columns, in their order.
    """
    total = 0.0
    for phrase in range(row.phrase_count):
        places = row.phrase_locations(phrase)
        times = sum(len(column) for column in places)
        best = max((weight for weight, column in zip(weights, places, strict=False) if column), default=0.0)
        total += best * (1 + times / (times + 3))
    return total
