"""Where the team's data lies: in a file of the home, or on a PostgreSQL that several servers share."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol, TypeVar

from store.sqlite.reader import Readers
from store.sqlite.sweeping import sweep
from store.sqlite.writer import Writer
from store.team import statements as s
from store.team.connection import Connection, Question
from store.team.sql import ANY_TABLES, POSTGRESQL

T = TypeVar("T")

URLS = ("postgresql://", "postgres://")
"""How a place that is no file begins."""

Place = Path | str
"""A file, or a URL of PostgreSQL."""


class Database(Protocol):
    """One writer, and readers beside it. Works get the connection they run on."""

    shared: bool
    """Whether other servers may write too."""

    def set_up(self, work: Callable[[Connection], T]) -> T:
        """Do the first look, in a transaction; blocking."""
        ...

    def submit(self, work: Callable[[Connection], T], ahead: Sequence[Question] = ()) -> Future[T]:
        """Have `work` done in a transaction that nobody else writes in; resolves after its commit, in order of commit. `ahead`: what it
        will ask first, for a database that is worth the asking.
        """
        ...

    def ask(self, work: Callable[[Connection], T]) -> Future[T]:
        """Have `work` read, all of one moment."""
        ...

    def read_alone(self, work: Callable[[Connection], T]) -> T:
        """Read much, beside all the others; blocking."""
        ...

    def listen(self, rung: Callable[[], None], told: Callable[[str], None]) -> None:
        """Have `rung` called, on any thread, when another server may have committed something, and `told` with each word that a server
        says; with "" when words may have been missed.
        """
        ...

    def say(self, word: str) -> None:
        """Tell the other servers (and ourselves) a word of at most 7,900 bytes, which nobody keeps and which may be lost."""
        ...

    def sweep(self) -> bool:
        """Have nothing that was deleted left in the files; blocking. False: not now, or not by us."""
        ...

    def close(self) -> None:
        """Finish what is being written, and let go."""
        ...


class SqliteDatabase:
    """A file of one server."""

    shared = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = Writer(path, durable=True)
        self._readers = Readers(path)
        self._asked = 0

    def set_up(self, work: Callable[[Connection], T]) -> T:
        """Do the first look."""
        return self._writer.write(work)

    def submit(self, work: Callable[[Connection], T], ahead: Sequence[Question] = ()) -> Future[T]:  # noqa: ARG002 - the face of both
        """Write; see `store.sqlite.writer`. A question costs no wait here: none is asked ahead."""
        return self._writer.submit(work)

    def ask(self, work: Callable[[Connection], T]) -> Future[T]:
        """Read, on the reader's thread."""
        # Readers answer the newest first, for a screen. Here everybody waits their turn: each request's priority is one lower.
        self._asked += 1
        return self._readers.ask(work, -self._asked)

    def now(self, work: Callable[[Connection], T]) -> T:
        """Read here and at once: less than a hop to another thread costs, for a look-up or two by key."""
        return self._readers.now(work)

    def read_alone(self, work: Callable[[Connection], T]) -> T:
        """Read much, on this thread's own connection."""
        return self._readers.now(work)

    def listen(self, rung: Callable[[], None], told: Callable[[str], None]) -> None:
        """Nobody else writes."""

    def say(self, word: str) -> None:
        """There is nobody to tell."""

    def sweep(self) -> bool:
        """Overwrite what was deleted (`store.sqlite.sweeping`)."""
        return sweep(self._path)

    def close(self) -> None:
        """Finish what is being written, and let go of the file."""
        self._writer.close()
        self._readers.close()


def is_url(place: Place) -> bool:
    """Whether it names a PostgreSQL."""
    return isinstance(place, str) and place.startswith(URLS)


def open_database(place: Place) -> SqliteDatabase | Database:
    """The database at a place; nothing is reached yet.

    Raises:
        CannotOpen: A URL that cannot be read.
    """
    if is_url(place):
        from store.postgres.database import PostgresDatabase  # start-up cost: most teams have a file
        from store.postgres.writer import Rites

        mark = s.MARK_GROUP.text(POSTGRESQL)
        assert mark.names == ("writer", "mark", "at"), "the writer gives them in this order"
        return PostgresDatabase(str(place), Rites(ANY_TABLES[POSTGRESQL], s.TAKE_PEN.text(POSTGRESQL).sql, mark.sql, s.MARK_OF.text(POSTGRESQL).sql))
    return SqliteDatabase(Path(place))
