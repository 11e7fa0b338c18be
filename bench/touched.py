"""What a page of a list makes SQLite do, as its own count of steps says (SQLITE_STMTSTATUS_VM_STEP): it does not depend on the machine.

A page of all conversations reads its lines off an index and no others: its steps are the unit.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw

from store.domain.ids import MemberKey
from store.domain.query import parse_query
from store.local.store import LocalStore

PAGE = 50
VIEWS = (
    "is:tray",
    "is:mine",
    "is:unowned",
    "is:flagged",
    "status:new",
    "status:done",
    "status:hold,junk",
    "category:waiting",
    "is:done",
    "owner:sato",
    "owner:sato is:tray",
    "owner:sato,tanaka",
    "inbox:support",
    "inbox:support is:tray",
    "inbox:returns",
    "urgency:urgent",
    "has:comment",
    "status:junk",
)


class Steps:
    """Counts the steps of every statement on this thread's connection to the cache, but for those that the full-text index makes inside."""

    def __init__(self, store: LocalStore, *, of_kept: bool = False) -> None:
        """`of_kept`: on the one to what is kept beside the cache."""
        readers = store._files._kept_readers if of_kept else store._files._cache_readers  # noqa: SLF001 - what is measured is inside
        self._raw: apsw.Connection = readers._connection()._raw  # noqa: SLF001 - as above
        self._count = 0

    def of(self, store: LocalStore, text: str, limit: int) -> int:
        """The steps of reading one page."""
        return self.of_work(lambda: store.page(parse_query(text), limit=limit))

    def of_search(self, store: LocalStore, text: str, limit: int) -> int:
        """The steps of finding the newest so many."""
        return self.of_work(lambda: store.search(parse_query(text), limit=limit))

    def of_work(self, work: Callable[[], object]) -> int:
        """The steps of whatever is read."""
        self._count = 0
        self._raw.trace_v2(apsw.SQLITE_TRACE_PROFILE, self._add)
        try:
            work()
        finally:
            self._raw.trace_v2(0, None)
        return self._count

    def _add(self, event: dict[str, Any]) -> None:
        # The index keeps its statements, and they count on from one use to the next.
        if "words_" not in event["sql"]:
            self._count += event["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"]


def steps_of_pages(home: Path, views: tuple[str, ...] = VIEWS, limit: int = PAGE) -> dict[str, float]:
    """Of each view the steps of its first page, in steps of the first page of all."""
    store = LocalStore.open(home)
    try:
        store.set_me(MemberKey("sato"))
        steps = Steps(store)
        plain = steps.of(store, "", limit)
        return {view: steps.of(store, view, limit) / plain for view in views}
    finally:
        store.close()
