"""One run of the terminal: the home, the store, and behind them the engine and the link, started only when a first page is on the screen."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from mailsync.engine.engine import Engine
from mailsync.engine.reports import SyncState, SyncStatus
from mailsync.link.address import ServerAddress
from mailsync.link.home import client_of, own_socket, server_of
from mailsync.link.keeper import LeaseKeeper
from mailsync.link.keys import new_key
from mailsync.link.link import Callbacks, Link, LinkState
from mailsync.link.local_server import reach_server
from store.clock import Clock, SystemClock
from store.domain.commands import AgentCommand
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey
from store.domain.people import Member
from store.domain.refusals import AnyRefusal
from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.kept import Kept
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings, Settings, load_settings


@dataclass
class Listener:
    """Whom the session tells; everything is called on the event loop, `on_lease_lost` too."""

    on_link: Callable[[LinkState], None]
    on_sync: Callable[[SyncStatus], None]
    on_refusal: Callable[[AgentCommand, AnyRefusal], None]
    on_trouble: Callable[[MadoError], None]
    on_lease_lost: Callable[[ConversationId], None]


@dataclass
class Session:
    """What every screen shares. Made by `open_session`."""

    home: Path
    settings: Settings
    store: LocalStore
    clock: Clock
    terminal_id: str
    link: Link | None = None
    keeper: LeaseKeeper | None = None
    engine: Engine | None = None
    sync_status: SyncStatus | None = None
    failing: set[InboxKey] = field(default_factory=set)
    """Inboxes whose mail cannot be reached just now."""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _people: tuple[MemberKey | None, dict[MemberKey, str], tuple[Member, ...]] | None = None
    _heard_of_server: bool = False
    _lease_watcher: Callable[[ConversationId], None] | None = None

    @property
    def me(self) -> MemberKey | None:
        """Who sits here; None until the server has said so."""
        return self._who()[0]

    @property
    def names(self) -> dict[MemberKey, str]:
        """Every member's name by key."""
        return self._who()[1]

    @property
    def members(self) -> tuple[Member, ...]:
        """Those one can give work to."""
        return tuple(member for member in self._who()[2] if member.active)

    def _who(self) -> tuple[MemberKey | None, dict[MemberKey, str], tuple[Member, ...]]:
        """Read once: it is asked at every key."""
        if self._people is None:
            members = self.store.members()
            self._people = (self.store.me(), {member.key: member.name for member in members}, members)
        return self._people

    def forget_people(self) -> None:
        """The store has news of members, or of who sits here."""
        self._people = None

    @property
    def ever_tried(self) -> bool:
        """Whether the link has said anything yet: in the first second a server is neither there nor away."""
        return self._heard_of_server

    @property
    def has_team(self) -> bool:
        """Whether there is a server, here or elsewhere, that commands can go to, now or later."""
        return bool(self.settings.server.url or self.settings.inboxes)

    @property
    def connected(self) -> bool:
        """Whether the server answers now."""
        return self.link is not None and self.link.state.connected

    def inbox(self, key: InboxKey) -> InboxSettings | None:
        """An inbox's settings."""
        return next((inbox for inbox in self.settings.inboxes if inbox.key == key), None)

    @property
    def own_addresses(self) -> frozenset[str]:
        """Of all our inboxes, lower case."""
        return frozenset(inbox.address.lower() for inbox in self.settings.inboxes)

    async def start(self, listener: Listener) -> None:
        """Begin to sync and to follow the server. Trouble is told, never raised."""
        if self.settings.inboxes:
            self._spawn(self._sync(listener), "engine")
        if self.has_team:
            self._spawn(self._follow(listener), "link")

    async def close(self) -> None:
        """Let go of everything; what is pending stays in the store."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.keeper is not None:
            self.keeper.drop()
        self.store.close()

    def _spawn(self, work: Coroutine[object, object, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def _sync(self, listener: Listener) -> None:
        engine = Engine(self.store, self.settings.inboxes, Secrets(self.home), self.clock)
        self.engine = engine

        def changed(status: SyncStatus) -> None:
            self.sync_status = status
            for each in status.inboxes.values():
                # While it tries again and again the word stays: a status bar that flickers is read again and again.
                if each.state is SyncState.FAILED:
                    self.failing.add(each.inbox)
                elif each.state is not SyncState.CONNECTING:
                    self.failing.discard(each.inbox)
            listener.on_sync(status)

        engine.on_status = changed
        try:
            await engine.run()
        except MadoError as error:
            listener.on_trouble(error)

    async def _follow(self, listener: Listener) -> None:
        loop = asyncio.get_running_loop()
        try:
            configured = await asyncio.to_thread(server_of, self.home, self.settings)
            address = configured or ServerAddress("unix", path=str(own_socket(self.home)))
            async with client_of(self.home, self.settings, address) as client:

                def heard(state: LinkState) -> None:
                    self._heard_of_server = True
                    listener.on_link(state)

                callbacks = Callbacks(
                    on_state=heard,
                    on_refusal=lambda _key, command, refusal: listener.on_refusal(command, refusal),
                    on_pull_now=self._pull_now,
                    wake_server=self._wake if configured is None else None,
                )
                self.keeper = LeaseKeeper.like(client, lambda lost: _tell(loop, listener.on_lease_lost, lost))
                self.link = Link(client, self.store, self.clock, self.terminal_id, callbacks)
                await self.link.run()
        except MadoError as error:
            listener.on_trouble(error)

    async def _wake(self) -> None:
        await asyncio.to_thread(reach_server, self.home, self.settings)

    async def _pull_now(self, _inbox: InboxKey) -> bool:
        if self.engine is None:
            return False
        reports = await self.engine.pull_once()
        return all(report.error is None for report in reports)

    def signature(self, inbox: InboxKey) -> str:
        """This person's own for the inbox."""
        return Kept(self.home).signature(inbox)

    def watch_lease(self, lost: Callable[[ConversationId], None] | None) -> None:
        """Who wants to hear that a lease is lost: the open composer."""
        self._lease_watcher = lost

    def lease_lost(self, conversation_id: ConversationId) -> None:
        """The server says the lease is gone."""
        if self._lease_watcher is not None:
            self._lease_watcher(conversation_id)

    def new_key(self) -> CommandKey:
        """A key for a command, a comment or a submission (UUIDv7)."""
        return CommandKey(new_key(self.clock))


def _tell(loop: asyncio.AbstractEventLoop, listener: Callable[[ConversationId], None], lost: ConversationId) -> None:
    """From the keeper's thread; at the very end of the program there is no loop any more, and nobody to tell."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(listener, lost)


def open_session(home: Path) -> Session:
    """Read the settings and open the store.

    Raises:
        SettingsError, StoreError: In words for the agent.
    """
    clock = SystemClock()
    settings = load_settings(home)
    store = LocalStore.open(home)
    return Session(home, settings, store, clock, f"tui-{socket.gethostname()}-{os.getpid()}")
