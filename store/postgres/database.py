"""The team's database on PostgreSQL: one writer, a few readers, and the bell of the others."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from time import monotonic, sleep
from typing import TypeVar

from store.postgres.bell import Bell
from store.postgres.connection import Connection, TryAgain
from store.postgres.foreign import name_of
from store.postgres.readers import Readers, in_one_moment
from store.postgres.speaker import Speaker
from store.postgres.writer import BETWEEN_TRIES_SECONDS, PATIENCE_SECONDS, Rites, Writer
from store.sqlite.connection import Question
from store.sqlite.errors import StoreAway

T = TypeVar("T")

FIRST_LOOK = 0x6D61646F
"""The advisory lock under which tables are made: two servers may start on an empty database at once."""


class PostgresDatabase:
    """Shared by several servers: what one reads in a write is what every other one has committed."""

    shared = True

    def __init__(self, url: str, rites: Rites) -> None:
        """`rites`: see `Writer`.

        Raises:
            CannotOpen: `url` is no connection string.
        """
        self._url = url
        self._rites = rites
        self.path = name_of(url)
        self._writer = Writer(url, self.path, rites)
        self._readers = Readers(url, self.path)
        self._bell: Bell | None = None
        self._speaker = Speaker(url)

    def set_up(self, work: Callable[[Connection], T]) -> T:
        """Do the first look, alone among all servers, in a transaction; again, when those that are at work undo it, or the line breaks.

        Raises:
            StoreError: It cannot be reached, or is not ours to use.
        """
        give_up_at = monotonic() + PATIENCE_SECONDS
        while True:
            connection = Connection(self._url)
            try:
                return _look(connection, work, self._rites)
            except (TryAgain, StoreAway):
                if monotonic() >= give_up_at:
                    raise
                sleep(BETWEEN_TRIES_SECONDS)
            finally:
                connection.close()

    def submit(self, work: Callable[[Connection], T], ahead: Sequence[Question] = ()) -> Future[T]:
        """Write; see `Writer.submit`."""
        return self._writer.submit(work, ahead)

    def ask(self, work: Callable[[Connection], T]) -> Future[T]:
        """Read; see `Readers.ask`."""
        return self._readers.ask(work)

    def listen(self, rung: Callable[[], None], told: Callable[[str], None]) -> None:
        """Have `rung` called, on another thread, when somebody may have committed something, and `told` with what a server says."""
        self._bell = Bell(self._url, rung, told)

    def say(self, word: str) -> None:
        """Tell the other servers, and ourselves; see `Speaker.say`."""
        self._speaker.say(word)

    def read_alone(self, work: Callable[[Connection], T]) -> T:
        """Read much, on a session of its own, all of one moment; blocking."""
        connection = Connection(self._url)
        try:
            return in_one_moment(connection, work)
        finally:
            connection.close()

    def sweep(self) -> bool:
        """False: what was deleted leaves PostgreSQL's files with its own VACUUM, and its archives with those who keep them."""
        return False

    def close(self) -> None:
        """Finish what is being written, and let go."""
        if self._bell is not None:
            self._bell.close()
        self._speaker.close()
        self._writer.close()
        self._readers.close()


def _look(connection: Connection, work: Callable[[Connection], T], rites: Rites) -> T:
    connection.careful = True
    connection.begin()
    connection.value("SELECT pg_advisory_xact_lock($1::bigint)", (FIRST_LOOK,))
    if connection.value(rites.there) is not None:
        # Others may be at work: whoever writes has the pen, at a start too.
        connection.execute(rites.pen)
    answer = work(connection)
    connection.commit()
    return answer
