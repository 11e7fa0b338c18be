"""The one who turns mail into the team's events: reads every mailbox of every inbox forward, oldest first, and tells the journal."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mailsync.server.watch_reading import Entry
from store.domain.ids import InboxKey
from store.domain.unsubscribing import token_in_subject
from store.team.desk import TeamDesk
from store.team.suppressing import MAIL
from store.team.values import THE_SERVER, Order, Rejected, WatchCursor

LOOK_AGAIN_SECONDS = 20.0
"""How long a reply waits for the look before its ticket; then it is held, and said so."""
COMMIT_MESSAGES = 200
"""In one transaction: agents' commands wait no longer than it takes."""

_log = logging.getLogger(__name__)


class Feed(Protocol):
    """What one mailbox has that the journal was not told, in order of UID."""

    mailbox: str
    uidvalidity: int
    end_uid: int
    """Once `next` gave nothing, everything up to here was given."""

    async def next(self) -> Sequence[Entry]:
        """Some more; nothing when that was all."""
        ...


class MailSource(Protocol):
    """Where an inbox's mail is seen."""

    async def run(self) -> None:
        """Tell the journal of new mail, for ever."""
        ...

    async def look_again(self) -> bool:
        """Tell the journal of everything that is there now; False: the mailboxes could not be reached."""
        ...

    async def read_sent(self) -> bool:
        """The same of Sent, as the mail server has it now; False also where Sent alone could not be read."""
        ...

    def hint(self) -> None:
        """There may be new mail."""
        ...


class Watcher:
    """All inboxes' sources together."""

    def __init__(self, sources: dict[InboxKey, MailSource], *, look_again_seconds: float = LOOK_AGAIN_SECONDS) -> None:
        self._sources = sources
        self._look_again_seconds = look_again_seconds

    async def run(self) -> None:
        """Watch, for ever; cancel it to stop.

        Raises:
            StoreError: The journal cannot be written.
        """
        async with asyncio.TaskGroup() as tasks:
            for source in self._sources.values():
                tasks.create_task(source.run())

    async def look_again(self, inbox: InboxKey) -> bool:
        """Whether everything that lay in the inbox's mailboxes at the time of asking is in the journal now; False after 20 s at most."""
        source = self._sources.get(inbox)
        return source is not None and await self._in_time(source.look_again)

    async def read_sent(self, inbox: InboxKey) -> bool:
        """The same of its Sent mailbox. One that cannot be opened alone stops no reply; here it is a no."""
        source = self._sources.get(inbox)
        return source is not None and await self._in_time(source.read_sent)

    async def _in_time(self, look: Callable[[], Awaitable[bool]]) -> bool:
        try:
            async with asyncio.timeout(self._look_again_seconds):
                return await look()
        except TimeoutError:
            return False

    def hint(self, inbox: InboxKey) -> None:
        """Somebody says that there is new mail."""
        if source := self._sources.get(inbox):
            source.hint()


LookAgain = Callable[[InboxKey], Awaitable[bool]]
"""`Watcher.look_again`, as the outbox asks for it."""


@dataclass
class _Lane:
    """A feed and what was read of it, but not told."""

    feed: Feed
    told: WatchCursor | None
    waiting: deque[Entry] = field(default_factory=deque)
    dry: bool = False

    async def fill(self) -> None:
        if not self.waiting and not self.dry:
            self.waiting.extend(await self.feed.next())
            self.dry = not self.waiting


async def tell_journal(desk: TeamDesk, inbox: InboxKey, feeds: Sequence[Feed]) -> int:
    """Journal everything the feeds have, merged by date: a question before its answer. Returns how many mails that were.

    A mailbox's cursor moves in the transaction that holds what it covers, or a later one: after a crash some are told twice, and a
    message that is known changes nothing.
    """
    lanes = [_Lane(feed, await desk.watch_cursor(inbox, feed.mailbox)) for feed in feeds]
    told = 0
    while True:
        for lane in lanes:
            await lane.fill()
        batch = _oldest(lanes)
        if not batch:
            break
        await _commit(desk, inbox, batch)
        told += len(batch)
    for lane in lanes:
        # The last UIDs may be gone already: without this they would be asked for each time.
        end = WatchCursor(lane.feed.uidvalidity, lane.feed.end_uid)
        if lane.told != end:
            await desk.execute_many([], cursor=(inbox, lane.feed.mailbox, end))
    return told


def _oldest(lanes: Sequence[_Lane]) -> list[tuple[_Lane, Entry]]:
    """The oldest that wait, each lane's in its own order; ends early where a lane must be filled before it can be compared."""
    batch: list[tuple[_Lane, Entry]] = []
    while len(batch) < COMMIT_MESSAGES and all(lane.waiting or lane.dry for lane in lanes):
        full = [lane for lane in lanes if lane.waiting]
        if not full:
            break
        oldest = min(full, key=lambda lane: lane.waiting[0].at)
        batch.append((oldest, oldest.waiting.popleft()))
    return batch


async def _commit(desk: TeamDesk, inbox: InboxKey, batch: Sequence[tuple[_Lane, Entry]]) -> None:
    reached = {id(lane): (lane, WatchCursor(lane.feed.uidvalidity, entry.uid)) for lane, entry in batch}
    (first, cursor), *others = reached.values()
    await _unsubscribe(desk, [entry for _, entry in batch])
    orders = [Order(THE_SERVER, None, entry.command) for _, entry in batch]
    outcomes = await desk.execute_many(orders, cursor=(inbox, first.feed.mailbox, cursor))
    first.told = cursor
    for lane, its_cursor in others:
        await desk.execute_many([], cursor=(inbox, lane.feed.mailbox, its_cursor))
        lane.told = its_cursor
    for (_, entry), outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, Rejected):
            _log.warning("inbox %s: the rules took no note of UID %d: %s", inbox, entry.uid, type(outcome.refusal).__name__)


async def _unsubscribe(desk: TeamDesk, entries: Sequence[Entry]) -> None:
    """Whoever mails the token of a mailing's mail gets no other. Before the cursor moves: after a crash it is done once more, never left out."""
    for entry in entries:
        if entry.command.inbound and (token := token_in_subject(entry.command.subject)) is not None:
            await desk.mailings.suppressing.unsubscribe(token, MAIL)
