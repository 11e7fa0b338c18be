"""The databases of a home to be read, and nothing of what writes them: a first look or one search must not wait for the whole store."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Self, TypeVar

from store.domain.ids import MemberKey
from store.local.kept_schema import KEPT_VERSION
from store.local.opening import is_marked_damaged
from store.local.schema import CACHE_VERSION
from store.sqlite.connection import Connection, connect
from store.sqlite.errors import StoreError

T = TypeVar("T")


class Shelf(Protocol):
    """What can be read of a home; `store.local.files.Files` is one."""

    me: MemberKey | None

    def read(self, work: Callable[[Connection], T]) -> T: ...
    def kept(self, work: Callable[[Connection], T]) -> T: ...


class ReadingShelf:
    """Two connections that only read, for one thread. All that one call of `read` sees is of one moment."""

    def __init__(self, cache: Connection, kept: Connection) -> None:
        self._cache, self._kept = cache, kept
        found: str | None = kept.value("SELECT value FROM fact WHERE key = 'me'")
        self.me = None if found is None else MemberKey(found)

    @classmethod
    def open(cls, home: Path, *, busy_milliseconds: int) -> Self | None:
        """The databases of a home; None: there is no store, or it has to be made or mended first."""
        paths = home / "cache" / "mail.db", home / "kept.db"
        if not all(path.exists() for path in paths) or any(is_marked_damaged(path) for path in paths):
            return None
        try:
            with ExitStack() as on_failure:
                cache, kept = (connect(path, readonly=True) for path in paths)
                for connection in (cache, kept):
                    on_failure.callback(connection.close)
                    connection.execute(f"PRAGMA busy_timeout = {busy_milliseconds:d}")
                if (cache.user_version, kept.user_version) != (CACHE_VERSION, KEPT_VERSION):
                    return None
                shelf = cls(cache, kept)
                on_failure.pop_all()
                return shelf
        except StoreError:
            return None

    def read(self, work: Callable[[Connection], T]) -> T:
        """Read the cache."""
        with self._cache.snapshot():
            return work(self._cache)

    def kept(self, work: Callable[[Connection], T]) -> T:
        """Read `kept.db`."""
        return work(self._kept)

    def close(self) -> None:
        """Give the files back."""
        self._cache.close()
        self._kept.close()
