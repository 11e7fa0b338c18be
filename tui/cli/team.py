"""How a verb reaches the team: which server, as whom, and a mirror that is level with it before anything is asked."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mailsync.link.client import TeamClient
from mailsync.link.errors import EpochChanged
from mailsync.link.home import client_of
from mailsync.link.keys import new_key
from mailsync.link.local_server import reach_server
from mailsync.link.mirror import Mirror
from mailsync.link.protocol import Answer, Refused
from mailsync.link.queue import ask, drain
from store.clock import Clock, SystemClock
from store.domain.commands import AgentCommand
from store.domain.ids import CommandKey, ConversationId
from store.domain.people import Member
from store.local.store import LocalStore
from store.settings.settings import Settings, load_settings
from tui.cli.output import Output
from tui.view.lost import lost_words

WATCHER_SECONDS = 8.0
"""How long the server's watcher may take to tell of a mail that is already here: it looks on IDLE, or when hinted."""
LOOK_AGAIN_SECONDS = 0.1


@contextmanager
def opened_store(home: Path, *, readonly: bool = False) -> Iterator[LocalStore]:
    """The home's local store, closed at the end."""
    store = LocalStore.open(home, readonly=readonly)
    try:
        yield store
    finally:
        store.close()


@dataclass(frozen=True)
class Team:
    """An open line to the server for one verb."""

    home: Path
    settings: Settings
    store: LocalStore
    client: TeamClient
    mirror: Mirror
    me: Member
    clock: Clock
    terminal: str

    async def ask(self, command: AgentCommand) -> Answer:
        """Ask for something, once; its events are in the mirror afterwards."""
        return await ask(self.client, self.mirror, CommandKey(new_key(self.clock)), command)

    async def known(self, conversation_id: ConversationId) -> bool:
        """Wait until the server knows the conversation: its mail may have come here before the server's watcher saw it.

        False when it still does not after some seconds.
        """
        return await self._watched(conversation_id, lambda: self._knows(conversation_id))

    async def heard(self, conversation_id: ConversationId) -> bool:
        """The same, and also wait, as long at most, for the newest mail of it that lies here: an answer is judged by what came before it."""
        if not await self.known(conversation_id):
            return False
        await self._watched(conversation_id, lambda: not lies_here_unheard(self.store, conversation_id))
        return True

    def _knows(self, conversation_id: ConversationId) -> bool:
        state = self.store.conversation(conversation_id)
        return state is not None and state.revision > 0

    async def _watched(self, conversation_id: ConversationId, is_so: Callable[[], bool]) -> bool:
        deadline = self.clock.monotonic() + WATCHER_SECONDS
        hinted = False
        while not is_so():
            row = self.store.row(conversation_id)
            if row is None or self.clock.monotonic() > deadline:
                return False
            if not hinted:
                await self.client.hint(row.inbox)
                hinted = True
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            await self.mirror.catch_up()
        return True


def lies_here_unheard(store: LocalStore, conversation_id: ConversationId) -> bool:
    """Whether mail of a conversation lies here that came after everything the server has told of it."""
    state = store.conversation(conversation_id)
    if state is None:
        return False
    told = {message.message_id for message in state.messages} | {reply.message_id for reply in state.submissions}
    here = [stored for stored in store.messages(conversation_id) if not stored.expunged]
    newest = max((stored.internaldate for stored in here if stored.message_id in told), default=None)
    return any(stored.message_id not in told and (newest is None or stored.internaldate > newest) for stored in here)


@asynccontextmanager
async def open_team(home: Path, store: LocalStore, output: Output) -> AsyncIterator[Team]:
    """Reach the server (starting the desk's own where none is set), bring the mirror level and send what waited.

    Raises:
        SettingsError, ServerAway, SessionEnded …: by their exit codes.
    """
    settings = load_settings(home)
    address = await asyncio.to_thread(reach_server, home, settings)
    clock = SystemClock()
    async with client_of(home, settings, address) as client:
        mirror = Mirror(client, store, lambda lost: output.message(lost_words(lost.inboxes, lost.words)))
        me = await _level(mirror)
        await send_what_waited(client, mirror, store, output)
        yield Team(home, settings, store, client, mirror, me, clock, terminal=f"cli-{socket.gethostname()}-{new_key(clock)}")


async def _level(mirror: Mirror) -> Member:
    try:
        return (await mirror.catch_up()).member
    except EpochChanged:
        # Restored between two calls of one catch-up; the second try sees one epoch only.
        return (await mirror.catch_up()).member


async def send_what_waited(client: TeamClient, mirror: Mirror, store: LocalStore, output: Output) -> None:
    """Send the offline queue first: what was asked earlier must not be overtaken."""

    def settled(_key: CommandKey, command: AgentCommand, answer: Answer) -> None:
        if isinstance(answer, Refused):
            output.refused_earlier(command.conversation_id, answer.refusal)

    await drain(client, mirror, store, settled)
