"""Searching a home without opening the rest of its store: what `mado search` needs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from store.domain.ids import MemberKey
from store.domain.query import Query
from store.local.hits import Hit
from store.local.search import Order, Search
from store.local.shelf import ReadingShelf

BUSY_MILLISECONDS = 10_000


class Finder(Protocol):
    """`LocalStore` is one too."""

    def me(self) -> MemberKey | None: ...
    def status_names(self) -> Mapping[str, str]: ...
    def search(self, query: Query, *, limit: int = 50, order: Order = Order.NEWEST) -> tuple[Hit, ...]: ...
    def search_count(self, query: Query, *, most: int = 1_000) -> int: ...
    def close(self) -> None: ...


def open_finder(home: Path) -> Finder:
    """Search in a home; where the store has to be made or mended first, all of it is opened.

    Raises:
        StoreTooNew: A newer madoguchi wrote it; nothing was touched.
        CannotOpen: The home cannot be used.
    """
    shelf = ReadingShelf.open(home, busy_milliseconds=BUSY_MILLISECONDS)
    if shelf is not None:
        return _QuickFinder(shelf)
    from store.local.store import LocalStore  # start-up cost: only a home without a store needs it

    return LocalStore.open(home, readonly=True)


class _QuickFinder:
    """Reads; see `LocalStore` for what each promises."""

    def __init__(self, shelf: ReadingShelf) -> None:
        self._shelf = shelf
        self._search = Search(shelf)

    def me(self) -> MemberKey | None:
        """Whose home this is."""
        return self._shelf.me

    def status_names(self) -> Mapping[str, str]:
        """The team's own statuses by everything they are called."""
        from store.domain.team_facts import names_of_statuses  # start-up cost: few ask for one
        from store.local.people import load_team

        return names_of_statuses(self._shelf.read(load_team))

    def search(self, query: Query, *, limit: int = 50, order: Order = Order.NEWEST) -> tuple[Hit, ...]:
        """Messages and comments that match, nothing marked in them."""
        return self._search.search(query, limit, order, marked=False)

    def search_count(self, query: Query, *, most: int = 1_000) -> int:
        """How many hits there are, up to a bound."""
        return self._search.count(query, most)

    def close(self) -> None:
        """Give the files back."""
        self._shelf.close()
