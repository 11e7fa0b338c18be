"""The client's end of the desk: follow the server's events, send what was asked, and get by while the server is away."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence

import msgspec

from mailsync.link.asked import Asked
from mailsync.link.backoff import Backoff
from mailsync.link.callbacks import Callbacks
from mailsync.link.client import TeamClient
from mailsync.link.errors import AccessEnded, EpochChanged, ServerAway, ServerForbids, SessionEnded
from mailsync.link.marks import MarkKeeper
from mailsync.link.mirror import Mirror, fetch_drafts
from mailsync.link.outcome import LinkState, Queued, Sent
from mailsync.link.protocol import DraftBody
from mailsync.link.stream import Stream
from mailsync.link.stream_protocol import Events, FromServer, Goodbye, Hello, Looking, Marks, Presence, Present, Pulled, PullNow
from mailsync.link.threads import in_thread
from store.clock import Clock
from store.domain.commands import AddComment, AgentCommand
from store.domain.draft import Draft
from store.domain.events import ReplyFiled
from store.domain.ids import ConversationId, SubmissionId
from store.errors import MadoError
from store.local.rows import PresentRow
from store.local.store import LocalStore
from store.local.waiting_replies import Recall

LOOKING_SECONDS = 15.0
"""Presence is said again this often; the server forgets it after 45 s (conversations.md, rule 1)."""
ENDINGS = {"session_ended": SessionEnded, "access_ended": AccessEnded}
"""The server's last words after which there is no coming back."""


