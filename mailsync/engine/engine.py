"""Every inbox kept up to date at once: starts and stops the keepers, gathers their status, and lets one process a home do it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from mailsync.engine.errors import MessageGone
from mailsync.engine.fetching import Fetcher, in_background
from mailsync.engine.keeper import InboxKeeper
from mailsync.engine.puller import Puller
from mailsync.engine.reports import InboxStatus, PullReport, SyncState, SyncStatus
from mailsync.engine.turn import PulledElsewhere, its_turn
from store.clock import Clock
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.local.store import LocalStore
from store.settings.lock import HomeLock
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings

T = TypeVar("T")

LOCK_NAME = "sync"


class Engine:
    """Brings mail into the store. `status` is always current; `on_status` is called on the event loop at every change of it."""

    def __init__(self, store: LocalStore, inboxes: Sequence[InboxSettings], secrets: Secrets, clock: Clock) -> None:
        self._store = store
        self._inboxes = tuple(inboxes)
        self._secrets = secrets
        self._clock = clock
        self._keepers: list[InboxKeeper] = []
        self.status = SyncStatus({inbox.key: InboxStatus(inbox.key) for inbox in self._inboxes})
        self.on_status: Callable[[SyncStatus], None] | None = None
        self.on_elsewhere: Callable[[PulledElsewhere], None] | None = None
        """Called on the event loop when another process of this home has the work."""

    async def run(self) -> None:
        """Keep every inbox up to date until cancelled; no failure of a server ends it.

        While another process does this in this home its work is seen here as well; when that ends, this one goes on.
        """
        loop = asyncio.get_running_loop()

        def tell(status: InboxStatus) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._note, status)

        async with its_turn(self._lock(), self._store, self._wait):
            self._keepers = [InboxKeeper(self._store, inbox, self._secrets, self._clock, tell) for inbox in self._inboxes]
            try:
                for keeper in self._keepers:
                    keeper.start()
                await asyncio.Event().wait()
            finally:
                keepers, self._keepers = self._keepers, []
                await asyncio.gather(*(asyncio.to_thread(keeper.stop) for keeper in keepers))

    async def pull_once(self, *, verify: bool = False) -> tuple[PullReport, ...]:
        """Pull every mailbox of every inbox once; `verify` compares everything that is stored with the server's, and mends it.

        Works beside `run`, too, which then does it. An inbox that fails says so in its reports.

        Raises:
            AlreadyRunning: Another process synchronises this home.
        """
        if self._keepers:
            waiting = [asyncio.wrap_future(keeper.request(verify=verify)) for keeper in self._keepers]
            reports = await asyncio.gather(*waiting)
        else:
            with self._lock():
                reports = await asyncio.gather(*(asyncio.to_thread(self._pull_inbox, inbox, verify=verify) for inbox in self._inboxes))
        return tuple(report for each in reports for report in each)

    async def poke(self) -> None:
        """Look for news now, without waiting for what comes of it."""
        for keeper in self._keepers:
            keeper.request()

    def fetch_whole(self, of: ConversationId | tuple[InboxKey, MessageId]) -> Future[int]:
        """Bring what was left at the server of a conversation's messages, or of one message; subscribers of the store hear of it.

        Works beside `run`, without it, and beside another process. The answer is how many messages were completed, 0 when all was here.
        Raises from the future: MessageGone when the rest of one is at the server no more, and what a server or the store raises.
        """

        def work() -> int:
            return sum(self._with_fetcher(inbox, partial(Fetcher.whole, message_ids=ids)) for inbox, ids in self._not_whole(of).items())

        return in_background(work)

    def fetch_part(self, inbox: InboxKey, message_id: MessageId, part: str, content_sha256: str = "") -> Future[bytes]:
        """The decoded bytes of one attachment (`Attachment.part`): from the store where the message is whole, else that part alone is fetched.

        Raises from the future: PartMissing, MessageGone, and what a server or the store raises.
        """
        return in_background(lambda: self._with_fetcher(inbox, lambda fetcher: fetcher.part(message_id, part, content_sha256)))

    def _not_whole(self, of: ConversationId | tuple[InboxKey, MessageId]) -> dict[InboxKey, list[MessageId]]:
        if isinstance(of, tuple):
            return {of[0]: [of[1]]}
        found: dict[InboxKey, list[MessageId]] = {}
        for message in self._store.messages(of):
            if message.header_only:
                found.setdefault(message.inbox, []).append(message.message_id)
        return found

    def _with_fetcher(self, key: InboxKey, work: Callable[[Fetcher], T]) -> T:
        """Work with the keeper's connection, or with one of its own where none runs."""
        for keeper in self._keepers:
            if keeper.inbox == key:
                return work(keeper.fetcher)
        inbox = next((inbox for inbox in self._inboxes if inbox.key == key), None)
        if inbox is None:
            raise MessageGone
        puller = Puller(self._store, inbox, self._secrets, self._clock, lambda _done, _total: None)
        try:
            return work(Fetcher(self._store, key, puller))
        finally:
            puller.close()

    def _pull_inbox(self, inbox: InboxSettings, *, verify: bool) -> tuple[PullReport, ...]:
        puller = Puller(self._store, inbox, self._secrets, self._clock, lambda _done, _total: None)
        try:
            return puller.pull_all(verify=verify)
        finally:
            puller.close()

    def _wait(self, other: PulledElsewhere) -> None:
        for inbox in self._inboxes:
            self._note(InboxStatus(inbox.key, SyncState.READING))
        if self.on_elsewhere is not None:
            self.on_elsewhere(other)

    def _lock(self) -> HomeLock:
        # The store lies in HOME/cache/mail.db: whoever writes it holds the home's lock.
        return HomeLock(self._store.path.parent.parent, LOCK_NAME)

    def _note(self, status: InboxStatus) -> None:
        known: dict[InboxKey, InboxStatus] = {**self.status.inboxes, status.inbox: status}
        self.status = SyncStatus(known)
        if self.on_status is not None:
            self.on_status(self.status)
