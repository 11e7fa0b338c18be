"""One invitation, one step: session, settings and inboxes of a new home; or a new session for a home that has them."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mailsync.link.address import Invitation, ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import PasswordRefused, ServerStrange, SessionEnded
from mailsync.link.home import DEVICE, SESSION, certificate_of, path_of, server_of
from mailsync.link.protocol import InboxOffer, Joined, JoinRequest, LoginRequest
from store.domain.ids import MemberKey
from store.domain.people import Member
from store.errors import BadInput
from store.local.wiping import let_in
from store.settings.secrets import Secret, Secrets
from store.settings.settings import (
    ImapSettings,
    InboxSettings,
    ListSettings,
    ServerSettings,
    Settings,
    WritingSettings,
    load_settings,
    write_settings,
)


class AlreadyJoined(BadInput):
    """This home belongs to another team; joining would mix two teams' conversations in one store."""

    def __init__(self, home: Path, url: str) -> None:
        super().__init__(f"{home} has joined {url} already; use another home: `mado --home DIR join …`", home=home, url=url)


class HomeNotWritable(BadInput):
    """Nothing could be kept here, so the invitation was not used up."""

    def __init__(self, home: Path, problem: str) -> None:
        super().__init__(f"{home} cannot be written: {problem}", home=home, problem=problem)


class NothingToLogInTo(BadInput):
    """A login needs a server."""

    def __init__(self, home: Path) -> None:
        super().__init__(f"{home} has no server yet: `mado join INVITATION`, or set `server.url`", home=home)


@dataclass(frozen=True)
class Welcome:
    """What joining made ready. `without_password`: of their mailbox no password is here; `unfinished`: a second factor must be set up."""

    member: Member
    server: ServerAddress
    inboxes: tuple[InboxSettings, ...]
    without_password: tuple[str, ...]
    unfinished: bool = False


async def join(home: Path, invitation: str, password: str | None = None, *, terminal: str, code: str | None = None) -> Welcome:
    """Use an invitation: afterwards the home has a session, settings and the inboxes' secrets.

    What can fail without the server is tried first: an invitation works once. `password` lets the member log in again later; `code` is of
    the authenticator app, where the member has one.

    Raises:
        InvitationRefused, AlreadyJoined, HomeNotWritable, SettingsError: The invitation is still good, or never was.
        CodeNeeded: likewise.
        ServerAway, ServerNotTrusted: likewise.
    """
    invited = Invitation.decode(invitation)
    address = ServerAddress.parse(invited.url)
    before = _ready(home, address)
    async with _client(before, address, invited.fingerprint) as client:
        joined = await client.join(JoinRequest(invited.secret, terminal, password, code))
    welcome = _welcome(home, address, joined)
    write_settings(home, _merged(before, str(address), invited.fingerprint, joined, welcome.inboxes))
    return welcome


async def login(
    home: Path,
    member: str | None,
    password: str,
    *,
    terminal: str,
    code: str | None = None,
    server: str | None = None,
    fingerprint: str | None = None,
) -> Welcome:
    """A new session for a member who has a password. `server` and `fingerprint`: for a home that has not joined; the inboxes are made ready too.

    Raises:
        PasswordRefused: The server does not take this name and password.
        CodeNeeded: It does, and wants a code as well.
        NothingToLogInTo: No server is set.
        AlreadyJoined, HomeNotWritable, SettingsError: Nothing was changed.
    """
    settings = load_settings(home)
    address = ServerAddress.parse(server) if server else server_of(home, settings)
    who = member or settings.member
    if address is None or not who:
        raise NothingToLogInTo(home)
    before = _ready(home, address) if server else settings
    pinned = fingerprint if server else before.server.fingerprint
    kept = Secrets(home).get(DEVICE)
    async with _client(before, address, pinned) as client:
        request = LoginRequest(MemberKey(who), password, terminal, code, kept.reveal() if kept is not None else None)
        try:
            joined = await client.login(request)
        except SessionEnded as error:
            raise PasswordRefused(str(address), who) from error
    welcome = _welcome(home, address, joined)
    if server or before.server.url:
        # Else it is the server's own home, whose settings are the house's.
        write_settings(home, _merged(before, str(address), pinned, joined, welcome.inboxes))
    return welcome