class Link:
    """One terminal's line to the server. `run` lives as long as the program; the rest may be called at any time, on its event loop."""

    def __init__(self, client: TeamClient, store: LocalStore, clock: Clock, terminal_id: str, callbacks: Callbacks | None = None) -> None:
        self.client = client
        self.terminal_id = terminal_id
        self._store = store
        self._clock = clock
        self._callbacks = callbacks or Callbacks()
        self._mirror = Mirror(client, store, self._callbacks.on_lost)
        self._marks = MarkKeeper(client, store)
        self._backoff = Backoff()
        self._spread_seconds = 0.0
        self._stream: Stream | None = None
        self._looking: ConversationId | None = None
        self._peopled: set[ConversationId] = set()
        self._asked = Asked(client, self._mirror, store, clock, self._callbacks, lambda: self._stream is not None)
        self._chores: set[asyncio.Task[None]] = set()
        self.state = LinkState(connected=False, since=clock.now(), queued=store.count_pending())

    async def run(self) -> None:
        """Stay connected until cancelled; returns only when the session is over (`state.ended`)."""
        while True:
            self._spread_seconds = 0.0
            try:
                if self._callbacks.wake_server is not None:
                    await self._callbacks.wake_server()
                await self._live()
                why = "the server is stopping"
            except (SessionEnded, ServerForbids) as ended:
                whole = await self._in_full(ended)
                self._went_away(str(whole), ended_by=whole)
                return
            except MadoError as error:
                # The line, the epoch, or our own disk: whatever it is, the next try begins from what the store holds.
                why = str(error)
            except asyncio.CancelledError:
                self._asked.release()
                raise
            self._went_away(why)
            await self._show_presence(self._peopled, ())
            await asyncio.sleep(self._backoff.next_seconds(within_seconds=self._spread_seconds))

    async def send(self, command: AgentCommand) -> Sent:
        """Ask for something. Its predicted effect shows at once; while the server is away it waits its turn.

        Raises:
            ServerAway: Only for what means nothing later: taking, releasing or asking for a lease. Within 10 s.
            SessionEnded, ServerForbids, EpochChanged: likewise; anything else stays queued then.
        """
        sent = await self._asked.send(command)
        if isinstance(sent, Queued):
            self._set_state(self.state)
        return sent

    async def send_many(self, commands: Sequence[AgentCommand], told: Callable[[int], None]) -> tuple[Sent, ...]:
        """Ask for many things that only sort, in order; each is answered by itself. `told` hears how many are through. Nothing is raised:
        what cannot be asked now stays queued."""
        sent = await self._asked.send_many(commands, told)
        self._set_state(self.state)
        return sent

    async def take_back(self, conversation_id: ConversationId, submission_id: SubmissionId) -> Recall:
        """Take a reply that waits here out of the queue, as long as it was not sent; its text is a draft again."""
        recall = await in_thread(self._store.waiting_replies.take_back, conversation_id, submission_id)
        self._set_state(self.state)
        return recall

    async def look_at(self, conversation_id: ConversationId | None) -> None:
        """Tell the team where this agent is; None: at the list. Nobody hears it while the server is away."""
        self._looking = conversation_id
        if self._stream is not None:
            with contextlib.suppress(ServerAway):
                await self._stream.send(Looking(conversation_id))

    def marked(self) -> None:
        """Something was read, or set back to unread (`LocalStore.marks`): the server is told within some seconds, or when it is back."""
        self._marks.marked()

    async def save_draft_at_server(self, draft: Draft) -> bool:
        """Keep a copy of a draft at the server, best effort; False when it could not be."""
        body = DraftBody(draft.conversation_id, draft.saved_at or self._clock.now(), msgspec.Raw(msgspec.json.encode(draft)))
        try:
            await self.client.save_draft(body.conversation_id, body)
        except MadoError:
            return False
        return True

    async def drop_draft_at_server(self, conversation_id: ConversationId) -> bool:
        """Forget the server's copy of a draft, best effort."""
        try:
            await self.client.drop_draft(conversation_id)
        except MadoError:
            return False
        return True

    # While connected.

    async def _live(self) -> None:
        """Connect, and stay until the server says goodbye.

        Raises:
            ServerAway …: The line broke.
        """
        await self._mirror.catch_up(whole=False)
        await fetch_drafts(self.client, self._store)
        waiting = {one.command.comment_id for one in self._store.pending() if isinstance(one.command, AddComment)}
        await in_thread(self._store.waiting_files.sweep, waiting, self._clock.now())
        async with self.client.stream(self._mirror.seq) as stream:
            tasks = [asyncio.ensure_future(work) for work in self._works(stream)]
            self._begin(self._quietly(self._mirror.load_rest))
            self._begin(self._quietly(self._mirror.let_go))
            try:
                finished, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._stream = None
                for task in (*tasks, *self._chores):
                    task.cancel()
                await asyncio.gather(*tasks, *self._chores, return_exceptions=True)
            for task in finished:
                task.result()

    def _works(self, stream: Stream) -> tuple[Coroutine[None, None, None], ...]:
        return self._listen(stream), self._say_where(stream), self._asked.run(self._all_sent), self._marks.run()

    async def _in_full(self, error: MadoError) -> MadoError:
        """A stream says in a word that access has ended; a call is answered with what is written down of it."""
        if isinstance(error, AccessEnded) and error.ending is None:
            try:
                await self.client.me()
            except AccessEnded as whole:
                return whole
            except MadoError:
                pass
        return error

    async def _listen(self, stream: Stream) -> None:
        async for message in stream:
            if isinstance(message, Goodbye):
                if message.why in ENDINGS:
                    raise ENDINGS[message.why](str(self.client.address))
                self._spread_seconds = message.within_seconds
                return
            await self._heard(message, stream)
            if self._store.shrinking.lacks:
                # Another inbox is ours since the mirror was made level: the next connection brings it.
                return

    async def _heard(self, message: FromServer, stream: Stream) -> None:
        match message:
            case Hello():
                if message.epoch != self._mirror.epoch:
                    raise EpochChanged(str(self.client.address))
                here = {present.conversation_id for present in message.present}
                await self._show_presence(here | self._peopled, message.present)
                self._stream = stream
                self._backoff.reset()
                self._set_state(LinkState(connected=True, since=self._clock.now()))
                self._asked.drain_now()
            case Events():
                if await self._mirror.apply(message.recorded):
                    self._begin(self._quietly(self._mirror.let_go))
                await self._tell_filed(message)
            case Presence():
                await self._show_presence(set(message.of), message.present)
            case Marks(n=n):
                await self._marks.heard(n)
            case PullNow():
                # A pull may take seconds: the stream must go on meanwhile.
                self._begin(self._pull(message, stream))
            case Goodbye():
                pass

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        """Something beside the stream that ends with the connection."""
        chore = asyncio.create_task(work)
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _quietly(self, chore: Callable[[], Coroutine[None, None, None]]) -> None:
        # Whatever stops it, the next connection goes on from there.
        with contextlib.suppress(MadoError):
            await chore()

    async def _tell_filed(self, events: Events) -> None:
        """Tell which inboxes have a new copy in Sent."""
        about = {each.conversation_id for each in events.recorded if isinstance(each.event, ReplyFiled)}
        for conversation_id in about if self._callbacks.on_filed is not None else ():
            row = await in_thread(self._store.row, conversation_id) if conversation_id is not None else None
            if row is not None and self._callbacks.on_filed is not None:
                self._callbacks.on_filed(row.inbox)

    async def _pull(self, asked: PullNow, stream: Stream) -> None:
        pull = self._callbacks.on_pull_now
        try:
            reached = await pull(asked.inbox) if pull is not None else False
        except MadoError:
            reached = False
        with contextlib.suppress(ServerAway):
            await stream.send(Pulled(asked.request, reached))

    async def _say_where(self, stream: Stream) -> None:
        while True:
            await stream.send(Looking(self._looking))
            await asyncio.sleep(LOOKING_SECONDS)

    async def _show_presence(self, of: set[ConversationId], present: tuple[Present, ...]) -> None:
        rows = [PresentRow(here.member, here.conversation_id, here.writing, here.idle, here.since) for here in present]
        self._peopled = (self._peopled - of) | {here.conversation_id for here in present}
        await in_thread(self._store.set_presence, tuple(of), rows)

    # State.

    def _went_away(self, why: str, *, ended_by: MadoError | None = None) -> None:
        self._asked.release()
        ending = ended_by.ending if isinstance(ended_by, AccessEnded) else None
        over = isinstance(ended_by, AccessEnded)
        self._set_state(LinkState(False, self._clock.now(), 0, why, ended_by is not None, over, ending))

    def _all_sent(self) -> None:
        self._set_state(LinkState(connected=True, since=self._clock.now()))

    def _set_state(self, wanted: LinkState) -> None:
        before = self.state
        since = before.since if before.connected == wanted.connected else wanted.since
        self.state = msgspec.structs.replace(wanted, since=since, queued=self._queued())
        if self.state != before and self._callbacks.on_state is not None:
            self._callbacks.on_state(self.state)

    def _queued(self) -> int:
        """How many commands wait; a store that cannot be read just now must not end the link."""
        try:
            return self._store.count_pending()
        except MadoError:
            return self.state.queued
