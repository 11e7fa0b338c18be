"""A backup is one SQLite file with everything the team agreed on, whichever database it comes from; made while servers work."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from store.sqlite.connection import Connection as SqliteConnection
from store.sqlite.connection import connect
from store.sqlite.errors import CannotOpen, DiskFailed
from store.team import statements as s
from store.team.connection import Connection
from store.team.database import Place, is_url, open_database
from store.team.errors import NoBackup, PlaceTaken
from store.team.migrations import schema_of
from store.team.opening import make
from store.team.reading import counter
from store.team.rows import run, to_micros, value
from store.team.sql import insert_into, schema
from store.team.tables import SCHEMA, metadata
from store.team.whole_tables import rows_of

T = TypeVar("T")


class BackedUp(msgspec.Struct, frozen=True):
    """What a backup holds."""

    schema: int
    epoch: int
    seq: int
    size_bytes: int


def back_up(place: Place, target: Path, now: datetime) -> BackedUp:
    """Write all there is at this moment into the new file `target`, readable by its owner only. Blocking; nobody waits for it.

    In it are password hashes, hashes of sessions and invitations, the frozen replies, and the keys that sign our Message-IDs; no
    mailbox's password, and nothing sealed is opened.

    Raises:
        PlaceTaken: `target` is there already.
        StoreError: The data cannot be read, or the file not be written. Nothing is left behind.
    """

    def fill(part: Path) -> None:
        if is_url(place):
            copy_from_server(place, part)
        elif not Path(place).exists():
            raise CannotOpen(Path(place), "there is no such file")
        else:
            source = connect(Path(place), readonly=True)
            try:
                source.execute("VACUUM INTO ?", (str(part),))
            finally:
                source.close()
        written = connect(part)
        try:
            with written.transaction():
                run(written, s.PUT_META, name="backed_up_at", value=str(to_micros(now)))
            # One file, that can be read from where nothing can be written.
            written.execute("PRAGMA journal_mode = DELETE")
        finally:
            written.close()

    into_new_file(target, fill)
    return look_into(target)


def copy_from_server(place: Place, part: Path) -> None:
    """Everything of a PostgreSQL as of one moment, in a new SQLite file."""
    database = open_database(place)
    target = connect(part)
    try:
        with target.transaction():
            for statement in schema(target.dialect):
                target.execute(statement)

            def read(connection: Connection) -> None:
                known = schema_of(connection)
                if known != SCHEMA:
                    raise NoBackup(place, f"its tables are of version {known}, not {SCHEMA}: run `mado server migrate` first")
                copy_tables(connection, target)

            database.read_alone(read)
    finally:
        target.close()
        database.close()


def copy_tables(source: Connection, target: Connection) -> None:
    """Every row of every table."""
    for table in metadata.sorted_tables:
        insert, names = insert_into(table), [column.name for column in table.columns]
        for row in rows_of(source, table):
            run(target, insert, **dict(zip(names, row, strict=True)))


def look_into(path: Path) -> BackedUp:
    """What a file says of itself.

    Raises:
        NoBackup: It is none.
    """
    try:
        connection = connect(path, readonly=True)
    except CannotOpen as error:
        raise NoBackup(path, "it cannot be opened") from error
    try:
        known = schema_of(connection)
        if known is None:
            raise NoBackup(path, "there is nothing of a team in it")
        epoch = int(str(value(connection, s.GET_META, name="epoch")))
        return BackedUp(known, epoch, counter(connection, "seq"), path.stat().st_size)
    finally:
        connection.close()


def into_new_file(target: Path, fill: Callable[[Path], T]) -> T:
    """Have a file filled beside `target` and put in its place whole, or not at all; returns what `fill` does.

    Raises:
        PlaceTaken: `target` is there already.
    """
    if target.exists():
        raise PlaceTaken(target)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        filled = fill(part)
        for name in (part, target.parent):
            descriptor = os.open(name, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        os.link(part, target)
        return filled
    except FileExistsError as error:
        raise PlaceTaken(target) from error
    except OSError as error:
        raise DiskFailed(target, error.strerror or "") from error
    finally:
        for left in (part, part.with_name(f"{part.name}-wal"), part.with_name(f"{part.name}-shm")):
            with suppress(FileNotFoundError):
                left.unlink()


def empty_tables(connection: SqliteConnection | Connection, now: datetime) -> None:
    """The tables of a new place, without the rows that an empty team begins with."""
    make(connection, now)
    for table in ("meta", "counters"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - two names of ours
