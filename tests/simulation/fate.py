"""What strikes whoever writes next: one fate for all servers of a house, of which one writes at a time."""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum


class Died(Exception):
    """The process is gone in the middle of what it did."""


class Blow(StrEnum):
    """Before some statement, or in the place of a COMMIT's answer."""

    DIES = "died between two writes"
    CUT = "line to the database cut"
    FULL = "disk full"
    STOPPED = "stopped in the middle of a write"
    WORD_LOST = "word of a commit lost"


class Fate:
    """`draw` is asked before each statement. A process that died stays dead; anything else strikes once."""

    def __init__(self, seen: Counter[str]) -> None:
        self.seen = seen
        self.away = False
        """The database lets nobody in."""
        self.moved = True
        """Somebody wrote since the onlooker looked last."""
        self.meanwhile: Callable[[], None] = lambda: None
        """What the others do while one is stopped in the middle of a write."""
        self.stands_still = False
        """Nothing strikes: the others write meanwhile."""
        self._blow: Blow | None = None
        self._statements = 0

    def strike(self, blow: Blow, statements: int) -> None:
        """Let it happen before the statement after so many."""
        self._blow, self._statements = blow, statements

    def spare(self) -> None:
        """Nothing happens any more."""
        self._blow = None

    def draw(self) -> Blow | None:
        """What happens now, before a statement."""
        if self._blow is None or self._blow is Blow.WORD_LOST or self.stands_still:
            return None
        self._statements -= 1
        if self._statements >= 0:
            return None
        blow = self._blow
        if blow is not Blow.DIES:
            self._struck(blow)
        elif self._statements == -1:
            self.seen[f"fault: {blow}"] += 1
        return blow

    def takes_the_word(self) -> bool:
        """Whether the answer to a COMMIT is lost on its way."""
        lost = self._blow is Blow.WORD_LOST and not self.stands_still
        if lost:
            self._struck(Blow.WORD_LOST)
        return lost

    def _struck(self, blow: Blow) -> None:
        self.seen[f"fault: {blow}"] += 1
        self._blow = None
