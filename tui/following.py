"""The link to the team's server, behind the desk. Imported after the engine has begun: mail need not wait for HTTP."""

import asyncio
from collections.abc import Awaitable, Callable

from mailsync.link.address import ServerAddress
from mailsync.link.callbacks import Callbacks
from mailsync.link.home import client_of, own_socket, server_of
from mailsync.link.keeper import LeaseKeeper
from mailsync.link.link import Link
from mailsync.link.local_server import reach_server
from mailsync.link.outcome import LinkState
from store.domain.ids import InboxKey
from store.errors import MadoError
from store.on_loop import OnLoop
from tui.session import Listener, Session

FIRST_WORD_SECONDS = 3.0
"""How long the first commands wait until it is known whether the server is there: they are asked then, not put into the queue."""


class Following:
    """The link of one session. Trouble is told to the listener, never raised."""

    def __init__(
        self, session: Session, listener: Listener, pull_now: Callable[[InboxKey], Awaitable[bool]], on_filed: Callable[[InboxKey], None]
    ) -> None:
        self._session = session
        self._listener = listener
        self._pull_now = pull_now
        self._on_filed = on_filed

    async def follow(self) -> None:
        """Follow the server's events, and send what waits."""
        session, loop, on_loop = self._session, asyncio.get_running_loop(), OnLoop()
        try:
            configured = await asyncio.to_thread(server_of, session.home, session.settings)
            address = configured or ServerAddress("unix", path=str(own_socket(session.home)))
            async with client_of(session.home, session.settings, address) as client:
                callbacks = Callbacks(
                    on_state=self._heard,
                    on_refusal=lambda _key, command, refusal: self._listener.on_refusal(command, refusal),
                    on_pull_now=self._pull_now,
                    on_filed=self._on_filed,
                    on_lost=self._listener.on_lost,
                    wake_server=self._wake if configured is None else None,
                )
                session.keeper = LeaseKeeper.like(client, lambda lost: on_loop.soon(self._listener.on_lease_lost, lost))
                link = Link(client, session.store, session.clock, session.terminal_id, callbacks)
                session.link = link
                session.link_made.set()
                loop.call_later(FIRST_WORD_SECONDS, session.link_heard.set)
                await link.run()
        except MadoError as error:
            self._listener.on_trouble(error)

    def _heard(self, state: LinkState) -> None:
        self._session.ever_tried = True
        self._session.link_heard.set()
        self._listener.on_link(state)

    async def _wake(self) -> None:
        await asyncio.to_thread(reach_server, self._session.home, self._session.settings)
