"""Which conversations of the list came to other inboxes of ours too: read beside the keys, for the rows that are shown."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from store.domain.ids import ConversationId, InboxKey
from store.local.rows import ConversationRow
from store.local.store import LocalStore
from store.sqlite.errors import ReadGivenUp

MOST_KNOWN = 5_000


class Elsewhere:
    """What is known of the rows shown so far. `on_news` is called on the event loop when a row is to be painted anew."""

    def __init__(self, store: LocalStore, *, several_inboxes: bool, on_news: Callable[[], None]) -> None:
        self._store = store
        self._several = several_inboxes
        self._on_news = on_news
        self._level: set[ConversationId] = set()
        """Asked for since the store changed last."""
        self.known: dict[ConversationId, tuple[InboxKey, ...]] = {}
        """Only those that are elsewhere too."""

    def changed(self) -> None:
        """The store has news: what is shown is asked for again, and stands as it is until then."""
        self._level.clear()

    def is_level(self, rows: Sequence[ConversationRow]) -> bool:
        """Whether nothing of these has to be asked for."""
        return not self._several or all(row.id in self._level for row in rows)

    async def look(self, rows: Sequence[ConversationRow]) -> None:
        """Ask for what is not known of these rows."""
        missing = [row.id for row in rows if row.id not in self._level]
        if len(self.known) > MOST_KNOWN:
            self._level.clear()
            self.known.clear()
        self._level.update(missing)
        try:
            found = await asyncio.wrap_future(self._store.ask(lambda: self._store.also_in(missing)))
        except ReadGivenUp:
            self._level.difference_update(missing)
            return
        if self._take(missing, found):
            self._on_news()

    def _take(self, asked: Collection[ConversationId], found: dict[ConversationId, tuple[InboxKey, ...]]) -> bool:
        before = {each: self.known[each] for each in asked if each in self.known}
        for each in asked:
            self.known.pop(each, None)
        self.known.update(found)
        return before != found
