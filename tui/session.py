"""One run of the terminal: the home, the store, and behind them the engine and the link, started only when a first page is on the screen."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from mailsync.engine.apart import Apart
from mailsync.link.keys import new_key
from mailsync.link.outcome import LinkState
from store.clock import Clock, SystemClock
from store.domain.commands import AgentCommand
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, StatusKey
from store.domain.people import Member, Role, role_in, sees
from store.domain.refusals import AnyRefusal
from store.domain.status import Status
from store.domain.team_facts import TeamFacts
from store.errors import MadoError
from store.local.rows import ConversationRow
from store.local.shrinking import Lost
from store.local.store import LocalStore
from store.settings.kept import Kept
from store.settings.settings import InboxSettings, Settings, load_settings
from tui.files import OpenedFiles
from tui.identity import own_addresses, signature_of
from tui.line import LeaseHolder, Line, Looking, Progress
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.keys.making import made
from tui.view.look import TODAYS, Look, look_for
from tui.view.tour import Deed
from tui.view.verify_words import Report
from tui.view.window import Window


@dataclass
class Listener:
    """Whom the session tells; everything is called on the event loop, `on_lease_lost` too."""

    on_link: Callable[[LinkState], None]
    on_sync: Callable[[], None]
    on_refusal: Callable[[AgentCommand, AnyRefusal], None]
    on_trouble: Callable[[MadoError], None]
    on_lease_lost: Callable[[ConversationId], None]
    on_lost: Callable[[Lost], None]
    """A right is gone, and with it what was here."""
    on_found: Callable[[Report], None]
    """A comparison with the mail server found something different."""


LINK_SECONDS = 5.0
"""How long the first command waits until the line to the server is made; that takes half a second, whether the server is there or not."""


@dataclass
class Session:
    """What every screen shares. Made by `open_session`."""

    home: Path
    settings: Settings
    store: LocalStore
    clock: Clock
    terminal_id: str
    link: Line | None = None
    link_made: asyncio.Event = field(default_factory=asyncio.Event)
    link_heard: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the link has said whether the server is there, or has not known it for some seconds: until then nobody is told "away"."""
    keeper: LeaseHolder | None = None
    engine: Looking | None = None
    sync_status: Progress | None = None
    first_window: Window[ConversationRow] | None = None
    """What the first picture shows; the desk begins with it."""
    first_count: int = -1
    apart: Apart | None = None
    """The first pull, begun already in a process of its own."""
    failing: dict[InboxKey, MadoError | None] = field(default_factory=dict)
    """Inboxes whose mail cannot be reached just now, and why."""
    opened_files: OpenedFiles = field(init=False)
    """Attachments that other programs have open."""
    keys: KeyMap = DEFAULT
    on_deed: Callable[[Deed], None] = lambda _deed: None
    """Told what this terminal has done: the tour listens."""
    begins_with_tour: bool = False
    """Which key asks for which command, for whoever sits here."""
    stays: bool = False
    """This person wants the cursor to stay where it is after a decision."""
    look: Look = TODAYS
    """Colours and signs."""
    key_problems: tuple[str, ...] = ()
    """What of the settings' `[keys]` could not be followed, in words."""
    home_is_gone: bool = False
    """Somebody removed the home's files, or put others there: what is written to them is lost with this process."""
    ever_tried: bool = False
    """Whether the link has said anything yet: in the first second a server is neither there nor away."""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _stopped: bool = False
    on_bug: Callable[[BaseException], None] = lambda _error: None
    """Told when the engine or the link ended by something that is no trouble of the world's: deaf for ever would be worse than an end."""
    to_terminal: Callable[[str], None] = lambda _sequence: None
    """Writes to the terminal past the screen: what is no picture."""
    _people: tuple[MemberKey | None, dict[MemberKey, str], tuple[Member, ...]] | None = None
    _people_news: int = 0
    _team: tuple[TeamFacts, dict[StatusKey, Status]] | None = None
    _lease_watcher: Callable[[ConversationId], None] | None = None
    _line_watcher: Callable[[LinkState], None] | None = None
    _home_watcher: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self.opened_files = OpenedFiles(self.home)

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
        people = self._people
        if people is None:
            news, members = self._people_news, self.store.members()
            people = (self.store.me(), {member.key: member.name for member in members}, members)
            # Read in a thread while news came in, it may be from before them.
            if news == self._people_news:
                self._people = people
        return people

    @property
    def team(self) -> TeamFacts:
        """What the team has agreed on: its own statuses, groups, who is away."""
        return self._agreed()[0]

    @property
    def statuses(self) -> dict[StatusKey, Status]:
        """Every status a conversation may bear, by its key."""
        return self._agreed()[1]

    def _agreed(self) -> tuple[TeamFacts, dict[StatusKey, Status]]:
        if self._team is None:
            team = self.store.team()
            self._team = (team, team.every_status())
        return self._team

    def may_see(self, inbox: InboxKey) -> bool:
        """Whether an inbox is one's own to see; yes until the server has said who sits here."""
        me = next((member for member in self._who()[2] if member.key == self.me), None)
        return me is None or sees(me, inbox)

    def role_at(self, row: ConversationRow | None) -> Role | None:
        """One's own role where this conversation is; None until the server has said who sits here."""
        me = next((member for member in self._who()[2] if member.key == self.me), None)
        return None if me is None else role_in(me, row.inbox if row is not None else None)

    def forget_people(self) -> None:
        """The store has news of members, of who sits here, or of what the team agreed on."""
        self._people_news += 1
        self._people = self._team = None

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
        return own_addresses(self.settings.inboxes)

    @property
    def undo_key(self) -> str:
        """What takes back at this desk."""
        return self.keys.shown("undo")

    async def found_link(self) -> Line | None:
        """The line to the server. Keys are heard from the first page on, so just after the start it is waited for; None: there is none."""
        if self.link is None and self.has_team:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINK_SECONDS):
                    await self.link_made.wait()
        return self.link

    async def heard_link(self) -> Line | None:
        """The same, once it has said whether the server is there: what could be asked in a moment is not put into the queue."""
        link = await self.found_link()
        if link is not None:
            await self.link_heard.wait()
        return link

    async def stop(self) -> None:
        """End the engine and the link: from here on nobody is told anything."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Let go of everything; what is pending stays in the store."""
        await self.stop()
        if self.keeper is not None:
            self.keeper.drop()
        await asyncio.to_thread(self.opened_files.clear)
        self.store.close()

    def spawn(self, work: Coroutine[object, object, None], name: str) -> None:
        """Have it run until it ends or the session stops."""
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._ended)
        if self._stopped:
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._stopped:
            self.on_bug(error)

    def signature(self, inbox: InboxKey) -> str:
        """What stands below a new text from the inbox (`tui.identity`); "" where the inbox is not set up here. Blocking."""
        found = self.inbox(inbox)
        name = self.names.get(self.me, "") if self.me else ""
        return "" if found is None else signature_of(Kept(self.home), found, name)

    def watch_lease(self, lost: Callable[[ConversationId], None] | None) -> None:
        """Who wants to hear that a lease is lost: the open composer."""
        self._lease_watcher = lost

    def lease_lost(self, conversation_id: ConversationId) -> None:
        """The server says the lease is gone."""
        if self._lease_watcher is not None:
            self._lease_watcher(conversation_id)

    def watch_line(self, changed: Callable[[LinkState], None] | None) -> None:
        """Who wants to hear that the server came or went, beside the desk: the open composer."""
        self._line_watcher = changed

    def line_changed(self, state: LinkState) -> None:
        """The server came or went, or our session there has ended."""
        if self._line_watcher is not None:
            self._line_watcher(state)

    def watch_home(self, changed: Callable[[], None] | None) -> None:
        """Who wants to hear that the home went, or is back, beside the desk: the open composer."""
        self._home_watcher = changed

    def home_changed(self) -> None:
        """`home_is_gone` is another."""
        if self._home_watcher is not None:
            self._home_watcher()

    def new_key(self) -> CommandKey:
        """A key for a command, a comment or a submission (UUIDv7)."""
        return CommandKey(new_key(self.clock))


def open_session(home: Path) -> Session:
    """Read the settings and open the store.

    Raises:
        SettingsError, StoreError: In words for the agent.
    """
    clock = SystemClock()
    settings = load_settings(home)
    store = LocalStore.open(home)
    session = Session(home, settings, store, clock, f"tui-{socket.gethostname()}-{os.getpid()}")
    keys = made(settings.keys)
    session.keys, session.key_problems = keys.keys, keys.problems
    session.look = look_for(msgspec.structs.asdict(settings.screen), os.environ)
    return session