def _ready(home: Path, address: ServerAddress) -> Settings:
    """The settings of a home that may join this server.

    Raises:
        HomeNotWritable, AlreadyJoined, SettingsError: It may not.
    """
    _make_writable(home)
    before = load_settings(home)
    if before.server.url and ServerAddress.parse(before.server.url) != address:
        raise AlreadyJoined(home, before.server.url)
    return before


def _client(settings: Settings, address: ServerAddress, fingerprint: str | None) -> TeamClient:
    return TeamClient(address, fingerprint=fingerprint, ca_file=path_of(settings.server.ca_file), certificate=certificate_of(settings.server))


def _welcome(home: Path, address: ServerAddress, joined: Joined) -> Welcome:
    """Keep the secrets that the server told."""
    secrets = Secrets(home)
    # The session first: should writing the settings fail, `mado login` or a second look can still mend the rest.
    secrets.put(SESSION, Secret(joined.session))
    let_in(home)
    if joined.device:
        secrets.put(DEVICE, Secret(joined.device))
    inboxes = tuple(_kept(home, offer) for offer in joined.inboxes)
    for offer in joined.inboxes:
        if offer.password is not None:
            secrets.put(f"imap:{offer.key}", Secret(offer.password))
    without = tuple(offer.key for offer in joined.inboxes if offer.password is None and secrets.get(f"imap:{offer.key}") is None)
    return Welcome(joined.member, address, inboxes, without, joined.unfinished)


def _make_writable(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise HomeNotWritable(home, error.strerror or type(error).__name__) from error


def _kept(home: Path, offer: InboxOffer) -> InboxSettings:
    """The settings of an offered inbox; a CA comes as its contents and is kept as a file of the home."""
    ca_file = ""
    if offer.ca_pem is not None:
        # The key comes from outside: it may not lead out of the home.
        path = home / f"ca-{re.sub('[^A-Za-z0-9_-]', '_', offer.key)}.pem"
        path.write_text(offer.ca_pem)
        ca_file = str(path)
    imap = {"host": offer.host, "port": offer.port, "tls": offer.tls, "user": offer.user, "ca_file": ca_file, "auth": offer.auth}
    # An older program does not know what a newer house may set.
    writing = {key: value for key, value in offer.writing.items() if key in WritingSettings.__struct_fields__}
    imap |= {"token_url": offer.token_url, "client_id": offer.client_id, "scope": offer.scope}
    try:
        checked = msgspec.convert(imap, ImapSettings)
        written = msgspec.convert(writing, WritingSettings)
    except msgspec.ValidationError as error:
        raise ServerStrange(offer.host, f"its settings for the inbox {offer.key} cannot be used: {error}") from error
    return InboxSettings(
        key=offer.key,
        address=offer.address,
        name=offer.name,
        mailboxes=tuple(offer.mailboxes),
        sent=offer.sent,
        imap=checked,
        addresses=offer.addresses,
        writing=written,
    )


def _merged(before: Settings, url: str, fingerprint: str | None, joined: Joined, inboxes: tuple[InboxSettings, ...]) -> Settings:
    """What was there, with the team's server and inboxes over it."""
    server: ServerSettings = msgspec.structs.replace(before.server, url=url, fingerprint=fingerprint)
    offered = {inbox.key for inbox in inboxes}
    others = tuple(inbox for inbox in before.inboxes if inbox.key not in offered)
    changed = msgspec.structs.replace(before, server=server, inboxes=(*others, *inboxes), member=joined.member.key)
    match joined.waiting_steps:
        case (first, second, third, fourth):
            return msgspec.structs.replace(changed, list=ListSettings(waiting_steps=(first, second, third, fourth)))
    return changed
