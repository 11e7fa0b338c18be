"""What runs behind the desk: the engine, and the link to the team's server. Imported when the first page is on the screen, not before."""

import asyncio
import contextlib
from collections.abc import Callable

from mailsync.engine.engine import Engine
from mailsync.engine.reports import SyncState, SyncStatus
from mailsync.link.address import ServerAddress
from mailsync.link.home import client_of, own_socket, server_of
from mailsync.link.keeper import LeaseKeeper
from mailsync.link.link import Callbacks, Link
from mailsync.link.local_server import reach_server
from mailsync.link.outcome import LinkState
from store.domain.ids import ConversationId, InboxKey
from store.errors import MadoError
from store.settings.secrets import Secrets
from tui.session import Listener, Session


class Behind:
    """Engine and link of one session. Trouble is told to the listener, never raised."""

    def __init__(self, session: Session, listener: Listener) -> None:
        self._session = session
        self._listener = listener
        self._engine: Engine | None = None

    async def sync(self) -> None:
        """Pull every inbox, and keep it level."""
        session = self._session
        self._engine = session.engine = Engine(session.store, session.settings.inboxes, Secrets(session.home), session.clock)
        self._engine.on_status = self._changed
        self._engine.on_elsewhere = self._listener.on_trouble
        for sentence in session.store.repairs:
            self._listener.on_trouble(MadoError(sentence))
        try:
            await self._engine.run()
        except MadoError as error:
            self._listener.on_trouble(error)

    def _changed(self, status: SyncStatus) -> None:
        session = self._session
        session.sync_status = status
        for each in status.inboxes.values():
            # While it tries again and again the word stays: a status bar that flickers is read again and again.
            if each.state is SyncState.FAILED:
                session.failing[each.inbox] = each.error
            elif each.state is not SyncState.CONNECTING:
                session.failing.pop(each.inbox, None)
        self._listener.on_sync()

    async def follow(self) -> None:
        """Follow the server's events, and send what waits."""
        session, loop = self._session, asyncio.get_running_loop()
        try:
            configured = await asyncio.to_thread(server_of, session.home, session.settings)
            address = configured or ServerAddress("unix", path=str(own_socket(session.home)))
            async with client_of(session.home, session.settings, address) as client:
                callbacks = Callbacks(
                    on_state=self._heard,
                    on_refusal=lambda _key, command, refusal: self._listener.on_refusal(command, refusal),
                    on_pull_now=self._pull_now,
                    wake_server=self._wake if configured is None else None,
                )
                session.keeper = LeaseKeeper.like(client, lambda lost: _tell(loop, self._listener.on_lease_lost, lost))
                link = Link(client, session.store, session.clock, session.terminal_id, callbacks)
                session.link = link
                session.link_made.set()
                await link.run()
        except MadoError as error:
            self._listener.on_trouble(error)

    def _heard(self, state: LinkState) -> None:
        self._session.ever_tried = True
        self._listener.on_link(state)

    async def _wake(self) -> None:
        await asyncio.to_thread(reach_server, self._session.home, self._session.settings)

    async def _pull_now(self, _inbox: InboxKey) -> bool:
        if self._engine is None:
            return False
        reports = await self._engine.pull_once()
        return all(report.error is None for report in reports)


def _tell(loop: asyncio.AbstractEventLoop, listener: Callable[[ConversationId], None], lost: ConversationId) -> None:
    """From the keeper's thread; at the very end of the program there is no loop any more, and nobody to tell."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(listener, lost)
