"""Reading the audit log from its start: every entry is checked against the one before it and against what it tells of; nothing is trusted."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from store.domain.audit import GENESIS, Head, Header, chained, digest


class Stored(msgspec.Struct, frozen=True):
    """An entry as it lies in the database. `salt` None: erased. `body`: the journal's, of that seq; None: there is none."""

    header: Header
    hash: bytes
    salt: bytes | None
    details: bytes | None
    body: bytes | None


class Place(msgspec.Struct, frozen=True):
    """The first thing that is wrong. `problem`: `gap order changed_entry changed_payload missing_event unlisted_event cut_off other_head`."""

    n: int
    problem: str
    seq: int | None = None


class Walked(msgspec.Struct, frozen=True):
    """How far the chain holds, and the first place where it does not. `events`: the last seq; `done` False: to be gone on with."""

    head: Head
    events: int = 0
    erased: int = 0
    bad: Place | None = None
    done: bool = True


NOWHERE = Walked(Head(0, GENESIS), done=False)
"""Before the first entry."""


class Walk:
    """Feed it the entries in order of `n`, then `end`."""

    def __init__(self, remains: Mapping[int, bytes], heads: Iterable[Head] = (), start: Walked = NOWHERE) -> None:
        """`remains`: digests of what erasures left, by n. `heads`: kept elsewhere, each must be met. `start`: how far an earlier walk came."""
        self._remains = remains
        self._heads = {head.n: head.hash for head in heads}
        self._n, self._hash = start.head.n, start.head.hash
        self._seq = start.events
        self._erased = start.erased

    def feed(self, entry: Stored) -> Place | None:
        """Check one entry; a place when something is wrong with it."""
        header = entry.header
        problem = self._wrong(entry)
        if problem is not None:
            return Place(header.n if problem != "gap" else self._n + 1, problem, header.seq)
        self._n, self._hash = header.n, entry.hash
        self._seq = self._seq if header.seq is None else header.seq
        self._erased += entry.salt is None
        return None

    def _wrong(self, entry: Stored) -> str | None:
        header = entry.header
        checks: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("gap", lambda: header.n == self._n + 1),
            ("changed_entry", lambda: chained(self._hash, header) == entry.hash),
            ("order", lambda: header.seq is None or header.seq == self._seq + 1),
            ("missing_event", lambda: header.seq is None or entry.body is not None),
            ("changed_payload", lambda: self._payload_holds(entry)),
            ("other_head", lambda: self._heads.get(header.n, entry.hash) == entry.hash),
        )
        return next((problem for problem, holds in checks if not holds()), None)

    def _payload_holds(self, entry: Stored) -> bool:
        body, details = entry.body or b"", entry.details or b""
        if entry.salt is None:
            return self._remains.get(entry.header.n) == digest(b"", body, details)
        return entry.header.n not in self._remains and digest(entry.salt, body, details) == entry.header.digest

    def end(self, last_n: int, last_seq: int) -> Place | None:
        """After the last entry; `last_n` and `last_seq` are what the counters say."""
        if self._n != last_n or any(n > self._n for n in self._heads):
            return Place(self._n + 1, "cut_off")
        if self._seq != last_seq:
            return Place(self._n + 1, "unlisted_event", self._seq + 1)
        return None

    def so_far(self, bad: Place | None = None, *, done: bool = True) -> Walked:
        """The answer."""
        return Walked(Head(self._n, self._hash), self._seq, self._erased, bad, done)
