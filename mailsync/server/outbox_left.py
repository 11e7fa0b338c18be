"""What has left each inbox lately, out of the journal: a provider counts on while a server is started anew."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from mailsync.server.outbox_rate import LONGEST_WINDOW, Limits, Pacer
from store.domain.events import Recorded, ReplySending
from store.domain.ids import InboxKey, Seq
from store.team.desk import TeamDesk

PAGE_EVENTS = 2_000


async def pacers(desk: TeamDesk, limits: Mapping[InboxKey, Limits], now: datetime) -> dict[InboxKey, Pacer]:
    """One for each inbox; the journal is read, a day back, only where a limit is set."""
    left: dict[InboxKey, list[datetime]] = defaultdict(list)
    if any(one.windows for one in limits.values()):
        for recorded in await _tickets_since(desk, now - LONGEST_WINDOW):
            inbox = await desk.inbox_of(recorded.conversation_id) if recorded.conversation_id is not None else None
            if inbox is not None:
                left[inbox].append(recorded.at)
    return {inbox: Pacer(one, left[inbox]) for inbox, one in limits.items()}


async def _tickets_since(desk: TeamDesk, since: datetime) -> list[Recorded]:
    found: list[Recorded] = []
    end = desk.seq
    while end > 0:
        start = Seq(max(0, end - PAGE_EVENTS))
        page, _ = await desk.events_since(start, end - start)
        found += [one for one in page if one.seq <= end and one.at > since and isinstance(one.event, ReplySending)]
        if page and page[0].at <= since:
            break
        end = start
    return found
