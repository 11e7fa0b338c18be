"""What a home keeps to prove later that the audit log is still the one it saw, and the sweeping of its files after an erasure."""

import msgspec

from store.local.files import Files
from store.local.mirror import Mirror
from store.sqlite.connection import Connection

MOST_HEADS = 64

_KEY = "log_heads"


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """The log's end as the server told it: `number:hash`, and of which epoch."""

    epoch: int
    head: str


class Traces:
    """Safe from any thread."""

    def __init__(self, files: Files, mirror: Mirror) -> None:
        self._files = files
        self._mirror = mirror

    def heads(self) -> tuple[Seen, ...]:
        """Oldest first."""
        return self._files.kept(_heads)

    def keep_head(self, epoch: int, head: str) -> None:
        """Remember one; of many, those long past are thinned out. In `kept.db`: rebuilding the mirror forgets none."""
        if not head or ((known := self.heads()) and known[-1] == Seen(epoch, head)):
            return

        def work(connection: Connection) -> None:
            heads = (*_heads(connection), Seen(epoch, head))
            if len(heads) > MOST_HEADS:
                old, new = heads[: MOST_HEADS // 2], heads[MOST_HEADS // 2 :]
                heads = (*old[::2], *new)
            connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (_KEY, msgspec.json.encode(heads).decode()))

        self._files.keep(work)

    def sweep(self) -> None:
        """After `apply_events` told of erasures: what was deleted leaves the files. Nothing to do costs nothing."""
        self._mirror.sweep()


def _heads(connection: Connection) -> tuple[Seen, ...]:
    found = connection.value("SELECT value FROM fact WHERE key = ?", (_KEY,))
    return msgspec.json.decode(found, type=tuple[Seen, ...]) if isinstance(found, str) else ()
