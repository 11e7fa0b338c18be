"""The login: the best way that both sides allow, and in plain words why the server said no (RFC 9051 6.2, RFC 5530)."""

import binascii
import re
import secrets
from collections.abc import Collection

from imapclient.exceptions import LoginError

from mailsync.imap.access import ImapAccess
from mailsync.imap.client import Client, as_ours
from mailsync.imap.errors import (
    EncryptionRequired,
    ImapError,
    LoginNotOffered,
    LoginRefused,
    ProtocolBroken,
    ServerUnproved,
    TokenRefused,
    TooManyConnections,
    Unreachable,
)
from mailsync.imap.refusals import says_full
from mailsync.imap.sasl import BY_COMMAND, SECRET_STAYS, Play, offered, play
from mailsync.imap.scram import ScramBroken
from mailsync.oauth.bearer import Bearer

BUSY_CODES = frozenset({"UNAVAILABLE", "INUSE", "SERVERBUG", "OVERQUOTA", "THROTTLED"})
"""Answers that blame the server or the day, not the password (RFC 5530; the last two are Gmail's and Yahoo!'s ways to say "slower")."""
BUSY_WORDS = re.compile(r"(?i)temporar|try again|unavailable|internal (server )?error|rate limit|bandwidth limit")
RESPONSE_CODE = re.compile(r"\[([A-Za-z0-9=-]+)(?: [^\]]*)?\] ?")


def log_in(client: Client, access: ImapAccess) -> str:
    """Log in; returns the way it went.

    Where a way is refused that proves the password without showing it, the next one is tried: some servers offer SCRAM, but hold
    for this user nothing to check it with.

    Raises:
        LoginRefused, TokenRefused, LoginNotOffered, EncryptionRequired: The server does not want it so.
        TooManyConnections, Unreachable, ServerUnproved, ConnectionLost: It cannot, now.
    """
    capabilities = client.known()
    if "LOGINDISABLED" in capabilities and access.tls == "none":
        raise EncryptionRequired(access.host, "forbids passwords on a connection without TLS")
    ways = offered(access.auth, capabilities, is_private=access.is_private)
    if not ways:
        raise LoginNotOffered(access.host, access.auth, _mechanisms(capabilities))
    refusal: ImapError | None = None
    # A second try is for servers that cannot check SCRAM for this user; more would only count as more wrong passwords.
    shown = next((way for way in ways if way not in SECRET_STAYS), ways[0])
    for way in dict.fromkeys((ways[0], shown)):
        refusal = _try(client, access, way)
        if refusal is None:
            return way
        if not isinstance(refusal, LoginRefused):
            break
    raise refusal or LoginRefused(access.host, access.user)


def _mechanisms(capabilities: Collection[str]) -> str:
    return ", ".join(sorted(name.removeprefix("AUTH=") for name in capabilities if name.startswith("AUTH="))) or "none"


def _try(client: Client, access: ImapAccess, way: str) -> ImapError | None:
    """One try; returns why the server said no."""
    played = play(way, access.user, access.password.reveal(), host=access.host, port=access.port, nonce=secrets.token_urlsafe(24))
    try:
        if way == BY_COMMAND:
            _by_command(client, access)
        else:
            client.sasl_login(way, _Answers(played))
    except LoginError as error:
        ours = as_ours(error, access)
        return refused(played, ours, access) if isinstance(ours, LoginRefused) else ours
    except ScramBroken as error:
        raise ServerUnproved(access.host, str(error)) from error
    except binascii.Error as error:
        raise ProtocolBroken(access.host, "a challenge of the login could not be read") from error
    if not played.is_proved:
        raise ServerUnproved(access.host, "it could not prove that it knows the password")
    return None


class _Answers:
    """A play as imapclient wants it: it asks once before the server has said anything, where the client begins."""

    def __init__(self, played: Play) -> None:
        self._played = played
        self._first = played.first()

    def __call__(self, challenge: bytes) -> bytes:
        first, self._first = self._first, None
        return first if first is not None else self._played.answer(challenge)


def _by_command(client: Client, access: ImapAccess) -> None:
    secret = access.password.reveal()
    if secret.isascii():
        client.login(access.user, secret)
        return
    try:
        client.login_by_literal(access.user, secret)
    except client.Error as error:
        raise LoginError(str(error)) from error


def refused(played: Play, refusal: LoginRefused, access: ImapAccess) -> ImapError:
    """What a NO or BAD to a login means for whoever set it up."""
    said = str(refusal.facts["reason"])
    found = RESPONSE_CODE.match(said)
    code, text = (found[1].upper(), said[found.end() :]) if found else ("", said)
    if says_full(code, text):
        return TooManyConnections(access.host, said)
    if code in BUSY_CODES or (code not in {"AUTHENTICATIONFAILED", "ALERT"} and BUSY_WORDS.search(text)):
        return Unreachable(access.host, access.port, f'takes no logins now ("{said}")')
    if code == "PRIVACYREQUIRED":
        return EncryptionRequired(access.host, "forbids passwords on a connection without TLS")
    if access.auth == "password":
        return refusal
    problem = played.problem if isinstance(played, Bearer) else ""
    return TokenRefused(access.host, access.user, f"{problem} {said}".strip())
