"""The team's desk: what members and the server itself ask for becomes events, in one order, and everybody is told after the commit."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import TypeVar

from store.clock import Clock
from store.domain.audit import Fact
from store.domain.check_policy import MailFacts
from store.domain.commands import AnyCommand, LapseLease, TeamCommand
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, Seq
from store.domain.lease import Token
from store.domain.people import Member, writes
from store.team import audit, reading
from store.team.asking import Asking
from store.team.comment_files import CommentFiles
from store.team.database import Place, open_database
from store.team.duties import Beat, Claim, Duty, beat_duties, give_up_duties, holder_of, take_duty
from store.team.erasing import Erasing, erase_again, list_beside
from store.team.execution import Execution
from store.team.known import questions_of
from store.team.leases import LeaseBook
from store.team.ledger import Ledger, Pulsed
from store.team.mailings import Mailings
from store.team.opening import add_reply_key, prepare
from store.team.people import People
from store.team.sql import POSTGRESQL
from store.team.values import THE_SERVER, LeaseNow, Order, Outcome, Published, SavedDraft, WatchCursor

T = TypeVar("T")

REOPEN_DAYS = 14
COMMENT_FILES_BYTES = 10_000_000_000


class TeamDesk(Asking):
    """The journal and what is folded from it, behind one writer thread. Every method belongs to one event loop.

    `people` adds, admits and ends members; `erasing` erases customers; `files` keeps what is put to comments; `mailings`: mail to many.
    Writes return after the commit is on disk.
    """

    def __init__(
        self, place: Place, clock: Clock, *, own_addresses: frozenset[str] = frozenset(), inboxes: frozenset[InboxKey] | None = None,
        reopen_days: int = REOPEN_DAYS, folder: Path | None = None, comment_files_bytes: int = COMMENT_FILES_BYTES,
    ) -> None:  # fmt: skip
        """Open, or make, the database at `place`, a file or a URL of PostgreSQL. `own_addresses`: of all our inboxes, lower case;
        `inboxes`: those there are, None: not known, and none is refused.
        `folder`: where the list of erasures lies; None: beside the file, and in the working directory for PostgreSQL.
        `comment_files_bytes`: of all files of comments together.

        Raises:
            StoreError: It is locked, damaged, away, or from a newer program (`store.sqlite.errors`).
        """
        self.clock = clock
        database = open_database(place)
        erasures = list_beside(place, folder)
        opened = database.set_up(partial(prepare, now=clock.now(), alone=not database.shared))
        if database.set_up(partial(erase_again, erasures=erasures, now=clock.now())):
            database.sweep()
            opened = database.set_up(partial(prepare, now=clock.now(), alone=not database.shared))
        self.epoch: int = opened.epoch
        super().__init__(Ledger(database, opened.seq))
        self._leases = LeaseBook(opened.leases, opened.pulses)
        self._execution = Execution(clock, opened.epoch, own_addresses=own_addresses, reopen_days=reopen_days, inboxes=inboxes)
        self.erasing = Erasing(database.sweep, erasures, clock, self.ledger.write, self.ask, own_addresses)
        self.files = CommentFiles(clock, self.ledger.write, self.ask, comment_files_bytes)
        self.mailings = Mailings(clock, opened.epoch, self._execution.run, self.ledger.write, self.ask)
        self.people = People(clock, self.ledger.write, self.ask, opened.members)
        self.subscribe(self._leases.follow)
        self.subscribe(self.people.follow)

    async def close(self) -> None:
        """Finish what is being written and let go of the database."""
        await asyncio.to_thread(self.ledger.database.close)

    @property
    def seq(self) -> Seq:
        """The newest event that subscribers were told."""
        return self.ledger.seq

    @property
    def shared(self) -> bool:
        """Whether other servers may be at work on the same data."""
        return self.ledger.database.shared

    # Several servers

    def on_duty(self, duty: Duty) -> "TeamDesk":
        """The same desk for whoever does an inbox's work: every write is refused with `DutyLost` once another server does it.

        What lies in the outbox, leases and who wakes are of that inbox only.
        """
        view = copy(self)
        view.ledger = self.ledger.on_duty(duty)
        return view

    async def take_duty(self, inbox: InboxKey, named: frozenset[InboxKey], holder: str, silent: Beat | None) -> Duty | Beat:
        """Take an inbox's work, or hear of its holder: see `store.team.duties`."""
        claim = Claim(inbox, named, holder, silent, alone=not self.shared)
        # Asked before it is written: whoever waits for another's end must not keep the pen from those who work.
        theirs = await self.ask(partial(holder_of, claim=claim))
        if theirs is not None:
            return theirs
        return await self.ledger.write_plain(partial(take_duty, claim=claim, now=self.clock.now()))

    async def beat_duties(self, duties: Sequence[Duty]) -> frozenset[InboxKey]:
        """Show that we are alive; returns the inboxes whose work is another's by now."""
        return await self.ledger.write_plain(partial(beat_duties, duties=duties, now=self.clock.now()))

    async def give_up_duties(self, duties: Sequence[Duty]) -> None:
        """Let other servers take them at once."""
        await self.ledger.write_plain(partial(give_up_duties, duties=duties, now=self.clock.now()))

    async def follow(self, pulsed: Pulsed = lambda _of: None) -> None:
        """Tell the subscribers what other servers commit, within a second and mostly at once; for ever. `pulsed`: see `Pulsed`.

        Raises:
            StoreError: The database has been away for too long.
        """
        await self.ledger.follow(self._leases, pulsed)

    def say(self, word: str) -> None:
        """Tell every server of this database, this one too, a word (7,900 bytes) that nobody keeps and that may be lost."""
        self.ledger.database.say(word)

    def listen(self, told: Callable[[str], None]) -> None:
        """Have `told` called with what servers say, from `follow` on; with "" when some of it may have been missed."""
        self.ledger.told = told

    # Acting

    async def execute(
        self, actor: Member, key: CommandKey | None, command: AnyCommand | TeamCommand, *, where: str = "", mail: MailFacts | None = None
    ) -> Outcome:
        """Decide a command and keep what comes of it. The same actor and key again: the same answer again, and nothing happens.

        A `RecordMessage` finds its conversation by the registry, whatever its `conversation_id` says, and gets its number here. `where`:
        session and address, for the audit log. `mail`: what was read in the reply it hands over.
        """
        order = Order(actor, key, command, where, mail)
        ahead = questions_of(order, POSTGRESQL) if self.shared else ()
        return (await self.ledger.write(partial(self._execution.run, orders=(order,)), ahead))[0]

    async def execute_many(self, orders: Sequence[Order], *, cursor: tuple[InboxKey, str, WatchCursor] | None = None) -> tuple[Outcome, ...]:
        """The same for several, in order and in one transaction, with the watcher's `cursor` (inbox, mailbox, how far) moved in it."""
        return await self.ledger.write(partial(self._execution.run, orders=tuple(orders), cursor=cursor))

    async def note(self, who: str, what: str, *, where: str = "", facts: Mapping[str, Fact] | None = None) -> None:
        """Write down in the audit log what is no event and belongs to no other write (`store.team.audit.note`)."""
        await self.ledger.write_plain(partial(audit.note, now=self.clock.now(), who=who, what=what, where=where, facts=facts))

    async def note_settings(self, digests: Mapping[str, str]) -> None:
        """Write down which of the house's settings are others than at the last start (`store.team.audit.note_settings`)."""
        await self.ledger.write_plain(partial(audit.note_settings, now=self.clock.now(), digests=digests))

    async def change_reply_key(self) -> None:
        """Sign the Message-IDs of conversations that open from now on with a new key; those that bear an earlier one stay good."""
        await self.ledger.write_plain(add_reply_key)

    def subscribe(self, callback: Callable[[Published], None]) -> Callable[[], None]:
        """Have `callback` called on the event loop with every command's events, in order of seq, after their commit and before the answer.

        Returns what ends it.
        """
        return self.ledger.teller.subscribe(callback)

    # Leases: what stands in the journal, and the pulses beside it

    def leases(self) -> tuple[LeaseNow, ...]:
        """Every lease that stands in the journal, dead ones too until a timer has lapsed them."""
        return tuple(held for held in self._leases.all() if self.ledger.mine(held.inbox))

    def lease_of(self, conversation_id: ConversationId) -> LeaseNow | None:
        """The same for one conversation."""
        return self._leases.of(conversation_id)

    async def touch_pulse(self, by: MemberKey, conversation_id: ConversationId, token: Token, *, typed: bool) -> bool:
        """The holder of a lease is alive, and perhaps typed. False: that lease is gone, or dead already."""
        kept = self._leases.touch(by, conversation_id, token, self.clock.now(), typed=typed)
        if kept is None and self.shared:
            # Taken at another server a moment ago, perhaps.
            await self.ledger.catch_up()
            kept = self._leases.touch(by, conversation_id, token, self.clock.now(), typed=typed)
        if kept is not None:
            await self.ledger.write_plain(kept)
        return kept is not None

    async def free_leases_of(self, member: MemberKey) -> None:
        """End every lease of a member where they may not write (any more); their text stays as drafts."""
        now, who = self.clock.now(), self.people.member(member)
        for held, ended in self._leases.end_all_of(member, now, lambda inbox: who is None or not writes(who, inbox, now)):
            await self.ledger.write_plain(ended)
            has_text = await self.has_draft(member, held.conversation_id)
            await self.execute(THE_SERVER, None, LapseLease(conversation_id=held.conversation_id, token=held.lease.token, has_text=has_text))

    # The agents' own

    async def save_draft(self, member: MemberKey, draft: SavedDraft) -> None:
        """Keep a member's draft for a conversation, instead of the one before."""
        await self.ledger.write_plain(partial(reading.put_draft, member=member, draft=draft))

    async def drop_draft(self, member: MemberKey, conversation_id: ConversationId) -> None:
        """Forget a member's draft."""
        await self.ledger.write_plain(partial(reading.drop_draft, member=member, conversation_id=conversation_id))
