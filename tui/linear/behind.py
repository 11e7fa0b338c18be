"""Mail and team behind the sentences: engine and link on a thread of their own, and what they bring, kept until it is asked for."""

import asyncio
from collections import deque
from threading import Event, Lock, Thread

from mailsync.link.outcome import LinkState
from store.domain.commands import AgentCommand
from store.domain.ids import ConversationId
from store.domain.refusals import AnyRefusal
from store.errors import MadoError
from store.local.shrinking import Lost
from tui.session import Listener, Session
from tui.starting import start
from tui.view.lost import lost_words
from tui.view.refusals import refusal_words
from tui.view.trouble import trouble_words
from tui.view.verify_words import Report, found_words
from tui.words import _

FIRST_SECONDS = 5.0
MOST_SENTENCES = 50
"""The oldest of what nobody has asked for is forgotten beyond it."""


class Behind:
    """Runs from `begin` to `end`; `take` gives what was said and which conversations changed since the last time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: deque[str] = deque(maxlen=MOST_SENTENCES)
        self._changed: set[ConversationId] = set()
        self._lock = Lock()
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._run()), name="linear-behind", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None

    def begin(self) -> None:
        """Begin to sync and to follow the server."""
        self._session.store.changes.subscribe(self._heard)
        self._thread.start()
        # A home without mail waits so long for its first; what takes longer is news.
        self._ready.wait(FIRST_SECONDS)

    def end(self) -> None:
        """Stop both and close the session; what waits for the server stays in the home."""
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join()

    def take(self) -> tuple[tuple[str, ...], frozenset[ConversationId]]:
        """What was said, and what changed, since the last call."""
        with self._lock:
            said, changed = tuple(self._said), frozenset(self._changed)
            self._said.clear()
            self._changed.clear()
        return said, changed

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        listener = Listener(
            on_link=self._link_changed,
            on_sync=lambda: None,
            on_refusal=self._refused,
            on_trouble=self._troubled,
            on_lease_lost=lambda _id: None,
            on_lost=self._lost,
            on_found=self._found,
        )
        await start(self._session, listener)
        self._ready.set()
        await self._over.wait()
        await self._session.close()

    def _say(self, words: str) -> None:
        with self._lock:
            if not self._said or self._said[-1] != words:
                self._said.append(words)

    def _heard(self, ids: frozenset[ConversationId]) -> None:
        if not ids:
            self._session.forget_people()
        with self._lock:
            self._changed |= ids

    def _link_changed(self, state: LinkState) -> None:
        self._session.line_changed(state)
        if state.over:
            self._say(_("You are no member any more, the server says. Nothing was removed here."))
        elif not state.connected and self._session.ever_tried:
            self._say(_("The server is away. What you do is kept and goes there later."))

    def _refused(self, _command: AgentCommand, refusal: AnyRefusal) -> None:
        session = self._session
        words = refusal_words(refusal, session.names, session.clock.now())
        self._say(_("Queued earlier, and refused: {words}").format(words=words))

    def _troubled(self, error: MadoError) -> None:
        self._say(trouble_words(error))

    def _lost(self, lost: Lost) -> None:
        self._say(lost_words(lost.inboxes, lost.words))

    def _found(self, report: Report) -> None:
        self._say(found_words(report).words)
