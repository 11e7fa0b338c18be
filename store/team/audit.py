"""The audit log is written here: an entry for each event, and notes of what is no event, in the transaction of what they tell."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from store.domain.audit import ADOPTED, GENESIS, SALT_BYTES, SETTINGS_CHANGED, Fact, Head, Header, chained, digest
from store.domain.events import Recorded
from store.domain.ids import ConversationId, MemberKey
from store.domain.people import SERVER
from store.team import statements as s
from store.team.connection import Connection
from store.team.reading import move_counter
from store.team.rows import learn, read_recorded, run, to_micros, value

COUNTER = "audit"
"""The entries' numbers, from 1 without a gap. Whoever moves it waits for who moved it before: two processes never chain to one entry."""

ADOPTED_AT_ONCE = 1000

_SETTINGS = "settings_noted"


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an entry says beside its header. `where`: session and address, as `session 3f… from 192.0.2.7`."""

    where: str = ""
    facts: dict[str, Fact] = {}


class _New(msgspec.Struct, frozen=True):
    """An entry before it has its place."""

    at: int
    what: str
    who: str
    conversation_id: str | None
    seq: int | None
    body: bytes
    details: bytes


def note(
    connection: Connection,
    now: datetime,
    who: MemberKey | str,
    what: str,
    where: str = "",
    facts: Mapping[str, Fact] | None = None,
    conversation_id: ConversationId | None = None,
) -> None:
    """Write down what is no event: a log-in, a failed one, a read of masked data, a refusal that matters.

    `what` is a short key (`store.domain.audit` has the usual ones), `who` a member's key, or what somebody claimed to be. `facts` go into the
    log for years: never a secret. It is there exactly if this transaction is committed.
    """
    _chain(connection, [_New(to_micros(now), what, who, conversation_id, None, b"", _details(where, facts or {}))])


def note_events(connection: Connection, recorded: Sequence[tuple[Recorded, bytes]], where: str = "") -> None:
    """An entry for each event that was just written to the journal, with the very bytes that lie there."""
    details = _details(where, {})
    _chain(connection, [_of_event(part, body, details) for part, body in recorded])


def note_settings(connection: Connection, now: datetime, digests: Mapping[str, str]) -> None:
    """Write down which settings changed since the last start, by their names; their values may be secrets, and stay out."""
    kept = value(connection, s.GET_META, name=_SETTINGS)
    before: dict[str, str] = msgspec.json.decode(kept, type=dict[str, str]) if isinstance(kept, str) else {}
    changed = sorted(name for name in {*before, *digests} if before.get(name) != digests.get(name))
    if changed:
        note(connection, now, SERVER, SETTINGS_CHANGED, facts={"settings": changed})
        run(connection, s.PUT_META, name=_SETTINGS, value=msgspec.json.encode(dict(digests), order="sorted").decode())


def head(connection: Connection) -> Head:
    """The newest entry; 0 where there is none."""
    n = int(str(value(connection, s.GET_COUNTER, name=COUNTER) or 0))
    return Head(n, _hash_of(connection, n))


def adopt(connection: Connection, now: datetime) -> int:
    """Chain what a journal from before there was an audit log holds; returns how many events that were."""
    run(connection, s.MAKE_COUNTER, name=COUNTER, value=0)
    before = int(str(value(connection, s.LAST_AUDITED) or 0))
    last, nothing = before, _details("", {})
    while rows := run(connection, s.BODIES_AFTER, after=last, most=ADOPTED_AT_ONCE):
        _chain(connection, [_of_event(read_recorded(body), body, nothing) for _, body in rows])
        last = rows[-1][0]
    if last > before:
        note(connection, now, SERVER, ADOPTED, facts={"from_seq": before + 1, "to_seq": last})
    return last - before


def _of_event(part: Recorded, body: bytes, details: bytes) -> _New:
    return _New(to_micros(part.at), type(part.event).__name__, part.by, part.conversation_id, part.seq, body, details)


def _details(where: str, facts: Mapping[str, Fact]) -> bytes:
    return msgspec.json.encode(Details(where, dict(facts)), order="sorted")


def _chain(connection: Connection, new: Sequence[_New]) -> None:
    if not new:
        return
    last = move_counter(connection, COUNTER, len(new))
    first = last - len(new) + 1
    before = _hash_of(connection, first - 1)
    for n, one in enumerate(new, first):
        salt = secrets.token_bytes(SALT_BYTES)
        header = Header(n, one.at, one.what, one.who, one.conversation_id, one.seq, digest(salt, one.body, one.details))
        before = chained(before, header)
        run(
            connection,
            s.ADD_ENTRY,
            n=n,
            at=one.at,
            what=one.what,
            who=one.who,
            conversation_id=one.conversation_id,
            seq=one.seq,
            digest=header.digest,
            hash=before,
            salt=salt,
            details=one.details,
        )
    # The next entry begins with it.
    learn(connection, s.HASH_OF_ENTRY, [(before,)], last, n=last)


def _hash_of(connection: Connection, n: int) -> bytes:
    if n == 0:
        return GENESIS
    found = value(connection, s.HASH_OF_ENTRY, n=n)
    # None where rows were cut off: the chain goes on from its start, and `verify` names the place.
    return found if isinstance(found, bytes) else GENESIS
