"""What a pull apart tells, passed on as if it were this process's own work: to the store's subscribers, and as the status of its inboxes."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable

from mailsync.engine.apart import Apart
from mailsync.engine.apart_news import Came, Failed, News, Stored, hear
from mailsync.engine.errands import FailedElsewhere
from mailsync.engine.reports import InboxStatus, Pace, SyncState
from store.clock import Clock
from store.domain.ids import InboxKey
from store.local.store import LocalStore


async def followed(apart: Apart, store: LocalStore, clock: Clock, on_status: Callable[[InboxStatus], None]) -> None:
    """Return when it has ended; cancelled, end it. `on_status` is called on another thread."""
    paces: defaultdict[InboxKey, Pace] = defaultdict(Pace)

    def pass_on(news: News) -> None:
        match news:
            case Stored(ids):
                store.changes.publish(ids)
            case Came(inbox, done, total):
                eta_seconds = paces[inbox].eta_seconds(done, total, clock.monotonic())
                on_status(InboxStatus(inbox, SyncState.PULLING, done, total, eta_seconds=eta_seconds))
            case Failed(inbox, sentence, exit_code):
                on_status(InboxStatus(inbox, SyncState.FAILED, error=FailedElsewhere(sentence, exit_code)))

    try:
        await asyncio.to_thread(hear, os.fdopen(apart.news, "rb"), pass_on)
    finally:
        await asyncio.to_thread(apart.end)
