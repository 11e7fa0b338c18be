"""Making sure that what was deleted from a database is in none of its files any more."""

from pathlib import Path

from store.sqlite.connection import connect
from store.sqlite.errors import StoreError

SMALL_BYTES = 256 * 1024 * 1024
"""A file up to this size is written anew, which takes a second or two; in a larger one only what was deleted is overwritten."""


_OPTIMIZE = {
    "words": "INSERT INTO words (words) VALUES ('optimize')",
    "comment_words": "INSERT INTO comment_words (comment_words) VALUES ('optimize')",
}
"""FTS5 only notes that a word is gone until the pieces of its index are merged."""


def sweep(path: Path, indexes: tuple[str, ...] = ()) -> bool:
    """Empty the write-ahead log, and write a small file anew. `indexes`: FTS5 tables whose deleted words are to be merged away first.

    Returns False where another connection was reading or writing for too long: nothing is lost, sweep again.
    """
    try:
        connection = connect(path, durable=True)
    except StoreError:
        return False
    try:
        for index in indexes:
            connection.execute(_OPTIMIZE[index])
        if path.stat().st_size <= SMALL_BYTES:
            connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        return not busy
    except StoreError:
        return False
    finally:
        connection.close()
