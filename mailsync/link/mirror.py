"""Keep the local mirror level with the server's journal: snapshot, tail, and the answers to one's own commands."""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence

import msgspec

from mailsync.link.client import TeamClient
from mailsync.link.errors import EpochChanged, ServerStrange
from mailsync.link.pages import EventsPage, NewestPage, StatesWanted
from mailsync.link.pieces import pieces_of
from mailsync.link.protocol import VERSION, Done, DraftBody, Me
from mailsync.link.queries import Part
from mailsync.link.threads import in_thread
from store.domain.draft import Draft
from store.domain.events import (
    CheckEdited,
    CheckSentBack,
    CheckWithdrawn,
    ConversationMerged,
    ConversationOpened,
    Recorded,
    ReplyCancelled,
    ReplyOutcome,
    ReplySettled,
)
from store.domain.ids import ConversationId, Seq, SubmissionId
from store.domain.outbox import OutboxState
from store.errors import MadoError
from store.local.remainder import Remaining
from store.local.shrinking import Lost
from store.local.store import LocalStore
from store.local.waiting_files import WaitingFiles
from store.sqlite.errors import OtherEpoch

GONE_FOR_GOOD = frozenset({OutboxState.ACCEPTED, OutboxState.PARTLY_ACCEPTED})
"""After these outcomes the draft of a reply is needed no more."""

ABOVE_ALL = 2**62
"""No conversation has this number."""

WHOLE_JOURNAL = 2000
"""Events; a journal not longer than this is read from its start by a new mirror. About a second."""

MOST_STATES = 500
"""In one question."""

BETWEEN_PAGES_SECONDS = 0.01
"""Whoever types meanwhile writes to the same file."""


def following(remaining: Remaining, page: NewestPage) -> Remaining | None:
    """Where to go on after a page: below it, then among the closed ones; None: nowhere."""
    if page.next is not None:
        return Remaining(remaining.closed, page.next)
    return None if remaining.closed else Remaining(closed=True, below=ABOVE_ALL)


