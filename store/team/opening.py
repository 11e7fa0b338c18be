"""The first look at the database: its tables made, its schema and epoch known, what lives in memory beside it read."""

from datetime import datetime, timedelta

import msgspec

from store.domain.ids import ConversationId, Seq
from store.domain.lease import Pulse, Token
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


def prepare(connection: Connection, *, now: datetime) -> Opened:
    """Make the tables if there are none, and read what a desk starts from.

    Raises:
        StoreTooNew: A newer program wrote it.
    """
    if not connection.value("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
        _make(connection, now)
    if int(str(value(connection, s.GET_META, name="schema"))) > SCHEMA:
        raise StoreTooNew(connection.path)
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
    )


def _make(connection: Connection, now: datetime) -> None:
    for statement in schema():
        connection.execute(statement)
    run(connection, s.PUT_META, name="schema", value=str(SCHEMA))
    run(connection, s.PUT_META, name="epoch", value="1")
    run(connection, s.PUT_META, name="made_at", value=str(to_micros(now)))
    for name in ("seq", "number", "people"):
        run(connection, s.MAKE_COUNTER, name=name, value=0)


def _leases(connection: Connection) -> tuple[LeaseNow, ...]:
    states = (read_conversation(row[0]) for row in run(connection, s.STATES_LEASED))
    return tuple(LeaseNow(state.id, state.inbox, state.lease, None) for state in states if state.lease is not None)
