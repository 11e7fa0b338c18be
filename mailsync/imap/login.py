"""The login on a connected channel: the best way that both sides allow, and in plain words why the server said no (RFC 9051 6.2, RFC 5530)."""

import base64
import binascii
import re
import secrets
from collections.abc import Collection
from dataclasses import replace

from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import CRLF, Channel, says_full
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
from mailsync.imap.responses import Capability, Completed, Continue, Response, Said
from mailsync.imap.sasl import BY_COMMAND, SECRET_STAYS, Bearer, Play, offered, play
from mailsync.imap.scram import ScramBroken

Answered = tuple[list[Response], Completed]

BUSY_CODES = frozenset({"UNAVAILABLE", "INUSE", "SERVERBUG", "OVERQUOTA", "THROTTLED"})
"""Answers that blame the server or the day, not the password (RFC 5530; the last two are Gmail's and Yahoo!'s ways to say "slower")."""
BUSY_WORDS = re.compile(r"(?i)temporar|try again|unavailable|internal (server )?error|rate limit|bandwidth limit")
QUOTABLE = re.compile(r"[\x20-\x7e]*")


def log_in(channel: Channel, access: ImapAccess, capabilities: Collection[str]) -> tuple[str, frozenset[str]]:
    """Log in; returns the way it went, and what the server can do as far as it said so with its OK.

    Where a way is refused that proves the password without showing it, the next one is tried: some servers offer SCRAM, but hold
    for this user nothing to check it with.

    Raises:
        LoginRefused, TokenRefused, LoginNotOffered, EncryptionRequired: The server does not want it so.
        TooManyConnections, Unreachable, ServerUnproved, ConnectionLost: It cannot, now.
    """
    ways = offered(access.auth, capabilities, is_private=access.is_private)
    if "LOGINDISABLED" in capabilities and access.tls == "none":
        raise EncryptionRequired(access.host, "forbids passwords on a connection without TLS")
    if not ways:
        known = ", ".join(sorted(name.removeprefix("AUTH=") for name in capabilities if name.startswith("AUTH="))) or "none"
        raise LoginNotOffered(access.host, access.auth, known)
    refusal: ImapError | None = None
    # A second try is for servers that cannot check SCRAM for this user; more would only count as more wrong passwords.
    shown = next((way for way in ways if way not in SECRET_STAYS), None)
    for way in dict.fromkeys((ways[0], shown or ways[0])):
        tag = f"L-{way.partition(' ')[0]}"
        before, done = _by_command(channel, access, tag) if way == BY_COMMAND else _by_sasl(channel, access, way, tag, capabilities)
        if done.kind == "OK":
            return way, _told(before, done)
        refusal = refused(done, access)
        if not isinstance(refusal, LoginRefused):
            break
    raise refusal or LoginRefused(access.host, access.user)


def refused(done: Completed, access: ImapAccess) -> ImapError:
    """What a NO or BAD to a login means for whoever set it up."""
    words = f"[{done.code}] {done.text}".strip() if done.code else done.text
    if says_full(done.code, done.text):
        return TooManyConnections(access.host, words)
    if done.code in BUSY_CODES or (done.code not in {"AUTHENTICATIONFAILED", "ALERT"} and BUSY_WORDS.search(done.text)):
        return Unreachable(access.host, access.port, f'takes no logins now ("{words}")')
    if done.code == "PRIVACYREQUIRED":
        return EncryptionRequired(access.host, "forbids passwords on a connection without TLS")
    if access.auth != "password":
        return TokenRefused(access.host, access.user, words)
    return LoginRefused(access.host, access.user, words)


def _told(before: list[Response], done: Completed) -> frozenset[str]:
    """The capabilities after the login, from the code of the OK or a response of its own; empty when it told none."""
    names: set[str] = set(done.argument.upper().split()) if done.code == "CAPABILITY" else set()
    for response in before:
        if isinstance(response, Capability):
            names |= response.names
        elif isinstance(response, Said) and response.code == "CAPABILITY":
            names |= set(response.argument.upper().split())
    return frozenset(names)


def _by_sasl(channel: Channel, access: ImapAccess, way: str, tag: str, capabilities: Collection[str]) -> Answered:
    played = play(way, access.user, access.password.reveal(), host=access.host, port=access.port, nonce=secrets.token_urlsafe(24))
    first = played.first()
    begin = f"AUTHENTICATE {way}"
    if first is not None and "SASL-IR" in capabilities:  # RFC 4959
        begin, first = f"{begin} {_encoded(first) or '='}", None
    channel.start(begin, tag=tag)
    before: list[Response] = []
    while not (isinstance(response := channel.next(), Completed) and response.tag == tag):
        if not isinstance(response, Continue):
            before.append(response)
            continue
        answer, first = (first, None) if first is not None else (_answer(played, response, access), None)
        channel.send(_encoded(answer).encode() + CRLF)
    if response.kind == "OK" and not played.is_proved:
        raise ServerUnproved(access.host, "it could not prove that it knows the password")
    if isinstance(played, Bearer) and played.problem:
        return before, replace(response, text=f"{played.problem} {response.text}".strip())
    return before, response


def _answer(played: Play, challenge: Continue, access: ImapAccess) -> bytes:
    try:
        return played.answer(base64.b64decode(challenge.text))
    except ScramBroken as error:
        raise ServerUnproved(access.host, str(error)) from error
    except binascii.Error as error:
        raise ProtocolBroken(access.host, "a challenge of the login could not be read") from error


def _encoded(answer: bytes) -> str:
    return base64.b64encode(answer).decode("ascii")


def _by_command(channel: Channel, access: ImapAccess, tag: str) -> Answered:
    words = [access.user, access.password.reveal()]
    if all(QUOTABLE.fullmatch(word) for word in words):
        user, password = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
        channel.start(f'LOGIN "{user}" "{password}"', tag=tag)
        return channel.finish(tag)
    # Only a literal carries letters beyond ASCII (RFC 9051 4.3).
    raws = [word.encode() for word in words]
    channel.start(f"LOGIN {{{len(raws[0])}}}", tag=tag)
    before: list[Response] = []
    for piece in (raws[0] + b" {%d}" % len(raws[1]), raws[1]):
        while not isinstance(response := channel.next(), Continue):
            if isinstance(response, Completed) and response.tag == tag:
                return before, response
            before.append(response)
        channel.send(piece + CRLF)
    more, done = channel.finish(tag)
    return [*before, *more], done
