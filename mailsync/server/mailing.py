"""Lets the rows of running mailings leave one by one, each mailing at its own pace, and never so many that an agent's reply waits behind them."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from mailsync.server.watch_sources import inboxes_of
from mailsync.server.watcher import LookAgain
from store.clock import Clock
from store.domain.events import MailingMoved, ReplyOutcome, ReplySettled
from store.domain.ids import InboxKey
from store.settings.settings import Settings
from store.team.desk import TeamDesk
from store.team.mailing_moves import Kept
from store.team.mailing_turns import RowRefused, end_row, in_outbox, running, take_turn, waits_seconds
from store.team.sent_read import note_read, unread
from store.team.values import Published

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MailingPace:
    """How many mails of mailings may be in an inbox's outbox, and how often is looked without news."""

    leaving_at_most: int = 8
    """About to leave: an agent's reply waits for no more than these."""
    waiting_at_most: int = 100
    """Deferred or held: while the mail server takes nothing, no more pile up."""
    look_every_seconds: float = 5.0


class MailingRunner:
    """One for the inboxes of a duty; every write is fenced by it."""

    def __init__(self, desk: TeamDesk, settings: Settings, clock: Clock, read_sent: LookAgain, *, pace: MailingPace | None = None) -> None:
        """`read_sent`: `Watcher.read_sent`."""
        self._desk = desk
        self._read_sent = read_sent
        self._own = frozenset(inbox.key for inbox in inboxes_of(settings))
        self._unread = self._own
        self._addresses: Mapping[InboxKey, str] = {inbox.key: inbox.address for inbox in inboxes_of(settings) if inbox.smtp is not None}
        self._clock = clock
        self._pace = pace or MailingPace()
        self._news = asyncio.Event()

    async def run(self) -> None:
        """For ever; cancel it to stop. Nothing need be finished first: a turn is one transaction.

        Raises:
            StoreError: The journal cannot be written.
        """
        unsubscribe = self._desk.subscribe(self._hear)
        try:
            while True:
                self._news.clear()
                wait_seconds = await self._go_round()
                try:
                    async with asyncio.timeout(wait_seconds):
                        await self._news.wait()
                except TimeoutError:
                    continue
        finally:
            unsubscribe()

    def _hear(self, published: Published) -> None:
        if any(isinstance(recorded.event, MailingMoved | ReplyOutcome | ReplySettled) for recorded in published.recorded):
            self._news.set()

    async def _go_round(self) -> float:
        """Give one row of each running mailing its turn, where it is time; returns for how many seconds there is nothing to do."""
        waits = [self._pace.look_every_seconds]
        await self._see_what_left()
        for kept in await self._desk.ask(running):
            address = self._addresses.get(kept.mailing.inbox)
            if address is None or not self._desk.ledger.mine(kept.mailing.inbox):
                continue
            ahead = waits_seconds(kept, self._clock.now())
            if ahead <= 0 and await self._has_room(kept.mailing.inbox):
                waits.append(0.0 if await self._turn(kept, address) else self._pace.look_every_seconds)
            elif ahead > 0:
                waits.append(ahead)
        return min(waits)

    async def _see_what_left(self) -> None:
        """After a restore, once: have Sent of our inboxes read. Of the others it is read by whoever does their work."""
        if not self._unread:
            return
        found = frozenset(inbox for inbox in await self._desk.ask(partial(unread, inboxes=self._unread)) if self._desk.ledger.mine(inbox))
        if found and self._unread is self._own:
            _log.warning("after a restore no mailing goes on before Sent of these inboxes was read: %s", ", ".join(sorted(found)))
        self._unread = found
        for inbox in sorted(found):
            if await self._read_sent(inbox):
                await self._desk.ledger.write_plain(partial(note_read, inbox=inbox))

    def _everywhere(self) -> frozenset[InboxKey]:
        duty = self._desk.ledger.duty
        return self._own if duty is None else duty.named

    async def _has_room(self, inbox: InboxKey) -> bool:
        found = await self._desk.ask(partial(in_outbox, inbox=inbox))
        return found.leaving < self._pace.leaving_at_most and found.waiting < self._pace.waiting_at_most

    async def _turn(self, kept: Kept, address: str) -> bool:
        desk, now, mailing_id = self._desk, self._clock.now(), kept.mailing.id
        try:
            turn = partial(
                take_turn,
                mailing_id=mailing_id,
                address=address,
                inboxes=self._everywhere(),
                execute=desk.mailings.execute,
                now=now,
                epoch=desk.epoch,
            )
            return await desk.ledger.write(turn)
        except RowRefused as error:
            _log.warning("mailing %s: row %d was not taken: %s", mailing_id, error.n, type(error.refusal).__name__)
            end = partial(end_row, mailing_id=mailing_id, n=error.n, refusal=error.refusal, now=now, epoch=desk.epoch)
            return await desk.ledger.write(end)
