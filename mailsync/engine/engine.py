"""Every inbox kept up to date at once: starts and stops the keepers, gathers their status, and lets one process a home do it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TypeVar

from mailsync.engine.apart import LOCK_NAME, Apart
from mailsync.engine.apart_heard import followed
from mailsync.engine.errands import Errand, asked, errands_done
from mailsync.engine.errors import MessageGone
from mailsync.engine.fetching import Fetcher, in_background
from mailsync.engine.keeper import InboxKeeper
from mailsync.engine.puller import Puller
from mailsync.engine.reports import InboxStatus, PullReport, SyncState, SyncStatus
from mailsync.engine.turn import LOOK_SECONDS, PulledElsewhere, its_turn
from store.clock import Clock
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.local.changes import EVERYTHING
from store.local.store import LocalStore
from store.on_loop import OnLoop
from store.settings.errors import AlreadyRunning
from store.settings.lock import HomeLock
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings

T = TypeVar("T")

PATIENCE_SECONDS = 600.0
"""So long a pass waits for another one of this home that takes no errands, such as `mado sync --once`."""


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
        self.on_found: Callable[[PullReport], None] | None = None
        """Called on the event loop when a comparison that nobody asked for found something different, and mended it or not."""
        self._errands: set[asyncio.Task[tuple[PullReport, ...] | None]] = set()

    async def run(self, apart: Apart | None = None) -> None:
        """Keep every inbox up to date until cancelled; no failure of a server ends it.

        While another process does this in this home its work is seen here as well; when that ends, this one goes on. So too with the
        first pass that `apart` is at already.
        """
        on_loop = OnLoop()

        def tell(status: InboxStatus) -> None:
            on_loop.soon(self._note, status)

        def found(report: PullReport) -> None:
            on_loop.soon(self._found, report)

        if apart is not None:
            await followed(apart, self._store, self._clock, tell)
        async with its_turn(self._lock(), self._store, self._wait):

            def made(inbox: InboxSettings) -> InboxKeeper:
                return InboxKeeper(self._store, inbox, self._secrets, self._clock, tell, found)

            try:
                await self._keep_what_is_held(made)
                async with errands_done(self._home, self._through_keepers):
                    await self._follow_rights(made)
            finally:
                await self._stop(self._keepers)

    async def _follow_rights(self, made: Callable[[InboxSettings], InboxKeeper]) -> None:
        """Leave an inbox that is taken from this member at once, connections and all; take it up again when it comes back. Runs until cancelled."""
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def look(about: frozenset[ConversationId]) -> None:
            if about == EVERYTHING and not loop.is_closed():
                loop.call_soon_threadsafe(changed.set)

        unsubscribe = self._store.changes.subscribe(look)
        try:
            while True:
                # Also before the first wait: something may have changed until we were told of changes.
                await self._keep_what_is_held(made)
                await changed.wait()
                changed.clear()
        finally:
            unsubscribe()

    async def _keep_what_is_held(self, made: Callable[[InboxSettings], InboxKeeper]) -> None:
        """One keeper for each inbox of the settings that is this member's, and no other."""
        held = await asyncio.to_thread(lambda: {inbox.key for inbox in self._inboxes if self._store.holds(inbox.key)})
        await self._stop([keeper for keeper in self._keepers if keeper.inbox not in held])
        for inbox in self._inboxes:
            if inbox.key in held - {keeper.inbox for keeper in self._keepers}:
                self._keepers.append(made(inbox))
                self._keepers[-1].start()

    async def _stop(self, keepers: Sequence[InboxKeeper]) -> None:
        self._keepers = [keeper for keeper in self._keepers if keeper not in keepers]
        await asyncio.gather(*(asyncio.to_thread(keeper.stop) for keeper in keepers))

    async def pull_once(self, *, verify: bool = False, on_elsewhere: Callable[[PulledElsewhere], None] | None = None) -> tuple[PullReport, ...]:
        """Pull every mailbox of every inbox once; `verify` compares everything that is stored with the server's, and mends it.

        Works beside `run`, too, which then does it, and beside another program of this home: that one does it, or is waited for.
        `on_elsewhere` is told of such a one, once. An inbox that fails says so in its reports.

        Raises:
            AlreadyRunning: Another process has pulled this home's mail for `PATIENCE_SECONDS` and takes no errands.
        """
        lock, told = self._lock(), on_elsewhere
        until = self._clock.monotonic() + PATIENCE_SECONDS
        while not self._keepers:
            try:
                lock.take()
            except AlreadyRunning as other:
                if told is not None:
                    told(PulledElsewhere(other.pid))
                    told = None
                if (reports := await asked(self._home, verify=verify)) is not None:
                    return reports
                if self._clock.monotonic() > until:
                    raise
                await asyncio.sleep(LOOK_SECONDS)
                continue
            try:
                pulled = await asyncio.gather(*(asyncio.to_thread(self._pull_inbox, inbox, verify=verify) for inbox in self._inboxes))
            finally:
                lock.release()
            return tuple(report for each in pulled for report in each)
        return await self._through_keepers(Errand(verify))

    async def _through_keepers(self, errand: Errand) -> tuple[PullReport, ...]:
        pulled = await asyncio.gather(*(asyncio.wrap_future(keeper.request(verify=errand.verify)) for keeper in self._keepers))
        return tuple(report for each in pulled for report in each)

    async def poke(self) -> None:
        """Look for news now, without waiting for what comes of it; where another program fetches, that one looks."""
        for keeper in self._keepers:
            keeper.request()
        if not self._keepers:
            task = asyncio.create_task(asked(self._home, verify=False))
            self._errands.add(task)
            task.add_done_callback(self._errands.discard)

    def look_at_sent(self, inbox: InboxKey) -> None:
        """A copy lies in the inbox's Sent: bring it now. Where another program fetches, that one hears of it too."""
        for keeper in self._keepers:
            if keeper.inbox == inbox:
                keeper.look_at_sent()

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
        return HomeLock(self._home, LOCK_NAME)

    @property
    def _home(self) -> Path:
        # The store lies in HOME/cache/mail.db: whoever writes it holds the home's lock.
        return self._store.path.parent.parent

    def _found(self, report: PullReport) -> None:
        if self.on_found is not None:
            self.on_found(report)

    def _note(self, status: InboxStatus) -> None:
        known: dict[InboxKey, InboxStatus] = {**self.status.inboxes, status.inbox: status}
        self.status = SyncStatus(known)
        if self.on_status is not None:
            self.on_status(self.status)
