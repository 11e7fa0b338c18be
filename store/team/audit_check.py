"""The audit log is proved and looked through here: the whole chain from its first entry, and the newest entries that match."""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from store.domain.audit import Fact, Head, Header, chained, digest
from store.domain.audit_walk import NOWHERE, Place, Stored, Walk, Walked
from store.sqlite.connection import Connection, Row
from store.team import statements as s
from store.team.audit import COUNTER, Details
from store.team.reading import counter
from store.team.rows import from_micros, run, to_micros, value

PAGE = 2000


class LogEntry(msgspec.Struct, frozen=True):
    """An entry as people read it. `erased`: what it told was taken out of it."""

    n: int
    at: datetime
    what: str
    who: str
    conversation_id: str | None
    seq: int | None
    where: str
    facts: dict[str, Fact]
    erased: bool


class Asked(msgspec.Struct, frozen=True):
    """Which entries: all of what is given. `words` stand somewhere in what, who, from where, the conversation or the facts."""

    words: tuple[str, ...] = ()
    since: datetime | None = None
    limit: int = 200


def verify(connection: Connection, heads: Iterable[Head] = (), start: Walked = NOWHERE, most: int | None = None) -> Walked:
    """Walk the chain from `start`, `most` entries of it; `heads` were kept elsewhere.

    Of one moment's state: run it inside a transaction or a snapshot where somebody may write.
    """
    walk = Walk(_remains(connection), heads, start)
    for count, entry in enumerate(_entries(connection, start.head.n)):
        if count == most:
            return walk.so_far(done=False)
        if (bad := walk.feed(entry)) is not None:
            return walk.so_far(_moved(connection, walk.so_far().head, entry, bad))
    bad = walk.end(counter(connection, COUNTER), counter(connection, "seq"))
    if bad is None and (beyond := run(connection, s.BODIES_AFTER, after=counter(connection, "seq"), most=1)):
        bad = Place(counter(connection, COUNTER) + 1, "unlisted_event", beyond[0][0])
    return walk.so_far(bad)


def _moved(connection: Connection, before: Head, entry: Stored, bad: Place) -> Place:
    """`bad`, or `order` where what belongs there lies at another place: nobody changed it, somebody moved it."""
    if bad.problem == "changed_entry":
        here = (chained(before.hash, msgspec.structs.replace(one.header, n=bad.n)) == one.hash for one in _entries(connection, bad.n))
    elif bad.problem == "changed_payload" and entry.salt is not None:
        salt, details = entry.salt, entry.details or b""
        here = (digest(salt, body, details) == entry.header.digest for body in _bodies(connection))
    else:
        return bad
    return msgspec.structs.replace(bad, problem="order") if any(here) else bad


def _bodies(connection: Connection) -> Iterator[bytes]:
    last = -1
    while rows := run(connection, s.BODIES_AFTER, after=last, most=PAGE):
        yield from (_bytes(body) or b"" for _, body in rows)
        last = rows[-1][0]


def search(connection: Connection, asked: Asked) -> tuple[LogEntry, ...]:
    """The newest that match, newest first."""
    since = to_micros(asked.since) if asked.since else 0
    before = counter(connection, COUNTER) + 1
    found: list[LogEntry] = []
    while len(found) < asked.limit and (rows := run(connection, s.ENTRIES_BEFORE, before=before, since=since, most=PAGE)):
        found += [entry for entry in map(_readable, rows) if _matches(entry, asked.words)]
        before = rows[-1][0]
    return tuple(found[: asked.limit])


def _matches(entry: LogEntry, words: tuple[str, ...]) -> bool:
    said = " ".join((entry.what, entry.who, entry.where, entry.conversation_id or "", msgspec.json.encode(entry.facts).decode())).casefold()
    return all(word.casefold() in said for word in words)


def _readable(row: Row) -> LogEntry:
    n, at, what, who, conversation_id, seq, _digest, _hash, salt, details = row
    told = msgspec.json.decode(details, type=Details) if details else Details()
    return LogEntry(n, from_micros(at), what, who, conversation_id, seq, told.where, dict(told.facts), salt is None)


def _entries(connection: Connection, last: int) -> Iterator[Stored]:
    while rows := run(connection, s.ENTRIES_AFTER, after=last, most=PAGE):
        seqs = [row[5] for row in rows if isinstance(row[5], int)]
        bodies: dict[int, bytes] = dict(run(connection, s.BODIES_BETWEEN, low=min(seqs), high=max(seqs))) if seqs else {}
        for n, at, what, who, conversation_id, seq, digested, hashed, salt, details in rows:
            header = Header(n, at, what, who, conversation_id, seq, digested)
            yield Stored(header, hashed, _bytes(salt), _bytes(details), _bytes(bodies.get(seq)))
        last = rows[-1][0]


def _bytes(found: object) -> bytes | None:
    """What lies in a column of bytes; somebody may have put anything there."""
    return found if isinstance(found, bytes | None) else str(found).encode()


def _remains(connection: Connection) -> dict[int, bytes]:
    """What erasures say that they left. They are entries of the chain themselves: one that was made up breaks it."""
    left: dict[int, bytes] = {}
    for (details,) in run(connection, s.ERASURES):
        # What cannot be read was changed, and the walk finds it.
        with contextlib.suppress(msgspec.MsgspecError, ValueError):
            facts = msgspec.json.decode(details or b"{}", type=Details).facts
            left.update(parse_remains(facts.get("remains")))
    return left


def parse_remains(said: object) -> dict[int, bytes]:
    """`["12:0f3a…", …]` as n → digest.

    Raises:
        ValueError: It is not of that form.
    """
    if not isinstance(said, list):
        return {}
    pairs = (str(one).partition(":") for one in said)
    return {int(n): bytes.fromhex(hexadecimal) for n, _, hexadecimal in pairs if n.isdigit()}


def hash_at(connection: Connection, n: int) -> bytes | None:
    """The hash of an entry, None when there is no such entry (any more)."""
    found = value(connection, s.HASH_OF_ENTRY, n=n)
    return found if isinstance(found, bytes) else None