class Mirror:
    """One store and the server it mirrors. Writes go to worker threads; the event loop only waits for them."""

    def __init__(self, client: TeamClient, store: LocalStore, on_lost: Callable[[Lost], None] | None = None) -> None:
        """`on_lost`: told on the event loop of what went because a right did."""
        self._client = client
        self._on_lost = on_lost
        self._store = store
        self._applying = asyncio.Lock()

    @property
    def epoch(self) -> int | None:
        """Of what is mirrored; None while it is empty."""
        return self._store.mirror_epoch()

    @property
    def seq(self) -> Seq:
        """The journal position the mirror is at."""
        return self._store.mirror_seq()

    @property
    def waiting_files(self) -> WaitingFiles:
        """Of the home whose store it is."""
        return self._store.waiting_files

    async def catch_up(self, *, whole: bool = True) -> Me:
        """Bring the mirror level with the journal; returns who we are to the server. `whole` False: what is not needed for a list may lack.

        Raises:
            ServerStrange: It speaks another version of the protocol.
        """
        me = await self._client.me()
        if me.version != VERSION:
            raise ServerStrange(str(self._client.address), f"it speaks version {me.version}, this mado speaks {VERSION}: update the older one")
        await in_thread(self._store.set_me, me.member.key)
        await in_thread(self._store.traces.keep_head, me.epoch, me.log_head)
        # Before anything else is shown or sent: what waits for an inbox that is not ours any more is not even asked for.
        grown = await in_thread(self._store.keep_only, me.member.inboxes)
        self._tell_lost()
        async with self._applying:
            try:
                await self._level(me, grown=grown)
            except OtherEpoch:
                # An earlier snapshot was cut off before its first page was in: the store takes events only from then on.
                await self._load_first(me)
                await self._follow(me.epoch)
        if whole:
            await self.load_rest()
            await self.let_go()
        return me

    async def _level(self, me: Me, *, grown: bool) -> None:
        known = self._store.mirror_epoch()
        if known is None and grown:
            # What is empty is filled with all of it.
            await in_thread(self._store.shrinking.hold, me.member.inboxes)
        # A snapshot says how things are, not how they came about: a short journal is read whole, and every timeline with it.
        if (known != me.epoch and not (known is None and me.seq <= WHOLE_JOURNAL)) or (known is not None and grown):
            # Of an inbox that is only now ours the journal's tail tells too little.
            await self._load_first(me)
        await self._follow(me.epoch)
        if self._store.mirror_epoch() is None:
            # Nothing of that journal was for us; what there is to see, the first page says.
            await self._load_first(me)

    async def apply(self, recorded: Sequence[Recorded]) -> bool:
        """Apply what the stream says; it is complete from the position it was opened at. True: an inbox went; `let_go` takes it out."""
        async with self._applying:
            went = await self._apply(recorded, self._known_epoch())
            await in_thread(self._store.traces.sweep)
        return went

    async def apply_answers(self, answers: Sequence[Done]) -> None:
        """Apply the events of one's own commands, of one or of several that were answered together.

        A colleague's event before them, or the server's own between them, may still be on its way; applying over that gap would lose it,
        because a mirror skips what is not newer than its position. Then the journal is asked.
        """
        recorded = sorted((one for answer in answers for one in answer.recorded), key=lambda one: one.seq)
        if not recorded:
            return
        async with self._applying:
            here = self._store.mirror_seq()
            new = [one for one in recorded if one.seq > here]
            if not new or (new[0].seq == here + 1 and new[-1].seq == here + len(new)):
                await self._apply(recorded, self._known_epoch())
            else:
                await self._follow(self._known_epoch())

    async def load_rest(self) -> None:
        """Bring in what the first page left, page by page; cut off at any moment, the next time goes on where this one was.

        Mails that were pulled meanwhile come first: without its state a conversation that was done long ago looks new.

        Raises:
            EpochChanged: The mirror must be loaded anew.
        """
        touched: set[ConversationId] = set()
        asked: set[ConversationId] = set()
        unsubscribe = self._store.changes.subscribe(touched.update)
        try:
            while (remaining := await in_thread(self._store.remainder.remaining)) is not None:
                wanted = {touched.pop() for _ in range(len(touched))} - asked
                asked |= wanted
                await self._fetch(wanted)
                part = Part.CLOSED if remaining.closed else Part.OPEN
                page = await self._client.newest(part, remaining.below)
                self._same_epoch(page, self._known_epoch())
                await in_thread(self._store.remainder.add, page.conversations, following(remaining, page))
                await asyncio.sleep(BETWEEN_PAGES_SECONDS)
        finally:
            unsubscribe()

    async def let_go(self) -> None:
        """Take out what is not ours any more, piece by piece; cut off at any moment, the next time goes on where this one was."""
        if not await in_thread(lambda: self._store.shrinking.is_going):
            return
        above: int | None = 0
        while above is not None:
            above = await in_thread(self._store.let_go, above)
            await asyncio.sleep(BETWEEN_PAGES_SECONDS)
        await in_thread(self._store.traces.sweep)

    async def _load_first(self, me: Me) -> None:
        first = await self._client.newest()
        await in_thread(self._store.begin_snapshot, first.epoch)
        await in_thread(self._store.add_snapshot, first.conversations)
        remaining = following(Remaining(closed=False, below=0), first)
        assert remaining is not None, "the closed ones are still to come"
        await in_thread(self._store.remainder.begin, first.seq, first.members, first.templates, remaining, first.team, first.uses)
        await in_thread(self._store.shrinking.hold, me.member.inboxes)

    async def _fetch(self, ids: Collection[ConversationId]) -> None:
        """Ask for the states of those that the mirror does not hold; the server leaves out what is not ours to see."""
        unknown = await in_thread(self._store.remainder.unknown, tuple(ids))
        for start in range(0, len(unknown), MOST_STATES):
            page = await self._client.states(StatesWanted(unknown[start : start + MOST_STATES]))
            self._same_epoch(page, self._known_epoch())
            if page.conversations:
                await in_thread(self._store.add_snapshot, page.conversations)

    def _same_epoch(self, page: NewestPage | EventsPage, epoch: int) -> None:
        if page.epoch != epoch:
            raise EpochChanged(str(self._client.address))

    def _known_epoch(self) -> int:
        epoch = self._store.mirror_epoch()
        assert epoch is not None, "events before the mirror was level once"
        return epoch

    async def _follow(self, epoch: int) -> None:
        """Read the journal from our position to its end."""
        while True:
            page: EventsPage = await self._client.events(self._store.mirror_seq())
            self._same_epoch(page, epoch)
            if not page.recorded:
                break
            await self._apply(page.recorded, epoch)
            if page.recorded[-1].seq >= page.seq:
                break
        await in_thread(self._store.traces.sweep)

    async def _apply(self, recorded: Sequence[Recorded], epoch: int) -> bool:
        if self._store.mirror_epoch() == epoch:
            # Not here yet, or new to our inboxes: its events mean nothing without what they happened to.
            opened = {event.conversation_id for event in recorded if isinstance(event.event, ConversationOpened)}
            into = {event.event.into for event in recorded if isinstance(event.event, ConversationMerged)}
            await self._fetch(({event.conversation_id for event in recorded if event.conversation_id is not None} | into) - opened)
        # Piece by piece: what a key asks to be written waits behind one of them.
        for piece in pieces_of(recorded):
            for conversation_id in await in_thread(self._apply_now, piece, epoch):
                # Best effort: a copy that stays would be offered back once more, and can be thrown away then.
                with contextlib.suppress(MadoError):
                    await self._client.drop_draft(conversation_id)
        return self._tell_lost()

    def _tell_lost(self) -> bool:
        """True: a whole inbox went."""
        went = self._store.shrinking.take_lost()
        for lost in went:
            if self._on_lost is not None:
                self._on_lost(lost)
        return any(lost.inboxes for lost in went)

    def _apply_now(self, recorded: Sequence[Recorded], epoch: int) -> list[ConversationId]:
        self._store.apply_events(recorded, epoch=epoch)
        about = [(event.conversation_id, event) for event in recorded if event.conversation_id is not None]
        return [conversation_id for conversation_id, event in about if settle_draft(self._store, conversation_id, event)]


