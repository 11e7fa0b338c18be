"""An inbox seen through what the home's own client pulled: the server a terminal starts for itself keeps no connection to the mailbox."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from mailsync.server.watch_feed import PROOF_MESSAGES
from mailsync.server.watch_imap import ImapSource
from mailsync.server.watch_reading import Entry, entry_of_pulled
from mailsync.server.watcher import tell_journal
from store.domain.ids import InboxKey, MessageId
from store.errors import CannotReach
from store.local.pulled import PulledMails
from store.local.rows import Cursor
from store.sqlite.errors import StoreError
from store.team import reading
from store.team.desk import TeamDesk
from store.team.values import WatchCursor

POLL_SECONDS = 0.5
PROOF_SECONDS = 60.0
READ_MESSAGES = 500

PullNow = Callable[[InboxKey], Awaitable[bool | None]]
"""Asks the connected client to look at the mailboxes: whether it could reach them; None: no client is there."""


class CacheAway(CannotReach):
    """The client's cache cannot be read at this moment. Nothing was told, nothing is lost."""

    def __init__(self, inbox: InboxKey) -> None:
        super().__init__(f"The mail cache of inbox {inbox} cannot be read now; it is tried again.", inbox=inbox)


class LocalFeed:
    """What one mailbox of the cache has above the journal's cursor."""

    def __init__(self, pulled: PulledMails, inbox: InboxKey, mailbox: str, pulled_to: Cursor, told: WatchCursor | None) -> None:
        self.mailbox = mailbox
        self.uidvalidity = pulled_to.uidvalidity
        self._pulled = pulled
        self._inbox = inbox
        # A cursor below what was told: the mail server has gone back, and the client has noticed it.
        is_same = told is not None and told.uidvalidity == pulled_to.uidvalidity and told.highest_uid <= pulled_to.highest_uid
        self._above = told.highest_uid if told is not None and is_same else 0
        self.end_uid = pulled_to.highest_uid

    async def next(self) -> Sequence[Entry]:
        """Some more; nothing when that was all."""
        try:
            found = await asyncio.to_thread(self._pulled.above, self._inbox, self.mailbox, self._above, READ_MESSAGES)
        except StoreError as error:
            raise CacheAway(self._inbox) from error
        # A pull may commit meanwhile: what is beyond the cursor that was read is the next look's.
        found = [mail for mail in found if mail.uid <= self.end_uid]
        if found:
            self._above = found[-1].uid
        return [entry_of_pulled(mail, self._inbox) for mail in found]


class LocalStoreSource:
    """One inbox of an own home. `imap` is asked only where no client is there to pull: a reply may wait when the last terminal has gone."""

    def __init__(self, desk: TeamDesk, pulled: PulledMails, pull_now: PullNow, imap: ImapSource, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._desk = desk
        self._pulled = pulled
        self._pull_now = pull_now
        self._imap = imap
        self._inbox = imap.inbox.key
        self._poll_seconds = poll_seconds
        self._clock = imap.clock
        self._prove_at: dict[str, float] = {}
        self._proved: set[MessageId] = set()
        self._asked = asyncio.Event()
        self._reading = asyncio.Lock()

    async def run(self) -> None:
        """Tell the journal of what the client commits, for ever."""
        try:
            while True:
                self._asked.clear()
                # The cache is the client's: while it is being made, set aside or mended it is simply not there.
                with suppress(CacheAway):
                    await self._tell()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_seconds):
                        await self._asked.wait()
        finally:
            self._imap.close()

    async def look_again(self) -> bool:
        """Have the client pull, and tell the journal what came."""
        reached = await self._pull_now(self._inbox)
        if reached is None:
            async with self._reading:
                return await self._imap.look_once()
        if reached:
            try:
                await self._tell()
            except CacheAway:
                return False
        return reached

    async def read_sent(self) -> bool:
        """At the mail server itself: the client may not have pulled all of it yet."""
        async with self._reading:
            return await self._imap.look_once() and self._imap.sent_told

    def hint(self) -> None:
        """Read the cache now."""
        self._asked.set()

    async def _still_there(self, mailbox: str, told_to: int) -> bool:
        """Whether the mails at the end of what was told are known, asked now and then: a mail server that was restored from its backup
        gives UIDs again, and the client has replaced what it had of them.
        """
        now = self._clock.monotonic()
        if now < self._prove_at.get(mailbox, now):
            return True
        self._prove_at[mailbox] = now + PROOF_SECONDS
        try:
            found = await asyncio.to_thread(self._pulled.last_ids, self._inbox, mailbox, told_to, PROOF_MESSAGES)
        except StoreError as error:
            raise CacheAway(self._inbox) from error
        last = set(found) - self._proved
        self._proved |= last
        return await self._desk.ask(partial(reading.knows_messages, inbox=self._inbox, message_ids=last))

    async def _tell(self) -> None:
        async with self._reading:
            feeds = await self._feeds()
            if feeds:
                await tell_journal(self._desk, self._inbox, feeds)

    async def _feeds(self) -> list[LocalFeed]:
        try:
            cursors = await asyncio.to_thread(self._pulled.cursors, self._inbox)
        except StoreError as error:
            raise CacheAway(self._inbox) from error
        # A first pull brings the newest first: told in that order, a question would reopen what its answer had finished.
        complete = {mailbox for mailbox, cursor in cursors.items() if cursor.lowest_uid <= 1}
        if not complete.issuperset({*cursors, *self._imap.inbox.mailboxes}):
            return []
        feeds: list[LocalFeed] = []
        for mailbox, cursor in cursors.items():
            told = await self._desk.watch_cursor(self._inbox, mailbox)
            anew = told is not None and told.uidvalidity == cursor.uidvalidity and not await self._still_there(mailbox, told.highest_uid)
            if anew or told != WatchCursor(cursor.uidvalidity, cursor.highest_uid):
                told = None if anew else told
                feeds.append(LocalFeed(self._pulled, self._inbox, mailbox, cursor, told))
        return feeds
