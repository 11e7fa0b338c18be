"""The whole desk on this machine: mail servers, the team's server, colleagues, customers, and a home for whoever sits down."""

import asyncio
import contextlib
import random
import secrets
import shutil
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mailsync.demo.board import Board
from mailsync.demo.cast import Colleague, Pace
from mailsync.demo.customers import Customers
from mailsync.demo.errors import NotADemoHome
from mailsync.demo.imap_server import DemoImapServer
from mailsync.demo.morning import morning
from mailsync.demo.sample_day import sample_day
from mailsync.demo.smtp_server import WORLD, DemoSmtpServer
from mailsync.demo.stories import SUPPORT
from mailsync.demo.team_process import TeamProcess
from mailsync.demo.templates import TEMPLATES
from mailsync.link.address import Invitation, ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.home import own_socket
from mailsync.link.join import join
from mailsync.link.keys import new_key
from mailsync.link.protocol import AddMemberRequest, CommandRequest, JoinRequest
from store.clock import Clock, SystemClock
from store.domain.commands import SaveTemplate
from store.domain.ids import CommandKey, InboxKey, MemberKey
from store.domain.people import Role
from store.settings.secrets import Secret, Secrets
from store.settings.settings import ImapSettings, InboxSettings, ServerSettings, Settings, SmtpSettings, write_settings

HOST = "127.0.0.1"
USER = "support"
MARK = ".mado-demo"
"""In a demo's folder: it may be emptied by the next one."""
HUMAN = ("miura", "三浦", Role.LEADER)
CAST = (("sato", "佐藤", Role.LEADER), ("tanaka", "田中", Role.AGENT), ("ben", "Ben", Role.AGENT))
SPARE = ("suzuki", "鈴木", Role.AGENT)
"""A member whom nobody plays: the invitation for a second terminal."""


class Place(msgspec.Struct, frozen=True):
    """A mail server of the demo, for whoever wants to look with another program."""

    host: str
    port: int
    user: str
    password: str


class Ready(msgspec.Struct, frozen=True):
    """What `mado demo --headless` prints once everything answers."""

    ready: bool
    url: str
    imap: Place
    smtp: Place
    home: str
    server_home: str
    invitation: str
    member: str
    world: Place


@dataclass(frozen=True)
class Mail:
    """The demo's mail servers, running."""

    imap: DemoImapServer
    smtp: DemoSmtpServer
    imap_port: int
    smtp_port: int
    password: str


