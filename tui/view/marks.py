"""Which conversations are marked: some by their ids, or all that a list showed but for a few. Nothing of the list is held for it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from store.domain.ids import ConversationId
from store.domain.query import Query
from store.local.rows import PageKey

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Marked(Protocol):
    """What must be known of a line; `store.local`'s ConversationRow is one."""

    @property
    def id(self) -> ConversationId: ...
    @property
    def key(self) -> PageKey: ...


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a query found when they were marked, but for those of `without`. What came after that is above `newest`, and not marked."""

    query: Query
    newest: PageKey
    without: frozenset[ConversationId] = frozenset()
    count: int | None = None
    """How many lines that are; None: nobody has counted yet."""

    def has(self, row: Marked, query: Query) -> bool:
        """Whether a line of the list of that query is one of them."""
        return query == self.query and row.id not in self.without and not is_above(row.key, self.newest)


def is_above(key: PageKey, other: PageKey) -> bool:
    """Whether a line stands above another in every list: newest first, then by id."""
    return (key.last_at or _BEFORE_ALL, key.id) > (other.last_at or _BEFORE_ALL, other.id)


@dataclass(frozen=True, slots=True)
class MarkSet:
    """A value: each key makes another. Marks are by conversation, so they survive whatever happens to the list."""

    ids: frozenset[ConversationId] = frozenset()
    whole: Whole | None = None
    last: PageKey | None = None
    """Where the last one was set: a range begins there."""

    def __bool__(self) -> bool:
        return bool(self.ids) or self.whole is not None

    @property
    def count(self) -> int | None:
        """How many; None: nobody has counted yet."""
        if self.whole is None:
            return len(self.ids)
        return None if self.whole.count is None else max(0, self.whole.count - len(self.whole.without)) + len(self.ids)

    def has(self, row: Marked, query: Query) -> bool:
        """Whether a line of the list of that query is marked."""
        return row.id in self.ids or (self.whole is not None and self.whole.has(row, query))

    def turned(self, row: Marked, query: Query) -> "MarkSet":
        """That one marked, or not any more."""
        if not self.has(row, query):
            whole = self.whole
            if whole is not None and row.id in whole.without and query == whole.query:
                return replace(self, whole=replace(whole, without=whole.without - {row.id}), last=row.key)
            return replace(self, ids=self.ids | {row.id}, last=row.key)
        whole = self.whole
        if whole is not None and whole.has(row, query):
            whole = replace(whole, without=whole.without | {row.id})
        return replace(self, ids=self.ids - {row.id}, whole=whole, last=row.key)

    def with_all(self, keys: tuple[PageKey, ...], last: PageKey | None) -> "MarkSet":
        """These too."""
        return replace(self, ids=self.ids | {key.id for key in keys}, last=last)

    def with_ids(self, ids: frozenset[ConversationId]) -> "MarkSet":
        """These too, wherever they stand."""
        return replace(self, ids=self.ids | ids)

    def of_whole(self, query: Query, newest: PageKey) -> "MarkSet":
        """All of a list, and nothing else."""
        return MarkSet(whole=Whole(query, newest), last=newest)

    def counted(self, whole: Whole, count: int) -> "MarkSet":
        """So many lines are in the whole; whatever was marked since stays."""
        if self.whole is None or (self.whole.query, self.whole.newest) != (whole.query, whole.newest):
            return self
        return replace(self, whole=replace(self.whole, count=count))


NONE = MarkSet()
