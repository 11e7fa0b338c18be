"""A first look at a home, before its store is opened: the top of a list, its length, and who is who. Writes nothing, waits for nobody."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import msgspec

from store.domain.ids import MemberKey
from store.domain.people import Member
from store.domain.query import Query
from store.local.files import Presences
from store.local.lists import Lists
from store.local.opening import is_marked_damaged
from store.local.people import load_members
from store.local.rows import Page
from store.local.schema import CACHE_VERSION, KEPT_VERSION
from store.sqlite.connection import Connection, connect
from store.sqlite.errors import StoreError

T = TypeVar("T")


class Glance(msgspec.Struct, frozen=True):
    """What a list shows first."""

    page: Page
    count: int
    me: MemberKey | None
    members: tuple[Member, ...]


def glance(home: Path, query: Query, limit: int) -> Glance | None:
    """The first `limit` lines of a list; None: there is no store, or it has to be made, mended or waited for first."""
    cache_path, kept_path = home / "cache" / "mail.db", home / "kept.db"
    if not (cache_path.exists() and kept_path.exists()) or is_marked_damaged(cache_path) or is_marked_damaged(kept_path):
        return None
    try:
        with ExitStack() as ending:
            cache, kept = (connect(path, readonly=True) for path in (cache_path, kept_path))
            for connection in (cache, kept):
                ending.callback(connection.close)
                connection.execute("PRAGMA busy_timeout = 0")
            if (cache.user_version, kept.user_version) != (CACHE_VERSION, KEPT_VERSION):
                return None
            return _Shelf(cache, kept).look(query, limit)
    except (StoreError, msgspec.DecodeError):
        # A row this version cannot read: the store says so when it is opened.
        return None


class _Shelf:
    """As much of `store.local.files.Files` as `Lists` needs."""

    def __init__(self, cache: Connection, kept: Connection) -> None:
        self._cache, self._kept = cache, kept
        self.presences = Presences()
        found: str | None = kept.value("SELECT value FROM fact WHERE key = 'me'")
        self.me = None if found is None else MemberKey(found)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Read the cache."""
        return work(self._cache)

    def kept(self, work: Callable[[Connection], T]) -> T:
        """Read `kept.db`."""
        return work(self._kept)

    def look(self, query: Query, limit: int) -> Glance:
        """All of one moment."""
        lists = Lists(self)
        with self._cache.snapshot():
            page = lists.page(query, limit=limit, after=None, before=None, from_end=False)
            return Glance(page, lists.count(query, None), self.me, load_members(self._cache))
