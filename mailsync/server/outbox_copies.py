"""The copy in Sent: filed once for each reply that was accepted; and, for one whose outcome nobody knows, the look for such a copy."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress

from mailsync.imap.reach import imap_access
from mailsync.imap.session import MailSession
from mailsync.server.sent_habit import CopyPatience, Deed, Habit, deed_of, habit_after
from mailsync.server.watch_imap import sent_setting
from mailsync.server.watcher import LookAgain
from store.clock import Clock
from store.domain.commands import RecordFiled
from store.domain.draft_kind import DraftKind
from store.domain.ids import InboxKey, SubmissionId
from store.domain.outbox import OutboxState
from store.errors import BadInput, CannotReach, NotPermitted
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, Frozen, OutboxItem

IMAP_SECONDS = 30.0
USUAL_SENT = "Sent"
"""Where nothing is marked as Sent and nothing is named so."""
LONGEST_RETRY_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Copies:
    """A job of its own: whatever happens here, no mail is ever sent again for it."""

    def __init__(
        self,
        desk: TeamDesk,
        inboxes: Mapping[InboxKey, InboxSettings],
        secrets: Secrets,
        look_again: LookAgain,
        clock: Clock,
        *,
        retry_seconds: float,
        patience: CopyPatience,
    ) -> None:
        self._desk = desk
        self._inboxes = inboxes
        self._secrets = secrets
        self._look_again = look_again
        self._retry_seconds = retry_seconds
        self._news = asyncio.Event()
        self._clock = clock
        self._patience = patience
        self._looked_for: set[SubmissionId] = set()
        self._habits: dict[InboxKey, Habit] = {}
        self._waiting: dict[SubmissionId, tuple[float, float]] = {}
        """Copies that are waited for: since when, and when they are looked for again."""

    def hint(self) -> None:
        """A reply was accepted, or settled, or became unknown."""
        self._news.set()

    async def run(self) -> None:
        """File and search, for ever. What cannot be done now is tried again, ever more slowly, or at the next hint."""
        failures = 0
        while True:
            self._news.clear()
            failures = 0 if await self.do_all() else failures + 1
            wait = min(self._retry_seconds * 2 ** (failures - 1), LONGEST_RETRY_SECONDS) if failures else None
            if self._waiting:
                next_look = max(0.0, min(look_at for _, look_at in self._waiting.values()) - self._clock.monotonic())
                wait = next_look if wait is None else min(wait, next_look)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._news.wait()

    async def do_all(self) -> bool:
        """Everything there is to do now; False: something could not be done."""
        unknown = [item for item in await self._desk.submissions_in(OutboxState.UNKNOWN) if item.submission.id not in self._looked_for]
        done = [await self._look_for_copies(inbox, unknown) for inbox in {item.inbox for item in unknown}]
        unfiled = await self._desk.unfiled_submissions()
        self._waiting = {item.submission.id: self._waiting[item.submission.id] for item in unfiled if item.submission.id in self._waiting}
        done += [await self._file(item) for item in unfiled]
        return all(done)

    async def _look_for_copies(self, inbox: InboxKey, unknown: Sequence[OutboxItem]) -> bool:
        """Have the watcher read Sent: finding the Message-ID settles that it left. Not finding it settles nothing: we file the copy ourselves."""
        if not await self._look_again(inbox):
            return False
        # Once is enough: what comes into Sent later the watcher sees by itself.
        self._looked_for.update(item.submission.id for item in unknown if item.inbox == inbox)
        return True

    async def _file(self, item: OutboxItem) -> bool:
        frozen = await self._desk.submission(item.submission.id)
        if frozen is None:
            return True
        inbox = self._inboxes.get(item.inbox)
        if inbox is None:
            return False
        now = self._clock.monotonic()
        since, look_at = self._waiting.get(item.submission.id, (now, now))
        if look_at > now:
            return True
        try:
            deed = await asyncio.to_thread(self._see_to, inbox, frozen, now - since)
        except (CannotReach, NotPermitted, BadInput) as error:
            _log.warning("submission %s: no copy in Sent of inbox %s yet: %s", item.submission.id, item.inbox, error)
            # What is tried again in a while is no copy that is waited for: its time has come, and looking would not end.
            self._waiting.pop(item.submission.id, None)
            return False
        if deed is Deed.WAIT:
            self._waiting[item.submission.id] = (since, since + self._patience.next_look(now - since))
            return True
        self._waiting.pop(item.submission.id, None)
        await self._desk.execute(THE_SERVER, None, RecordFiled(conversation_id=item.conversation_id, submission_id=item.submission.id))
        return True

    def _see_to(self, inbox: InboxSettings, frozen: Frozen, waited_seconds: float) -> Deed:
        """Blocking, over a connection of its own. One that lies there is not doubled: an APPEND whose answer was cut has happened all the same."""
        if inbox.sent_copy == "never":
            return Deed.FILED
        habit = self._habits.get(inbox.key, Habit.UNKNOWN)
        with MailSession.open(imap_access(inbox, self._secrets, None, timeout_seconds=IMAP_SECONDS)) as session:
            sent = sent_setting(inbox) or session.find_sent() or USUAL_SENT
            reply = frozen.item.submission
            # A redirect bears the Message-ID of the mail that was passed on, which may lie in Sent for reasons of its own.
            lies_there = bool(session.search_message_id(sent, reply.message_id, resent=reply.kind is DraftKind.REDIRECT))
            deed = deed_of(inbox.sent_copy, habit, lies_there=lies_there, waited_seconds=waited_seconds, patience=self._patience)
            if deed is Deed.APPEND:
                session.append(sent, frozen.mime, ("\\Seen",), frozen.item.submission.send_at)
        self._habits[inbox.key] = habit_after(habit, deed, lies_there=lies_there)
        return deed