def settle_draft(store: LocalStore, conversation_id: ConversationId, recorded: Recorded) -> bool:
    """Drop the draft whose reply has left (True); free the one whose reply came back for more work."""
    match recorded.event:
        case ReplyOutcome(submission_id=submission_id, state=state) if state in GONE_FOR_GOOD:
            return _finish(store, conversation_id, submission_id, sent=True)
        case ReplySettled(submission_id=submission_id, sent=sent):
            return _finish(store, conversation_id, submission_id, sent=sent)
        case CheckSentBack(submission_id=submission_id) | CheckWithdrawn(submission_id=submission_id) | CheckEdited(submission_id=submission_id):
            return _finish(store, conversation_id, submission_id, sent=False)
        case ReplyCancelled(submission_id=submission_id) | ReplyOutcome(submission_id=submission_id, state=OutboxState.REFUSED):
            return _finish(store, conversation_id, submission_id, sent=False)
        case _:
            return False


def _finish(store: LocalStore, conversation_id: ConversationId, submission_id: SubmissionId, *, sent: bool) -> bool:
    draft = store.draft(conversation_id)
    if draft is None or draft.submission_id != submission_id:
        return False
    if sent:
        store.drop_draft(conversation_id)
    else:
        store.save_draft(msgspec.structs.replace(draft, submission_id=None))
    return sent


def free_draft(store: LocalStore, conversation_id: ConversationId, submission_id: SubmissionId) -> None:
    """The reply did not go: its text is a draft in work again."""
    _finish(store, conversation_id, submission_id, sent=False)


async def fetch_drafts(client: TeamClient, store: LocalStore) -> None:
    """Bring home the drafts that another terminal, or this one before it died, left at the server; the newer text wins."""
    for body in await client.drafts():
        theirs = read_draft(body)
        if theirs is None:
            continue
        ours = store.draft(body.conversation_id)
        if ours is None or ours.saved_at is None or ours.saved_at < body.saved_at:
            await in_thread(store.save_draft, msgspec.structs.replace(theirs, saved_at=body.saved_at))


def read_draft(body: DraftBody) -> Draft | None:
    """The draft in a body; None when another version of mado wrote it in a way we cannot read."""
    try:
        return msgspec.json.decode(body.draft, type=Draft)
    except msgspec.MsgspecError:
        return None
