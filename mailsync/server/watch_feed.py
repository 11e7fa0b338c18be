"""What one IMAP mailbox has that the journal was not told: headers only, batch by batch; all of it again where the server has gone back."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Protocol, TypeVar

from mailsync.imap.session import MailSession
from mailsync.imap.uids import HIGHEST_UID
from mailsync.mime.carried.returned import LOOKED_AT_BYTES
from mailsync.mime.report_of import report_of
from mailsync.server.watch_reading import Entry, Place, SeenMail, entry_of_seen, wants_its_body
from store.clock import Clock
from store.domain.ids import MessageId
from store.team import reading
from store.team.desk import TeamDesk
from store.team.values import WatchCursor

T = TypeVar("T")

FETCH_MESSAGES = 500
PROOF_MESSAGES = 20
"""So many at the end of what was told are looked at once more when a connection is new."""
PROOF_UIDS = 2_000
"""They are looked for so far down."""
START_OF_BOUNCE = f"(UID BODY.PEEK[]<0.{LOOKED_AT_BYTES}>)"


class InThread(Protocol):
    """Does what blocks in the thread of the session."""

    async def __call__(self, work: Callable[[], T], /) -> T: ...


class ImapFeed:
    """What one mailbox has above a cursor; asks in the thread of its session."""

    def __init__(self, session: MailSession, mailbox: str, place: Place, clock: Clock, in_thread: InThread) -> None:
        self.mailbox = mailbox
        self.uidvalidity = 0
        self.end_uid = 0
        self._session = session
        self._place = place
        self._clock = clock
        self._in_thread = in_thread
        self._batches: deque[list[int]] = deque()

    async def open(self, told: WatchCursor | None, desk: TeamDesk, *, proved: set[MessageId] | None) -> None:
        """Find out what is there. `proved`: the connection is new, and the server may have been restored from a backup meanwhile; of
        these messages it is known that they are no sign of that, and those that are looked at now are added.
        """
        low = await self._in_thread(partial(self._select, told))
        if low > 1 and proved is not None:
            last = {entry.command.message_id for entry in await self._in_thread(partial(self._last_told, low - 1))} - proved
            proved |= last
            if not await desk.ask(partial(reading.knows_messages, inbox=self._place.inbox, message_ids=last)):
                low = 1
        await self._in_thread(partial(self._list, low))

    async def next(self) -> Sequence[Entry]:
        """Some more; nothing when that was all."""
        while self._batches:
            batch = self._batches.popleft()
            # Parsed over there as well: 500 headers take longer than a key press may wait.
            if entries := await self._in_thread(partial(self._read, batch)):
                return entries
        return ()

    def _select(self, told: WatchCursor | None) -> int:
        """Open the mailbox; the lowest UID that is to be told."""
        status = self._session.select(self.mailbox)
        self.uidvalidity, self.end_uid = status.uidvalidity, status.uidnext - 1
        # RFC 9051 2.3.1.1: under another UIDVALIDITY no UID of ours names the same message, and under one it never goes back. A server
        # restored from its backup does go back: all is read again; what is known stays.
        is_same = told is not None and told.uidvalidity == status.uidvalidity
        if told is not None and is_same and told.highest_uid > self.end_uid:
            # Some servers always say too small a UIDNEXT: those still have what lay there.
            self.end_uid = max([self.end_uid, *self._session.uids(told.highest_uid, HIGHEST_UID)[-1:]])
            is_same = told.highest_uid <= self.end_uid
        return told.highest_uid + 1 if told is not None and is_same else 1

    def _last_told(self, high: int) -> list[Entry]:
        """What lies now where the journal was told of mail last."""
        uids = self._session.uids(max(1, high - PROOF_UIDS), high)[-PROOF_MESSAGES:]
        now = self._clock.now()
        return [entry_of_seen(each, self._place, now) for each in self._seen(uids)] if uids else []

    def _list(self, low: int) -> None:
        # To the end, whatever UIDNEXT said: what lies above it is there all the same.
        uids = self._session.uids(low, HIGHEST_UID) if low <= self.end_uid else []
        self.end_uid = max([self.end_uid, *uids[-1:]])
        self._batches.extend(uids[start : start + FETCH_MESSAGES] for start in range(0, len(uids), FETCH_MESSAGES))

    def _read(self, batch: list[int]) -> list[Entry]:
        seen, now = self._seen(batch), self._clock.now()
        entries = [entry_of_seen(each, self._place, now) for each in seen]
        bounces = [entry.uid for entry, each in zip(entries, seen, strict=True) if wants_its_body(entry, each)]
        if not bounces:
            return entries
        parts = chain.from_iterable(self._session.fetch_batches([bounces], START_OF_BOUNCE))
        reports = {part.uid: report_of(part.sections.get("BODY[]", b"")) for part in parts}
        return [entry_of_seen(replace(each, report=reports.get(each.uid)), self._place, now) for each in seen]

    def _seen(self, batch: list[int]) -> list[SeenMail]:
        found = sorted(self._session.fetch_headers(self.mailbox, batch[0], batch[-1]), key=lambda each: each.uid)
        return [SeenMail(each.uid, each.size_bytes, each.internaldate, each.headers) for each in found]
