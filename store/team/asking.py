"""What is asked of a team's desk: conversations, events, the outbox, drafts. Nothing here writes."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import TypeVar

from store.domain.conversation import Conversation
from store.domain.events import Recorded
from store.domain.ids import ConversationId, InboxKey, MemberKey, Seq, SubmissionId, ThreadKey
from store.domain.outbox import OutboxState
from store.domain.people import Inboxes
from store.team import newcomers, reading
from store.team.connection import Connection
from store.team.ledger import Ledger
from store.team.values import Frozen, OutboxItem, SavedDraft, SnapshotPart, StatesPart, WatchCursor

T = TypeVar("T")


class Asking:
    """See `store.team.desk.TeamDesk`, which adds what writes. Any method may raise StoreError."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    # Conversations

    async def state(self, conversation_id: ConversationId) -> Conversation | None:
        """A conversation as of now, None when there is none of this very id."""
        return await self.ask(partial(reading.state, conversation_id=conversation_id))

    async def resolve(self, text: str) -> ConversationId | None:
        """The conversation meant by an id, an alias, `#12` or `12`."""
        return await self.ask(partial(reading.resolve, text=text))

    async def inbox_of(self, text: str) -> InboxKey | None:
        """The inbox of the conversation meant by an id or an alias."""
        return await self.ledger.ask_at_once(partial(reading.inbox_of, text=text))

    async def registered(self, inbox: InboxKey, thread_key: ThreadKey) -> ConversationId | None:
        """Where mails of a thread go."""
        return await self.ask(partial(reading.of_thread, inbox=inbox, thread_key=thread_key))

    async def snapshot(self, after: ConversationId | None, limit: int, inboxes: Inboxes = (), who: MemberKey | None = None) -> SnapshotPart:
        """Conversations with an id above `after`, at most `limit`; `inboxes` empty: of all."""
        return await self.ask(partial(reading.snapshot, after=after, limit=limit, inboxes=inboxes, who=who))

    async def newest(self, *, closed: bool, below: int | None, limit: int, inboxes: Inboxes = (), who: MemberKey | None = None) -> StatesPart:
        """Open, or closed, conversations with a number below `below`, the newest first; the first page also has members and templates."""
        return await self.ask(partial(newcomers.newest, closed=closed, below=below, limit=limit, inboxes=inboxes, who=who))

    async def states(self, ids: Collection[ConversationId], inboxes: Collection[InboxKey] = ()) -> StatesPart:
        """These conversations, as far as they are there and in these inboxes; a member who sees none of one is told nothing of it."""
        return await self.ask(partial(newcomers.states, ids=ids, inboxes=inboxes))

    async def events_since(self, since: Seq, limit: int, inboxes: Inboxes = (), who: MemberKey | None = None) -> tuple[tuple[Recorded, ...], Seq]:
        """Events with seq > since in order, and the seq up to which that is all there is for these inboxes."""
        return await self.ask(partial(reading.events_since, since=since, limit=limit, inboxes=inboxes, who=who))

    async def timeline(self, conversation_id: ConversationId) -> tuple[Recorded, ...]:
        """Every event of a conversation, oldest first."""
        return await self.ask(partial(reading.timeline, conversation_id=conversation_id))

    async def waking(self, now: datetime) -> tuple[ConversationId, ...]:
        """Conversations on hold whose wake time has come."""
        return tuple(found for found, inbox in await self.ask(partial(reading.waking, now=now)) if self.ledger.mine(inbox))

    async def next_wake_at(self) -> datetime | None:
        """When the next conversation on hold wakes."""
        return await self.ask(reading.next_wake_at)

    # The outbox

    async def due_submissions(self, now: datetime, besides: Collection[SubmissionId] = ()) -> tuple[OutboxItem, ...]:
        """Those whose hold or delay is over, longest due first; `besides`: they are left out unread."""
        return self._of_mine(await self.ask(partial(reading.due_submissions, now=now, besides=besides)))

    async def next_due_at(self, *, after: datetime | None = None) -> datetime | None:
        """When something in the outbox is due next; `after` leaves out what was due by then."""
        return await self.ask(partial(reading.next_due_at, after=after))

    async def submissions_in(self, state: OutboxState) -> tuple[OutboxItem, ...]:
        """Those in one state, oldest first."""
        return self._of_mine(await self.ask(partial(reading.submissions_in, state=state)))

    async def unfiled_submissions(self) -> tuple[OutboxItem, ...]:
        """Those accepted whose copy does not lie in Sent yet."""
        return self._of_mine(await self.ask(reading.unfiled_submissions))

    async def submission(self, submission_id: SubmissionId) -> Frozen | None:
        """One with its bytes."""
        return await self.ask(partial(reading.submission, submission_id=submission_id))

    async def outbox(self, limit: int = 200, inboxes: Collection[InboxKey] = ()) -> tuple[OutboxItem, ...]:
        """Those that are not over, whatever their age; then the newest, whatever became of them."""
        return await self.ask(partial(reading.outbox, limit=limit, inboxes=inboxes))

    # The watcher's and the agents' own

    async def watch_cursor(self, inbox: InboxKey, mailbox: str) -> WatchCursor | None:
        """How far `execute_many` was told to have come."""
        return await self.ask(partial(reading.watch_cursor, inbox=inbox, mailbox=mailbox))

    async def drafts(self, member: MemberKey) -> tuple[SavedDraft, ...]:
        """A member's drafts, newest first."""
        return await self.ask(partial(reading.drafts, member=member))

    async def has_draft(self, member: MemberKey, conversation_id: ConversationId) -> bool:
        """Whether a member has text for a conversation at the server."""
        return await self.ask(partial(reading.has_draft, member=member, conversation_id=conversation_id))

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """Read, on a reader's thread."""
        return await self.ledger.ask(work)

    def _of_mine(self, items: tuple[OutboxItem, ...]) -> tuple[OutboxItem, ...]:
        return tuple(item for item in items if self.ledger.mine(item.inbox))
