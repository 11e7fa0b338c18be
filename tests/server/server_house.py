"""A server in this process: real sockets, a clock that moves when told, no mail servers."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web

from mailsync.link.address import Invitation, ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.protocol import AddMemberRequest, CommandRequest, JoinRequest
from mailsync.link.stream_protocol import Events, FromServer, Goodbye
from mailsync.server.app import Activity, runner_of, server_of
from mailsync.server.house import Door, House
from mailsync.server.listening import listen_tcp, listen_unix, tcp_place
from mailsync.server.offers import Offers
from mailsync.server.passwords import Passwords
from mailsync.server.presence import Presence
from mailsync.server.sealing import Sealing
from mailsync.server.stream import Hub
from mailsync.server.trust import trust_of
from mailsync.server.watch_sources import addresses_of, own_addresses
from store.domain.commands import AgentCommand, SubmitReply, TeamCommand
from store.domain.events import Recorded
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, MessageId, Revision, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import Envelope
from store.domain.people import Member, Role
from store.settings.secrets import Secret, Secrets
from store.settings.settings import Settings, parse_settings
from store.team.desk import TeamDesk
from tests.team.team_house import Team, TestClock

SETTINGS = """
[[inbox]]
key = "support"
address = "support@example.jp"
  [inbox.imap]
  host = "imap.example.jp"
  user = "support"
  password_command = "echo the-shared-password"
  share_password = true
[[inbox]]
key = "sales"
address = "sales@example.jp"
  [inbox.imap]
  host = "imap.example.jp"
  user = "{member}"
  password_command = "echo not-for-sharing"
  share_password = true
"""


class Served:
    """The server of one test and how to call it."""

    def __init__(self, team: Team, house: House, home: Path, activity: Activity) -> None:
        self.team = team
        self.house = house
        self.home = home
        self.activity = activity
        self.url = ""
        self.web: web.Server | None = None
        self.hints: list[InboxKey] = []
        self._stack = AsyncExitStack()

    @property
    def admin(self) -> TeamClient:
        """The home's owner, by the Unix socket."""
        return self._kept(TeamClient(ServerAddress("unix", path=str(self.home / "desk.sock"))))

    def client(self, session: str | None) -> TeamClient:
        """Anybody, over TCP."""
        return self._kept(TeamClient(ServerAddress.parse(self.url), Secret(session) if session else None))

    def by_socket(self, session: str) -> TeamClient:
        """A member on the server's own machine."""
        return self._kept(TeamClient(ServerAddress("unix", path=str(self.home / "desk.sock")), Secret(session)))

    async def member(self, name: str, role: Role = Role.AGENT, inboxes: tuple[InboxKey, ...] = ()) -> "Agent":
        """Invite, join, and come back with a client."""
        async with self.admin as admin:
            added = await admin.add_member(AddMemberRequest(name, role=role, inboxes=inboxes))
        async with self.client(None) as nobody:
            joined = await nobody.join(JoinRequest(Invitation.decode(added.invitation).secret, "test"))
        return Agent(self, joined.member, joined.session)

    async def raw(self, method: str, path: str, *, session: str | None = None, body: bytes | None = None) -> tuple[int, bytes]:
        """A call as no client of ours makes it."""
        headers = {"Authorization": f"Bearer {session}"} if session is not None else {}
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, self.url + path, data=io.BytesIO(body) if body is not None else None, headers=headers) as answer,
        ):
            # A stream of events does not end: its first words are enough.
            return answer.status, await (answer.content.readany() if answer.content_type == "text/event-stream" else answer.read())

    def _kept(self, client: TeamClient) -> TeamClient:
        self._stack.push_async_callback(client.close)
        return client

    async def close(self) -> None:
        await self._stack.aclose()


class Agent:
    """A member with a session."""

    def __init__(self, served: Served, member: Member, session: str) -> None:
        self.member = member
        self.session = session
        self.client = served.client(session)
        self._served = served

    async def ask(self, command: AgentCommand | TeamCommand, key: CommandKey | None = None):
        return await self.client.command(CommandRequest(key or self._served.team.key(), command))

    async def token(self, conversation_id):
        return await self._served.team.take(self.member, conversation_id)


def reply_to(conversation_id: ConversationId, seen: Revision, token: Token | None, *, name: str = "reply", text: bytes = b"Hello") -> SubmitReply:
    """A reply of the support inbox, frozen as a client of ours does it."""
    message_id = MessageId(f"<{name}@example.jp>")
    mime = b"From: Support <support@example.jp>\r\nTo: kyaku@example.org\r\nMessage-ID: %b\r\n\r\n%b\r\n" % (message_id.encode(), text)
    return SubmitReply(
        conversation_id=conversation_id,
        submission_id=SubmissionId(name),
        message_id=message_id,
        envelope=Envelope("support@example.jp", ("kyaku@example.org",)),
        mime=mime,
        seen_revision=seen,
        token=token,
        terminal="t",
    )


class Ear:
    """A stream, and all that came down it."""

    def __init__(self, stream) -> None:
        self.stream = stream
        self.heard: list[FromServer] = []
        self.ended = False

    async def listen(self) -> None:
        async for message in self.stream:
            self.heard.append(message)
            if isinstance(message, Goodbye):
                break
        self.ended = True

    @property
    def recorded(self) -> list[Recorded]:
        return [part for message in self.heard if isinstance(message, Events) for part in message.recorded]


@asynccontextmanager
async def serving(home: Path, clock: TestClock, *, settings: Settings | None = None, longest_queue: int = 256) -> AsyncIterator[Served]:
    """A server until the block ends."""
    settings = settings or parse_settings(SETTINGS, home / "settings.toml")
    desk = TeamDesk(home / "team.db", clock, own_addresses=own_addresses(settings), inboxes=frozenset(addresses_of(settings)))
    await desk.people.first_admin("boss", os.getuid())
    hub = Hub(desk, clock, Presence(desk, clock), longest_queue=longest_queue)
    activity, hints = Activity(), []
    offers, addresses = Offers(settings, Secrets(home)), addresses_of(settings)
    trust = trust_of(settings)
    desk.people.sessions.keep_to(trust.sessions)
    house = House(desk, clock, hub, offers, Passwords(), Sealing(Secrets(home)), hints.append, addresses, Door(), trust)
    going_round = asyncio.create_task(house.gate.run())
    runner = runner_of(house, activity, stop_seconds=2)
    await runner.setup()
    await listen_unix(runner, home / "desk.sock", 0o600)
    served = Served(Team(desk, clock), house, home, activity)
    served.hints = hints
    served.web = server_of(runner)
    served.url = house.door.url = await listen_tcp(runner, tcp_place("127.0.0.1:0", None, None))
    try:
        yield served
    finally:
        await served.close()
        going_round.cancel()
        hub.cut("stopping")
        await runner.cleanup()
        hub.close()
        await desk.close()


def problem(raw: bytes) -> str:
    """The word of a Problem."""
    return msgspec.json.decode(raw)["error"]


BOSS = MemberKey("boss")
