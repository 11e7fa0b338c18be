"""What a trial of a mailing came to: how many rows can leave, what is wrong with which, and three letters to look at. Pure, row by row."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from store.domain.mailing_letters import Letter
from store.domain.mailing_recipients import RowProblem
from store.domain.send_check import ERROR

FIRST_ROWS = 5
"""Named of each kind."""
EXAMPLES = 3


@dataclass(frozen=True)
class Found:
    """One kind of problem: how many rows have it, and the first of them. `fact`: what stands in the first."""

    code: str
    severity: str
    rows: int
    first: tuple[int, ...]
    column: int = 0
    fact: str = ""


@dataclass
class Report:
    """Fed letter by letter; holds no more than its counts and three letters, however long the table is."""

    rows: int = 0
    sendable: int = 0
    _kinds: dict[tuple[str, str], Found] = field(default_factory=dict)
    _begin: list[Letter] = field(default_factory=list)
    _longest: Letter | None = None
    _fallback: Letter | None = None

    def take(self, one: Letter | RowProblem) -> None:
        """One more row."""
        self.rows += 1
        if isinstance(one, RowProblem):
            self.note(one.n, one.code, ERROR, one.column, one.fact)
            return
        for code, severity, fact in {(f.code, f.severity, f.words[0] if f.words else "") for f in one.findings}:
            self.note(one.recipient.n, code, severity, 0, fact)
        if not one.sendable:
            return
        self.sendable += 1
        if len(self._begin) < EXAMPLES:
            self._begin.append(one)
        if self._longest is None or len(one.body) > len(self._longest.body):
            self._longest = one
        if one.fallback and self._fallback is None:
            self._fallback = one

    def note(self, n: int, code: str, severity: str, column: int = 0, fact: str = "") -> None:
        """Row `n` has this problem."""
        key = (severity, code)
        before = self._kinds.get(key)
        if before is None:
            self._kinds[key] = Found(code, severity, 1, (n,), column, fact)
        else:
            first = before.first if len(before.first) >= FIRST_ROWS or n in before.first else (*before.first, n)
            self._kinds[key] = Found(code, severity, before.rows + 1, first, before.column, before.fact)

    @property
    def found(self) -> tuple[Found, ...]:
        """What was found, errors first, the most frequent first."""
        return tuple(sorted(self._kinds.values(), key=lambda one: (one.severity != ERROR, -one.rows, one.code)))

    @property
    def examples(self) -> tuple[Letter, ...]:
        """Three, if there are as many: the first, the longest, one in which something stands in for what the table does not say, the next ones."""
        named: Iterable[Letter] = (one for one in (*self._begin[:1], self._longest, self._fallback, *self._begin) if one is not None)
        return tuple({one.recipient.n: one for one in named}.values())[:EXAMPLES]
