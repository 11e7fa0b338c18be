"""One connection to one database: apsw behind a typed face. Used by one thread at a time."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from store.sqlite.errors import CannotOpen
from store.sqlite.foreign import mapped, ours
from store.sqlite.relevance import weigh

SqlValue = None | int | float | str | bytes
"""What can be bound."""
Row = tuple[Any, ...]
"""What comes back; the SQL text beside it says the types."""


class Question(NamedTuple):
    """What a work will ask. `named`: a value that every statement which changes the answer has among its parameters."""

    sql: str
    params: Sequence[SqlValue]
    named: SqlValue


BUSY_MILLISECONDS = 10_000
MMAP_BYTES = 4 * 1024 * 1024
"""Each page of the file that is looked at this way counts as memory of ours, and sixteen come in at a touch; searches are no slower for it."""
WAL_LIMIT_BYTES = 64 * 1024 * 1024
CACHE_CHECKPOINT_PAGES = 4_000
"""Where mail is pulled the same pages are written again and again: copied back this seldom, a first pull writes a tenth less."""


class Connection:
    """Runs SQL; every error is one of `store.sqlite.errors`."""

    dialect = "sqlite"
    counted: dict[str, int] | None = None
    """See `store.team.connection`."""

    def __init__(self, raw: apsw.Connection, path: Path) -> None:
        self._raw = raw
        self.path = path
        self.undone = 0

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> list[Row]:
        """Run one statement, or several without params; all rows at once."""
        try:
            return self._raw.execute(sql, params).fetchall()
        except apsw.Error as error:
            raise ours(error, self.path) from error

    def execute_all(self, asked: Sequence[tuple[str, Sequence[SqlValue]]]) -> list[list[Row]]:
        """Run several statements that give rows; see `store.team.connection`."""
        return [self.execute(sql, params) for sql, params in asked]

    def learn(self, question: Question, rows: list[Row]) -> None:
        """Nothing: a question costs no wait here."""

    def execute_many(self, sql: str, rows: Iterable[Sequence[SqlValue]]) -> None:
        """Run one statement for each row of params."""
        with mapped(self.path):
            for _ in self._raw.executemany(sql, rows):
                pass

    def one(self, sql: str, params: Sequence[SqlValue] = ()) -> Row | None:
        """The first row, or None."""
        try:
            return self._raw.execute(sql, params).fetchone()
        except apsw.Error as error:
            raise ours(error, self.path) from error

    def value(self, sql: str, params: Sequence[SqlValue] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, params)
        return row[0] if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, against other processes too: takes the write lock at once. Inside another one: a savepoint.

        Raises:
            StoreLocked: Another process kept the lock for `BUSY_MILLISECONDS`.
        """
        nested = self.in_transaction
        self.execute("SAVEPOINT nested" if nested else "BEGIN IMMEDIATE")
        done = False
        try:
            yield
            self.execute("RELEASE nested" if nested else "COMMIT")
            done = True
        finally:
            if not done:
                self._undo("ROLLBACK TO nested; RELEASE nested" if nested else "ROLLBACK")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read in the block is of one moment. Inside a transaction it already is."""
        if self.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._undo("ROLLBACK")

    def _undo(self, sql: str) -> None:
        self.undone += 1
        # SQLite has rolled back by itself after a full disk or the like: a second ROLLBACK would hide that error.
        if self.in_transaction:
            self.execute(sql)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open here."""
        with mapped(self.path):
            return self._raw.in_transaction

    @property
    def last_rowid(self) -> int:
        """The rowid of the last INSERT here."""
        with mapped(self.path):
            return self._raw.last_insert_rowid()

    @property
    def changed_rows(self) -> int:
        """How many rows the last INSERT, UPDATE or DELETE touched."""
        with mapped(self.path):
            return self._raw.changes()

    @property
    def data_version(self) -> int:
        """Moves when *another* connection or process has committed; only differences mean anything."""
        return int(self.value("PRAGMA data_version"))

    @property
    def user_version(self) -> int:
        """The schema's version, kept in the file's header; 0 in an empty database."""
        return int(self.value("PRAGMA user_version"))

    def set_user_version(self, version: int) -> None:
        """Say which schema this is; part of the transaction it stands in."""
        self.execute(f"PRAGMA user_version = {version:d}")

    def teach_relevance(self, weights: Sequence[float]) -> None:
        """Let SQL here say `relevance(table)` of an FTS5 table's rows: see `store.sqlite.relevance`."""
        with mapped(self.path):
            self._raw.register_fts5_function("relevance", lambda row, *_: weigh(row, weights))

    def keep_plans(self) -> None:
        """Plan a statement once, whatever is bound: else SQLite prepares it anew each time that another value is bound to it (STAT4).

        We keep no statistics that a value could be looked up in.
        """
        with mapped(self.path):
            self._raw.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)

    def interrupt(self) -> None:
        """Make what another thread runs here end with `ReadGivenUp`."""
        with mapped(self.path):
            self._raw.interrupt()

    def close(self) -> None:
        """Give the file back. Closing twice is no error."""
        with mapped(self.path):
            self._raw.close()


def connect(path: Path, *, readonly: bool = False, durable: bool = False) -> Connection:
    """Open or create a database, readable by its owner only.

    `durable`: a commit survives a power cut (synchronous=FULL); without it a power cut may take the last commits back, never half of
    one. Either way a commit survives the death of the process.

    Raises:
        CannotOpen: No such file (readonly), no right, or a folder that is not there.
        StoreCorrupt: No database, or damaged in its first page.
    """
    if not readonly:
        _create_private(path)
    flags = apsw.SQLITE_OPEN_READONLY if readonly else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    with mapped(path):
        raw = apsw.Connection(str(path), flags=flags)
    connection = Connection(raw, path)
    with ExitStack() as on_failure:
        on_failure.callback(connection.close)
        with mapped(path):
            raw.set_busy_timeout(BUSY_MILLISECONDS)
        _set_up(connection, readonly=readonly, durable=durable)
        on_failure.pop_all()
    return connection


def _create_private(path: Path) -> None:
    # SQLite would create it with the umask's rights, and its WAL gets the same rights as the file: mail is nobody else's.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise CannotOpen(path, error.strerror or "") from error


def _set_up(connection: Connection, *, readonly: bool, durable: bool) -> None:
    if not readonly:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        if durable:
            # What is erased leaves nothing in the file's free space. Only here: where mail is pulled it would cost, and a cache is written anew.
            connection.execute("PRAGMA secure_delete = ON")
        else:
            connection.execute(f"PRAGMA wal_autocheckpoint = {CACHE_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
    else:
        connection.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
        # Only where nothing is written: a statement journal kept in memory is walked from its start at every statement, so that a
        # batch inside a savepoint would take time by the square of its size.
        connection.execute("PRAGMA temp_store = MEMORY")
    connection.keep_plans()
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -8192")
