"""How much is on its way to the terminal: over a slow line keys come faster than pictures leave, and what is painted for each would queue up. Pure.

A picture may be followed by a question that every terminal answers (DSR, ECMA-48 8.3.35). While too much is unanswered nothing more is painted;
then one picture shows all that happened meanwhile.
"""

import re
from collections import deque
from dataclasses import dataclass, field

QUESTION = "\x1b[5n"
ANSWER = re.compile(r"\x1b\[0n")
_BEGUN = re.compile(r"\x1b\[0?\Z")
"""The beginning of an answer whose rest is still to come; no key sends this and stops."""

LONG_BYTES = 1_000
"""A picture so long asks also where the line is known to be quick: it may be so no more."""
QUICK_SECONDS = 0.1
"""A line that answers so soon is not asked at every key."""
QUEUE_SECONDS = 0.3
"""So long a picture may stand behind others."""
FARTHEST_SECONDS = 1.0
"""What no line takes for the way there and back alone; the first answer comes behind a whole screen."""
SMALLEST_BYTES = 400
"""So much may always be on its way: two steps of the cursor."""
LOST_SECONDS = 10.0
"""An answer that takes longer was lost: another program had the terminal."""


@dataclass
class Pace:
    """The questions that are not answered yet, oldest first, with the bytes before each; moments are seconds of one clock.

    How much may be on its way grows with every answer that comes in time, and is halved by one that stood in a queue, as in TCP (RFC 5681 3.1).
    """

    count_asked: int = 0
    _asked: deque[tuple[float, int]] = field(default_factory=deque)
    _under_way_bytes: int = 0
    _allowed_bytes: int = SMALLEST_BYTES
    _starts: bool = True
    """No answer was late yet: what may be on its way doubles with each way there and back. Later it grows by a picture each."""
    answers: bool = False
    """Whether this terminal has answered at all; one that never does is never waited for."""
    _is_slow: bool = False
    _way_seconds: float = FARTHEST_SECONDS

    def asks(self, count_bytes: int, now: float) -> bool:
        """Whether a picture of so many bytes, written now, is to be followed by the question; the caller writes it."""
        wanted = (self._is_slow or count_bytes >= LONG_BYTES) if self.answers else not self._asked
        if wanted:
            self.count_asked += 1
            self._asked.append((now, count_bytes))
            self._under_way_bytes += count_bytes
        return wanted

    def answered(self, at: float) -> None:
        """The terminal has come as far as the oldest question."""
        if not self._asked:
            return
        asked_at, count_bytes = self._asked.popleft()
        self._under_way_bytes -= count_bytes
        took = at - asked_at
        self.answers = True
        self._is_slow = took > QUICK_SECONDS
        self._way_seconds = min(self._way_seconds, took)
        if took <= self._way_seconds + QUEUE_SECONDS:
            self._allowed_bytes += count_bytes if self._starts else max(1, count_bytes * count_bytes // self._allowed_bytes)
        else:
            self._starts = False
            self._allowed_bytes = max(SMALLEST_BYTES, self._allowed_bytes // 2)

    def is_full(self, now: float) -> bool:
        """Whether to paint later: the terminal is so far behind that a picture more would only stand in the queue."""
        if self._asked and now - self._asked[-1][0] > LOST_SECONDS:
            self._asked.clear()
            self._under_way_bytes = 0
        if not self.answers or not self._asked:
            return False
        return self._under_way_bytes >= self._allowed_bytes or now - self._asked[0][0] > self._way_seconds + QUEUE_SECONDS

    @property
    def waits(self) -> bool:
        """Whether an answer is to come still."""
        return bool(self._asked)


@dataclass
class Answers:
    """Takes the answers out of what the terminal sends."""

    count: int = 0
    """So many have come."""
    _begun: str = ""

    def taken_out(self, keys: str, *, waits: bool) -> tuple[str, int]:
        """What else was sent, and how many answers stood in it; `waits`: one is to come, whose first half is held back."""
        rest, count = ANSWER.subn("", self._begun + keys)
        self.count += count
        self._begun = ""
        if waits and (found := _BEGUN.search(rest)):
            self._begun = found[0]
            rest = rest[: found.start()]
        return rest, count
