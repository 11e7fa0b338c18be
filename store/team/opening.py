"""The first look at the database: its tables made, its schema and epoch known, what lives in memory beside it read."""

import secrets
from datetime import datetime, timedelta

import msgspec

from store.domain.ids import ConversationId, Seq
from store.domain.lease import Pulse, Token
from store.domain.own_id import KEY_BYTES
from store.domain.people import Member
from store.sqlite.connection import Connection
from store.sqlite.errors import StoreTooNew
from store.team import statements as s
from store.team.reading import all_members
from store.team.rows import from_micros, read_conversation, run, to_micros, value
from store.team.sql import schema
from store.team.tables import SCHEMA
from store.team.values import LeaseNow

RESULTS_KEPT = timedelta(days=90)
"""A terminal that was away for longer, with a command it does not know the answer of, may have it done twice."""


class Opened(msgspec.Struct, frozen=True):
    """What a desk starts from."""

    epoch: int
    seq: Seq
    leases: tuple[LeaseNow, ...]
    pulses: dict[ConversationId, tuple[Token, Pulse]]
    members: tuple[Member, ...]
    reply_keys: tuple[bytes, ...]


def prepare(connection: Connection, *, now: datetime) -> Opened:
    """Make the tables if there are none, and read what a desk starts from.

    Raises:
        StoreTooNew: A newer program wrote it.
    """
    if not connection.value("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
        _make(connection, now)
    written_for = int(str(value(connection, s.GET_META, name="schema")))
    if written_for > SCHEMA:
        raise StoreTooNew(connection.path)
    if written_for < SCHEMA:
        _add_tables(connection)
    run(connection, s.DROP_OLD_RESULTS, before=to_micros(now - RESULTS_KEPT))
    return Opened(
        epoch=int(str(value(connection, s.GET_META, name="epoch"))),
        seq=Seq(int(str(value(connection, s.GET_COUNTER, name="seq")))),
        leases=_leases(connection),
        pulses={
            ConversationId(conversation_id): (Token(epoch, n), Pulse(from_micros(renewed_at), from_micros(typed_at)))
            for conversation_id, epoch, n, renewed_at, typed_at in run(connection, s.PULSES)
        },
        members=all_members(connection),
        reply_keys=reply_keys(connection) or add_reply_key(connection),
    )


def _make(connection: Connection, now: datetime) -> None:
    for statement in schema():
        connection.execute(statement)
    run(connection, s.PUT_META, name="schema", value=str(SCHEMA))
    run(connection, s.PUT_META, name="epoch", value="1")
    run(connection, s.PUT_META, name="made_at", value=str(to_micros(now)))
    for name in ("seq", "number", "people"):
        run(connection, s.MAKE_COUNTER, name=name, value=0)


def _add_tables(connection: Connection) -> None:
    """Make the tables that schema 2 added; those of schema 1 stay as they are."""
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for statement in schema(there=there):
        connection.execute(statement)
    connection.execute("CREATE INDEX IF NOT EXISTS sessions_ended_at ON sessions (ended_at)")
    run(connection, s.PUT_META, name="schema", value=str(SCHEMA))


def reply_keys(connection: Connection) -> tuple[bytes, ...]:
    """The keys that sign our Message-IDs, the newest first. None is ever taken away: what it signed is still answered."""
    found: list[bytes] = []
    while isinstance(key := value(connection, s.GET_META, name=f"reply_key_{len(found) + 1}"), str):
        found.append(bytes.fromhex(key))
    return tuple(reversed(found))


def add_reply_key(connection: Connection) -> tuple[bytes, ...]:
    """Make a new one; the answer is all of them."""
    number = len(reply_keys(connection)) + 1
    run(connection, s.PUT_META, name=f"reply_key_{number}", value=secrets.token_hex(KEY_BYTES))
    return reply_keys(connection)


def _leases(connection: Connection) -> tuple[LeaseNow, ...]:
    states = (read_conversation(row[0]) for row in run(connection, s.STATES_LEASED))
    return tuple(LeaseNow(state.id, state.inbox, state.lease, None) for state in states if state.lease is not None)
