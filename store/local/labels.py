"""Which tags and folders there are: what can be offered where one is typed."""

from store.local.conversations import LIST_MARK
from store.local.shelf import Shelf
from store.sqlite.connection import Connection


class Labels:
    """Reads them from the lines of a home."""

    def __init__(self, files: Shelf) -> None:
        self._files = files

    def tags(self) -> tuple[str, ...]:
        """Every tag that a conversation bears, by name."""
        return self._files.read(_tags)

    def folders(self) -> tuple[str, ...]:
        """Every folder that something lies in, by name."""
        return self._files.read(_folders)


def _tags(connection: Connection) -> tuple[str, ...]:
    rows = connection.execute("SELECT DISTINCT tags FROM conversation WHERE tags <> ''")
    return tuple(sorted({tag for (joined,) in rows for tag in joined.split(LIST_MARK)}))


def _folders(connection: Connection) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute("SELECT DISTINCT folder FROM conversation WHERE folder <> '' ORDER BY folder"))
