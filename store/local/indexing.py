"""One place that writes a message's words into the index anew; and one that keeps those of a batch until all else of it is written."""

from store.local import worded
from store.sqlite.connection import Connection


def write_anew(connection: Connection, n: int, words: tuple[bytes, ...] | tuple[str, ...]) -> None:
    """Make a message findable by these words and no others."""
    connection.execute("DELETE FROM words WHERE rowid = ?", (n,))
    connection.execute(worded.INSERT, (n, *words))


class BatchWords:
    """The words of a batch, written together and in order.

    FTS5 writes out what it has gathered at every savepoint, which an UPDATE or an upsert is to it, and at every number lower than the one
    before: a segment of the index for each mail, to be merged later, instead of one for the batch.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[int, tuple[bytes, ...]] = {}

    def put(self, n: int, words: tuple[bytes, ...]) -> None:
        """Words of a message that has none yet."""
        self._waiting[n] = words

    def put_anew(self, n: int, words: tuple[bytes, ...]) -> None:
        """Words in the place of others."""
        self.take_out(n)
        self._waiting[n] = words

    def take_out(self, n: int) -> None:
        """Nothing shall be found of it any more."""
        if self._waiting.pop(n, None) is None:
            self._connection.execute("DELETE FROM words WHERE rowid = ?", (n,))

    def write(self) -> None:
        """Make all of it findable."""
        self._connection.execute_many(worded.INSERT, [(n, *self._waiting[n]) for n in sorted(self._waiting)])
        self._waiting.clear()