async def run_demo(folder: Path, on_ready: Callable[[Ready], None], *, seed: int = 1, pace: Pace | None = None) -> None:
    """Serve the demo in a folder until SIGTERM, SIGINT or cancellation; then everything it started has ended.

    `folder` must be empty, missing, or an earlier demo's, which is thrown away.

    Raises:
        NotADemoHome: Something else lies there.
        TeamServerFailed, LinkError …: The team's server did not start.
    """
    told = asyncio.Event()
    serving = asyncio.create_task(_serve(folder, on_ready, seed, pace or Pace()))
    ends = asyncio.create_task(told.wait())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    try:
        await asyncio.wait((serving, ends), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (serving, ends):
            task.cancel()
        # Also in the middle of starting up: what was started so far is ended, and only then are the signals fatal again.
        (outcome, _) = await asyncio.gather(serving, ends, return_exceptions=True)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
    if isinstance(outcome, Exception):
        raise outcome


async def _serve(folder: Path, on_ready: Callable[[Ready], None], seed: int, pace: Pace) -> None:
    prepare(folder)
    clock, chance = SystemClock(), random.Random(seed)
    server_home, home = folder / "server", folder / "you"
    async with contextlib.AsyncExitStack() as stack:
        mail = await _serve_mail(stack, clock, seed)
        port = free_port()
        write_server_home(server_home, mail, port)
        team = await TeamProcess.start(server_home)
        stack.push_async_callback(team.stop)
        admin = await stack.enter_async_context(TeamClient(ServerAddress("unix", path=str(own_socket(server_home)))))
        invitations = {
            key: (await admin.add_member(AddMemberRequest(name, MemberKey(key), role))).invitation for key, name, role in (HUMAN, SPARE, *CAST)
        }
        await join(home, invitations[HUMAN[0]], terminal="demo")
        support = Place(HOST, mail.imap_port, USER, mail.password)
        on_ready(
            Ready(
                ready=True,
                url=team.url,
                imap=support,
                smtp=Place(HOST, mail.smtp_port, USER, mail.password),
                home=str(home),
                server_home=str(server_home),
                invitation=invitations[SPARE[0]],
                member=HUMAN[0],
                world=Place(HOST, mail.imap_port, WORLD, mail.password),
            )
        )
        for template in TEMPLATES:
            await admin.command(CommandRequest(CommandKey(new_key(clock)), SaveTemplate(template)))
        stage = Stage(Board(), clock, chance, pace)
        await _play(stack, stage, mail, team, invitations)


@dataclass(frozen=True)
class Stage:
    """What the whole cast shares."""

    board: Board
    clock: Clock
    chance: random.Random
    pace: Pace


async def _play(stack: contextlib.AsyncExitStack, stage: Stage, mail: Mail, team: TeamProcess, invitations: Mapping[str, str]) -> None:
    """Let everybody live until the team's server ends."""
    human = MemberKey(HUMAN[0])
    cast = {key: await _colleague(stack, stage, key, name, invitations[key], human) for key, name, _ in CAST}
    customers = Customers(mail.imap, USER, stage.board, human, stage.clock, stage.chance, stage.pace)
    mail.smtp.on_accepted = customers.hear
    works = (morning(stage.board, cast, human, stage.clock), customers.run(), *(colleague.run() for colleague in cast.values()))
    playing = [asyncio.create_task(work) for work in (*works, team.failed())]
    try:
        # The first that fails ends the play: a colleague with a bug is not to vanish without a word.
        await asyncio.gather(*playing)
    finally:
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


async def _colleague(stack: contextlib.AsyncExitStack, stage: Stage, key: str, name: str, invitation: str, human: MemberKey) -> Colleague:
    invited = Invitation.decode(invitation)
    address = ServerAddress.parse(invited.url)
    async with TeamClient(address) as entering:
        joined = await entering.join(JoinRequest(invited.secret, f"demo-{key}"))
    client = await stack.enter_async_context(TeamClient(address, Secret(joined.session)))
    return Colleague(MemberKey(key), name, client, stage.board, human, stage.clock, random.Random(stage.chance.random()), stage.pace)


async def _serve_mail(stack: contextlib.AsyncExitStack, clock: Clock, seed: int) -> Mail:
    password = secrets.token_urlsafe(12)
    imap = DemoImapServer()
    for user in (USER, WORLD):
        imap.add_user(user, password)
    day = sample_day(clock.now(), seed)
    for mailbox, mails in (("INBOX", day.inbox), ("Sent", day.sent)):
        for delivered in mails:
            imap.deliver(USER, mailbox, delivered.raw, delivered.at)
    smtp = DemoSmtpServer(imap, USER, password, SUPPORT)
    stack.push_async_callback(imap.stop)
    imap_port = await imap.start(HOST)
    stack.push_async_callback(smtp.stop)
    return Mail(imap, smtp, imap_port, await smtp.start(HOST), password)


def prepare(folder: Path) -> None:
    """Make the folder, or empty it when it is an earlier demo's.

    Raises:
        NotADemoHome: Something else lies there.
    """
    mark = folder / MARK
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise NotADemoHome(folder)
        for name in ("server", "you"):
            shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text("A demo of mado; it may be deleted at any time.\n")


def write_server_home(server_home: Path, mail: Mail, port: int) -> None:
    """Settings and secrets of the team's server."""
    server_home.mkdir(mode=0o700, parents=True)
    inbox = InboxSettings(
        key=InboxKey("support"),
        address=SUPPORT,
        name="みどり金物店 お客様窓口",
        imap=ImapSettings(host=HOST, port=mail.imap_port, tls="none", user=USER, share_password=True),
        smtp=SmtpSettings(host=HOST, port=mail.smtp_port, tls="none", user=USER),
    )
    write_settings(server_home, Settings(server=ServerSettings(name="みどり金物店", listen=f"{HOST}:{port}"), inboxes=(inbox,)))
    kept = Secrets(server_home)
    for name in ("imap:support", "smtp:support"):
        kept.put(name, Secret(mail.password))


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
