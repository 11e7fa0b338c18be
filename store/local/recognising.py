"""Whose a database file is, and of which version: looked at only, so that no file is ever misread."""

from enum import Enum
from pathlib import Path

from store.sqlite.connection import connect
from store.sqlite.errors import StoreTooNew

APPLICATION_ID = 0x6D61646F
"""`mado`, in the header of every database of ours (SQLite's file format, offset 68); files of version 1 lack it."""


class Stranger(Enum):
    """A database of another program."""

    STRANGER = "stranger"


def version_of(path: Path, newest: int, mark: str) -> int | Stranger:
    """The schema's version, 0 for an empty or missing file. `mark`: a table that ours has had in every version.

    Raises:
        StoreTooNew: It is ours, and newer than `newest`.
        StoreCorrupt: It is no database, or damaged at its head.
        StoreLocked, CannotOpen: It cannot be looked at now.
    """
    if not path.exists():
        return 0
    connection = connect(path)
    try:
        version = connection.user_version
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        is_ours = mark in tables or connection.value("PRAGMA application_id") == APPLICATION_ID
    finally:
        connection.close()
    if not tables and not version:
        return 0
    if not is_ours or (mark in tables and not version):
        return Stranger.STRANGER
    if version > newest:
        raise StoreTooNew(path, f"version {version}")
    return version
