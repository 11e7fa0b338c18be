"""Small steps of a large pull, gathered to be stored in one transaction: several cost a fourth less together than one by one.

Each transaction writes its pages of the indexes anew, and gives the full text a piece more to merge later.
"""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from mailsync.imap.pull import Pulled
from store.local.intake import Prepared

TOGETHER_MESSAGES = 500
TOGETHER_BYTES = 8_000_000
"""Of sources as they came: what is gathered lies in memory."""
SHARE_OF_STORED = 4
"""What waits is at most a fourth of what came so far: at first every step is to be seen at once, and a small pull has no wait at all."""

Store = Callable[[Pulled, Sequence[Prepared]], None]


class Together:
    """Gathers the steps of one pull, in order, on one thread; `store` gets the last of several, without its sources, and the mails of all."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: Pulled | None = None
        self._mails: list[Prepared] = []
        self._bytes = 0

    def add(self, pulled: Pulled, mails: Sequence[Prepared]) -> None:
        """Take one more step, and store what is enough by now."""
        if not _only_brings(pulled):
            self.finish()
            self._store(pulled, mails)
            return
        self._bytes += sum(len(each.raw) for each in pulled.fetched)
        self._mails += mails
        self._last = replace(pulled, fetched=())
        if len(self._mails) >= min(TOGETHER_MESSAGES, pulled.done // SHARE_OF_STORED) or self._bytes >= TOGETHER_BYTES or pulled.done == pulled.total:
            self.finish()

    def finish(self) -> None:
        """Store what waits."""
        last, mails = self._last, self._mails
        self._last, self._mails, self._bytes = None, [], 0
        if last is not None:
            self._store(last, mails)


def _only_brings(pulled: Pulled) -> bool:
    """Whether a step is new mail and nothing else: what changed, or is gone, keeps its place between the others."""
    return bool(pulled.fetched) and bool(pulled.total) and not (pulled.gone or pulled.flags or pulled.forget_uids)
