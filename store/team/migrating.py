"""`mado server migrate`: the tables of an older program brought to today's, by hand where several servers share them."""

from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from store.sqlite.errors import CannotOpen
from store.team.connection import Connection
from store.team.database import Place, is_url, open_database
from store.team.errors import NoBackup
from store.team.migrations import schema_of
from store.team.opening import make_ready
from store.team.tables import SCHEMA


class Migrated(msgspec.Struct, frozen=True):
    """From which version to which."""

    known: int
    now: int


def migrate(place: Place, now: datetime) -> Migrated:
    """Bring the tables to today's version, in one transaction: all of it, or nothing. No server may be at work. Blocking.

    Raises:
        StoreTooNew: A newer program wrote it.
        NoBackup: There is nothing of a team.
        StoreError: It cannot be reached.
    """
    if not is_url(place) and not Path(place).exists():
        raise CannotOpen(Path(place), "there is no such file")
    database = open_database(place)
    try:
        return database.set_up(partial(_migrate, now=now))
    finally:
        database.close()


def _migrate(connection: Connection, *, now: datetime) -> Migrated:
    known = schema_of(connection)
    if known is None:
        raise NoBackup(connection.path, "there is nothing of a team in it")
    make_ready(connection, now, alone=True)
    return Migrated(known, SCHEMA)
