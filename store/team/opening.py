"""The first look at the database: its tables made, its schema and epoch known, what lives in memory beside it read."""

import secrets
from datetime import datetime, timedelta

import msgspec

from store.domain.ids import ConversationId, Seq
from store.domain.lease import Pulse, Token
from store.domain.own_id import KEY_BYTES
from store.domain.people import Member
from store.sqlite.errors import StoreTooNew, StoreTooOld
from store.team import statements as s
from store.team.audit import adopt
from store.team.connection import Connection
from store.team.leases import pulses, renew_all, standing
from store.team.migrations import migrate, schema_of
from store.team.reading import all_members, move_counter, reply_keys
from store.team.rows import run, to_micros, value
from store.team.sql import schema
from store.team.tables import SCHEMA
from store.team.values import LeaseNow

RESULTS_KEPT = timedelta(days=90)
"""A terminal that was away for longer, with a command it does not know the answer of, may have it done twice."""


MARKS_KEPT = timedelta(days=1)
"""A server that lost the answer to a COMMIT asks within seconds."""
AWAY = timedelta(seconds=20)
"""After so long without a sign of any server, none was there to renew a lease at."""


class Opened(msgspec.Struct, frozen=True):
    """What a desk starts from."""

    epoch: int
    seq: Seq
    leases: tuple[LeaseNow, ...]
    pulses: dict[ConversationId, tuple[Token, Pulse]]
    members: tuple[Member, ...]


def prepare(connection: Connection, *, now: datetime, alone: bool) -> Opened:
    """Make the tables if there are none, and read what a desk starts from. `alone`: no other server can be at work.

    Raises:
        StoreTooNew: A newer program wrote it.
        StoreTooOld: An older one did, and servers of that age may still be at work.
    """
    make_ready(connection, now, alone=alone)
    adopt(connection, now)
    run(connection, s.DROP_OLD_RESULTS, before=to_micros(now - RESULTS_KEPT))
    run(connection, s.DROP_OLD_MARKS, before=to_micros(now - MARKS_KEPT))
    if not reply_keys(connection):
        add_reply_key(connection)
    leases = standing(connection)
    if alone or int(str(value(connection, s.LAST_BEAT) or 0)) < to_micros(now - AWAY):
        renew_all(connection, leases, now)
    return Opened(
        epoch=int(str(value(connection, s.GET_META, name="epoch"))),
        seq=Seq(int(str(value(connection, s.GET_COUNTER, name="seq")))),
        leases=leases,
        pulses=pulses(connection),
        members=all_members(connection),
    )


def make_ready(connection: Connection, now: datetime, *, alone: bool) -> None:
    """Make the tables if there are none, and see that they are ours to use; raises as `prepare`."""
    known = schema_of(connection)
    if known is None:
        make(connection, now)
    elif known > SCHEMA:
        raise StoreTooNew(connection.path)
    elif known < SCHEMA and not alone:
        raise StoreTooOld(connection.path)
    elif known < SCHEMA:
        migrate(connection, known)


def make(connection: Connection, now: datetime) -> None:
    """Make every table of an empty database."""
    for statement in schema(connection.dialect):
        connection.execute(statement)
    run(connection, s.PUT_META, name="schema", value=str(SCHEMA))
    run(connection, s.PUT_META, name="epoch", value="1")
    run(connection, s.PUT_META, name="made_at", value=str(to_micros(now)))
    for name in ("seq", "number", "people"):
        run(connection, s.MAKE_COUNTER, name=name, value=0)


def add_reply_key(connection: Connection) -> None:
    """Make a new one."""
    number = len(reply_keys(connection)) + 1
    run(connection, s.PUT_META, name=f"reply_key_{number}", value=secrets.token_hex(KEY_BYTES))
    # Whoever remembers the team looks again, here and at every other server.
    move_counter(connection, "people")
