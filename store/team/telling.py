"""Everybody hears of every commit once and in order of seq, whichever server made it."""

from collections.abc import Callable, Sequence

from store.domain.ids import Seq
from store.team.values import Published

Callback = Callable[[Published], None]


class Teller:
    """Belongs to one event loop. What comes too early waits: a seq that is known has only known ones before it, here or in the journal."""

    def __init__(self, seq: Seq) -> None:
        """`seq`: the newest event that nobody need be told of."""
        self.seq = seq
        self._waiting: dict[Seq, Published] = {}
        self._callbacks: list[Callback] = []

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Have `callback` called with everything from now on; returns what ends it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback) if callback in self._callbacks else None

    @property
    def lacks(self) -> bool:
        """Whether something waits for what another server committed before it."""
        return bool(self._waiting)

    def take(self, parts: Sequence[Published]) -> None:
        """Tell what was committed here, as far as nothing is missing before it."""
        self._waiting.update((part.recorded[0].seq, part) for part in parts)
        while (following := self._waiting.pop(Seq(self.seq + 1), None)) is not None:
            self._tell(following)

    def take_journal(self, parts: Sequence[Published]) -> None:
        """Tell what the journal holds from `seq` on, ours among it."""
        for part in parts:
            if part.recorded[0].seq == self.seq + 1:
                self._tell(part)
        self._waiting = {first: part for first, part in self._waiting.items() if first > self.seq}
        self.take(())

    def _tell(self, part: Published) -> None:
        self.seq = part.recorded[-1].seq
        for callback in tuple(self._callbacks):
            callback(part)
