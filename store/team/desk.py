"""The team's desk: what members and the server itself ask for becomes events, in one order, and everybody is told after the commit."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from store.clock import Clock
from store.domain.audit import Fact
from store.domain.commands import AnyCommand, LapseLease, TeamCommand
from store.domain.conversation import Conversation
from store.domain.events import Recorded
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, Seq, SubmissionId, ThreadKey
from store.domain.lease import Token
from store.domain.outbox import OutboxState
from store.domain.people import Member
from store.sqlite.connection import Connection
from store.sqlite.reader import Readers
from store.sqlite.sweeping import sweep
from store.sqlite.writer import Writer
from store.team import audit, newcomers, reading
from store.team.erasing import Erasing, erase_again
from store.team.execution import Execution, Order
from store.team.leases import LeaseBook
from store.team.opening import add_reply_key, prepare
from store.team.people import People
from store.team.values import THE_SERVER, Frozen, LeaseNow, OutboxItem, Outcome, Published, SavedDraft, SnapshotPart, StatesPart, WatchCursor

T = TypeVar("T")

REOPEN_DAYS = 14


class TeamDesk:
    """The journal and what is folded from it, behind one writer thread. Every method belongs to one event loop.

    `people` adds, admits and ends members; `erasing` erases customers. Writes return after the commit is on disk.
    """

    def __init__(self, path: Path, clock: Clock, *, own_addresses: frozenset[str] = frozenset(), reopen_days: int = REOPEN_DAYS) -> None:
        """Open, or make, the database at `path`. `own_addresses`: of all our inboxes, lower case.

        Raises:
            StoreError: It is locked, damaged, or from a newer program (`store.sqlite.errors`).
        """
        self.clock = clock
        self._writer = Writer(path, durable=True)
        opened = self._writer.write(partial(prepare, now=clock.now()))
        if self._writer.write(partial(erase_again, path=path, now=clock.now())):
            sweep(path)
            opened = self._writer.write(partial(prepare, now=clock.now()))
        self._readers = Readers(path)
        self.epoch: int = opened.epoch
        self._seq = opened.seq
        self._asked = 0
        self._subscribers: list[Callable[[Published], None]] = []
        self._leases = LeaseBook(opened.leases, opened.pulses, clock.now())
        self._execution = Execution(
            clock, opened.epoch, self._leases.pulse_of, own_addresses=own_addresses, reopen_days=reopen_days, reply_keys=opened.reply_keys
        )
        self.erasing = Erasing(path, clock, self._write, self.ask, own_addresses)
        self.people = People(clock, self._write, self.ask, opened.members)

    async def close(self) -> None:
        """Finish what is being written and let go of the file."""
        await asyncio.to_thread(self._writer.close)
        self._readers.close()

    @property
    def seq(self) -> Seq:
        """The newest event that subscribers were told."""
        return self._seq

    # Acting

    async def execute(self, actor: Member, key: CommandKey | None, command: AnyCommand | TeamCommand, *, where: str = "") -> Outcome:
        """Decide a command and keep what comes of it. The same actor and key again: the same answer again, and nothing happens.

        A `RecordMessage` finds its conversation by the registry, whatever its `conversation_id` says, and gets its number here. `where`:
        session and address, for the audit log.
        """
        outcomes = await self._write(partial(self._execution.run, orders=(Order(actor, key, command, where),)))
        return outcomes[0]

    async def execute_many(self, orders: Sequence[Order], *, cursor: tuple[InboxKey, str, WatchCursor] | None = None) -> tuple[Outcome, ...]:
        """The same for several, in order and in one transaction, with the watcher's `cursor` (inbox, mailbox, how far) moved in it."""
        return await self._write(partial(self._execution.run, orders=tuple(orders), cursor=cursor))

    async def note(self, who: str, what: str, *, where: str = "", facts: Mapping[str, Fact] | None = None) -> None:
        """Write down in the audit log what is no event and belongs to no other write (`store.team.audit.note`)."""
        await self._write_plain(partial(audit.note, now=self.clock.now(), who=who, what=what, where=where, facts=facts))

    async def note_settings(self, digests: Mapping[str, str]) -> None:
        """Write down which of the house's settings are others than at the last start (`store.team.audit.note_settings`)."""
        await self._write_plain(partial(audit.note_settings, now=self.clock.now(), digests=digests))

    async def change_reply_key(self) -> None:
        """Sign the Message-IDs of conversations that open from now on with a new key; those that bear an earlier one stay good."""
        # Used once it is on disk: what a lost key had signed would never be known for ours again.
        self._execution.use_keys(await asyncio.shield(asyncio.wrap_future(self._writer.submit(add_reply_key))))

    def subscribe(self, callback: Callable[[Published], None]) -> Callable[[], None]:
        """Have `callback` called on the event loop with every command's events, in order of seq, after their commit and before the answer.

        Returns what ends it.
        """
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback) if callback in self._subscribers else None

    # Conversations

    async def state(self, conversation_id: ConversationId) -> Conversation | None:
        """A conversation as of now, None when there is none of this very id."""
        return await self.ask(partial(reading.state, conversation_id=conversation_id))

    async def resolve(self, text: str) -> ConversationId | None:
        """The conversation meant by an id, an alias, `#12` or `12`."""
        return await self.ask(partial(reading.resolve, text=text))

    async def inbox_of(self, text: str) -> InboxKey | None:
        """The inbox of the conversation meant by an id or an alias."""
        # Asked before every command, and two look-ups by key: a hop to the reader's thread would cost more than they do.
        return self._readers.now(partial(reading.inbox_of, text=text))

    async def registered(self, inbox: InboxKey, thread_key: ThreadKey) -> ConversationId | None:
        """Where mails of a thread go."""
        return await self.ask(partial(reading.of_thread, inbox=inbox, thread_key=thread_key))

    async def snapshot(self, after: ConversationId | None, limit: int, inboxes: Collection[InboxKey] = ()) -> SnapshotPart:
        """Conversations with an id above `after`, at most `limit`; `inboxes` empty: of all."""
        return await self.ask(partial(reading.snapshot, after=after, limit=limit, inboxes=inboxes))

    async def newest(self, *, closed: bool, below: int | None, limit: int, inboxes: Collection[InboxKey] = ()) -> StatesPart:
        """Open, or closed, conversations with a number below `below`, the newest first; the first page also has members and templates."""
        return await self.ask(partial(newcomers.newest, closed=closed, below=below, limit=limit, inboxes=inboxes))

    async def states(self, ids: Collection[ConversationId], inboxes: Collection[InboxKey] = ()) -> StatesPart:
        """These conversations, as far as they are there and in these inboxes; a member who sees none of one is told nothing of it."""
        return await self.ask(partial(newcomers.states, ids=ids, inboxes=inboxes))

    async def events_since(self, since: Seq, limit: int, inboxes: Collection[InboxKey] = ()) -> tuple[tuple[Recorded, ...], Seq]:
        """Events with seq > since in order, and the seq up to which that is all there is for these inboxes."""
        return await self.ask(partial(reading.events_since, since=since, limit=limit, inboxes=inboxes))

    async def timeline(self, conversation_id: ConversationId) -> tuple[Recorded, ...]:
        """Every event of a conversation, oldest first."""
        return await self.ask(partial(reading.timeline, conversation_id=conversation_id))

    async def waking(self, now: datetime) -> tuple[ConversationId, ...]:
        """Conversations on hold whose wake time has come."""
        return await self.ask(partial(reading.waking, now=now))

    async def next_wake_at(self) -> datetime | None:
        """When the next conversation on hold wakes."""
        return await self.ask(reading.next_wake_at)

    # Leases: what stands in the journal, and the pulses beside it

    def leases(self) -> tuple[LeaseNow, ...]:
        """Every lease that stands in the journal, dead ones too until a timer has lapsed them."""
        return self._leases.all()

    def lease_of(self, conversation_id: ConversationId) -> LeaseNow | None:
        """The same for one conversation."""
        return self._leases.of(conversation_id)

    async def touch_pulse(self, by: MemberKey, conversation_id: ConversationId, token: Token, *, typed: bool) -> bool:
        """The holder of a lease is alive, and perhaps typed. False: that lease is gone, or dead already."""
        kept = self._leases.touch(by, conversation_id, token, self.clock.now(), typed=typed)
        if kept is None:
            return False
        await self._write_plain(kept)
        return True

    async def free_leases_of(self, member: MemberKey) -> None:
        """End every lease of a member who is gone; their text stays as drafts."""
        for held in self._leases.end_all_of(member, self.clock.now()):
            has_text = await self.has_draft(member, held.conversation_id)
            await self.execute(THE_SERVER, None, LapseLease(conversation_id=held.conversation_id, token=held.lease.token, has_text=has_text))

    # The outbox

    async def due_submissions(self, now: datetime) -> tuple[OutboxItem, ...]:
        """Those whose hold or delay is over, longest due first."""
        return await self.ask(partial(reading.due_submissions, now=now))

    async def next_due_at(self, *, after: datetime | None = None) -> datetime | None:
        """When something in the outbox is due next; `after` leaves out what was due by then."""
        return await self.ask(partial(reading.next_due_at, after=after))

    async def submissions_in(self, state: OutboxState) -> tuple[OutboxItem, ...]:
        """Those in one state, oldest first."""
        return await self.ask(partial(reading.submissions_in, state=state))

    async def unfiled_submissions(self) -> tuple[OutboxItem, ...]:
        """Those accepted whose copy does not lie in Sent yet."""
        return await self.ask(reading.unfiled_submissions)

    async def submission(self, submission_id: SubmissionId) -> Frozen | None:
        """One with its bytes."""
        return await self.ask(partial(reading.submission, submission_id=submission_id))

    async def outbox(self, limit: int = 200, inboxes: Collection[InboxKey] = ()) -> tuple[OutboxItem, ...]:
        """The newest, whatever became of them."""
        return await self.ask(partial(reading.outbox, limit=limit, inboxes=inboxes))

    # The watcher's and the agents' own

    async def watch_cursor(self, inbox: InboxKey, mailbox: str) -> WatchCursor | None:
        """How far `execute_many` was told to have come."""
        return await self.ask(partial(reading.watch_cursor, inbox=inbox, mailbox=mailbox))

    async def save_draft(self, member: MemberKey, draft: SavedDraft) -> None:
        """Keep a member's draft for a conversation, instead of the one before."""
        await self._write_plain(partial(reading.put_draft, member=member, draft=draft))

    async def drafts(self, member: MemberKey) -> tuple[SavedDraft, ...]:
        """A member's drafts, newest first."""
        return await self.ask(partial(reading.drafts, member=member))

    async def has_draft(self, member: MemberKey, conversation_id: ConversationId) -> bool:
        """Whether a member has text for a conversation at the server."""
        return await self.ask(partial(reading.has_draft, member=member, conversation_id=conversation_id))

    async def drop_draft(self, member: MemberKey, conversation_id: ConversationId) -> None:
        """Forget a member's draft."""
        await self._write_plain(partial(reading.drop_draft, member=member, conversation_id=conversation_id))

    # How

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """Read, on the reader's thread."""
        # Readers answer the newest first, for a screen. Here everybody waits their turn: each request's priority is one lower.
        self._asked += 1
        return await asyncio.wrap_future(self._readers.ask(work, -self._asked))

    async def _write(self, work: Callable[[Connection], tuple[T, tuple[Published, ...]]]) -> T:
        """Write, and tell the subscribers in order of commit; they are told even when the caller has gone away meanwhile."""
        loop = asyncio.get_running_loop()

        def committed(future: Future[tuple[T, tuple[Published, ...]]]) -> None:
            # On the writer's thread, in order of commit: asyncio keeps that order, and runs this before the caller's own wake-up.
            if not future.cancelled() and future.exception() is None and future.result()[1]:
                loop.call_soon_threadsafe(self._publish, future.result()[1])

        future = self._writer.submit(work)
        future.add_done_callback(committed)
        return (await asyncio.shield(asyncio.wrap_future(future)))[0]

    async def _write_plain(self, work: Callable[[Connection], None]) -> None:
        await asyncio.shield(asyncio.wrap_future(self._writer.submit(work)))

    def _publish(self, published: tuple[Published, ...]) -> None:
        for part in published:
            self._seq = max(self._seq, part.recorded[-1].seq)
            self._leases.follow(part)
            self.people.follow(part)
            for callback in tuple(self._subscribers):
                callback(part)
