"""Proving the audit log of a database file by itself, without opening a desk on it; nothing is written."""

from collections.abc import Sequence
from pathlib import Path

from store.domain.audit import Head
from store.domain.audit_walk import Walked
from store.sqlite.connection import connect
from store.sqlite.errors import CannotOpen
from store.team import statements as s
from store.team.audit_check import verify
from store.team.rows import value


def verify_database(path: Path, heads: Sequence[Head]) -> tuple[int, Walked]:
    """The epoch, and how far the chain holds.

    Raises:
        StoreError: It cannot be read, or is no server's database with an audit log.
    """
    connection = connect(path, readonly=True)
    try:
        with connection.snapshot():
            if connection.value("SELECT count(*) FROM sqlite_master WHERE name IN ('journal', 'audit', 'meta')") != 3:
                raise CannotOpen(path, "it is no server's database with an audit log")
            return int(str(value(connection, s.GET_META, name="epoch"))), verify(connection, heads)
    finally:
        connection.close()
