"""Tells subscribers of this process what another one has committed to the same cache."""

from store.local.changes import EVERYTHING
from store.local.files import Files
from store.sqlite.connection import Connection, connect


class Following:
    """Looks when it is asked to; one thread at a time. Commits of this process are noticed, too, which costs no more than a look."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._connection: Connection | None = None
        self._seen = -1

    def look(self) -> bool:
        """Whether anything was committed since the last look; subscribers are told that everything may have changed.

        SQLite says that something was committed, not what: naming the conversations would take a journal of every write. The first look finds
        something, too: what was read before it may be older than what it saw.
        """
        if self._connection is None:
            self._connection = connect(self._files.cache_path, readonly=True)
        version = self._connection.data_version
        if version == self._seen:
            return False
        self._seen = version
        self._files.changes.publish(EVERYTHING)
        return True

    def close(self) -> None:
        """Give the file back. Closing twice is no error."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
