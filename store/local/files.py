"""The two databases of a home, and what every part of the store shares: writers, readers, subscribers, presence."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from store.domain.ids import ConversationId, MemberKey
from store.local.changes import Changes
from store.local.opening import mark_damaged, open_cache, open_kept
from store.local.rows import PresentRow
from store.local.wiping import refuse_if_over
from store.sqlite.connection import Connection
from store.sqlite.errors import StoreCorrupt
from store.sqlite.reader import Readers
from store.sqlite.writer import Writer

T = TypeVar("T")


class Presences:
    """Who is where, as the server said last; gone with the process, for it is only true while one is connected."""

    def __init__(self) -> None:
        self._rows: Mapping[ConversationId, tuple[PresentRow, ...]] = {}
        self._guard = threading.Lock()

    def replace(self, of: Sequence[ConversationId], present: Sequence[PresentRow]) -> None:
        """The whole truth about the conversations named in `of`."""
        with self._guard:
            rows = {key: value for key, value in self._rows.items() if key not in frozenset(of)}
            for row in present:
                rows[row.conversation_id] = (*rows.get(row.conversation_id, ()), row)
            self._rows = rows

    def in_(self, conversation_id: ConversationId) -> tuple[PresentRow, ...]:
        """Who is in one conversation."""
        return self._rows.get(conversation_id, ())

    def everywhere(self) -> tuple[ConversationId, ...]:
        """The conversations somebody is in."""
        return tuple(self._rows)


class Files:
    """`cache/mail.db`, which can be thrown away, and `kept.db`, which cannot."""

    def __init__(self, home: Path) -> None:
        """Open, create, or rebuild.

        Raises:
            StoreTooNew: A newer madoguchi wrote one of them.
            CannotOpen: The home cannot be used.
            AccessOver: Its owner is no member any more.
        """
        refuse_if_over(home)
        self.cache_path = home / "cache" / "mail.db"
        self.kept_path = home / "kept.db"
        self.repairs = tuple(filter(None, (open_kept(self.kept_path), open_cache(self.cache_path))))
        self.changes = Changes()
        self.presences = Presences()
        self.me: MemberKey | None = None
        self._cache_writer = Writer(self.cache_path)
        self._cache_readers = Readers(self.cache_path)
        self._kept_writer = Writer(self.kept_path, durable=True)
        self._kept_readers = Readers(self.kept_path)
        self._were = {path: _which(path) for path in (self.cache_path, self.kept_path)}

    def are_there(self) -> bool:
        """Whether what was opened still lies where it lay: whatever was removed while it is open is lost with this process."""
        return all(_which(path) == was for path, was in self._were.items())

    def hold(self) -> None:
        """Open all that would be opened at its first use: a home that is removed meanwhile can still be read and written by this process."""
        for end in (self._cache_readers, self._kept_readers, self._cache_writer, self._kept_writer):
            end.hold()

    def close(self) -> None:
        """Finish what was submitted and give the files back. Closing twice is no error."""
        for end in (self._cache_readers, self._kept_readers, self._cache_writer, self._kept_writer):
            end.close()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Have `work` done in the cache; returning means committed."""
        try:
            return self._cache_writer.write(work)
        except StoreCorrupt:
            mark_damaged(self.cache_path)
            raise

    def read(self, work: Callable[[Connection], T]) -> T:
        """Read the cache on this thread."""
        try:
            return self._cache_readers.now(work)
        except StoreCorrupt:
            mark_damaged(self.cache_path)
            raise

    def ask(self, work: Callable[[], T], priority: int) -> Future[T]:
        """Have `work`, which reads through this store, done on the reader's thread."""
        return self._cache_readers.ask(lambda _: work(), priority)

    def keep(self, work: Callable[[Connection], T]) -> T:
        """Have `work` done in `kept.db`; returning means it survives a power cut."""
        return self._kept_writer.write(work)

    def kept(self, work: Callable[[Connection], T]) -> T:
        """Read `kept.db` on this thread."""
        return self._kept_readers.now(work)


def _which(path: Path) -> tuple[int, int] | None:
    """The file of that name, whoever writes it anew; None: there is none, or nobody can say."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
