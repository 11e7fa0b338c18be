"""One place that writes a message's words into the index anew."""

from store.local import worded
from store.sqlite.connection import Connection


def write_anew(connection: Connection, n: int, words: tuple[str, ...]) -> None:
    """Make a message findable by these words and no others."""
    connection.execute("DELETE FROM words WHERE rowid = ?", (n,))
    connection.execute(worded.INSERT, (n, *words))
