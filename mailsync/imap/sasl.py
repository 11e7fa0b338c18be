"""The ways to log in (SASL), each a play of challenges and answers, and which of them a server and the settings allow. Pure."""

import hmac
from collections.abc import Callable, Collection
from typing import Protocol

import msgspec

from mailsync.imap.access import Auth
from mailsync.imap.scram import Scram
from mailsync.oauth.bearer import bearer

BY_COMMAND = "LOGIN command"
"""No SASL at all: `LOGIN user password` (RFC 9051 6.2.3)."""
BY_PASSWORD = ("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN")
"""In the order of preference; CRAM-MD5, which keeps passwords readable at the server, only where there is nothing else."""
LAST_RESORT = "CRAM-MD5"
SECRET_STAYS = frozenset({"SCRAM-SHA-256", "SCRAM-SHA-1", LAST_RESORT})
"""Logins that do not show the password to whoever listens."""


class Play(Protocol):
    """One login, played once."""

    def first(self) -> bytes | None:
        """What the client says first; None: the server begins."""
        ...

    def answer(self, challenge: bytes) -> bytes:
        """The answer to a challenge; raises ValueError when the login is to be given up."""
        ...

    @property
    def is_proved(self) -> bool:
        """False while the server still owes a proof: its OK counts for nothing then."""
        ...


class Simple(msgspec.Struct):
    """A login in which the server proves nothing: what to say first, and to each challenge."""

    begin: bytes | None
    reply: Callable[[bytes], bytes]
    is_proved: bool = True

    def first(self) -> bytes | None:
        """See `Play`."""
        return self.begin

    def answer(self, challenge: bytes) -> bytes:
        """See `Play`."""
        return self.reply(challenge)


def offered(auth: Auth, capabilities: Collection[str], *, is_private: bool) -> list[str]:
    """The ways to log in that both sides allow, the best first; `is_private`: nobody else can read the line."""
    mechanisms = {name.removeprefix("AUTH=") for name in capabilities if name.startswith("AUTH=")}
    if auth != "password":
        return [auth.upper()] if auth.upper() in mechanisms else []
    ways = [name for name in BY_PASSWORD if name in mechanisms]
    if "LOGINDISABLED" not in capabilities:
        ways.append(BY_COMMAND)
    ways = [name for name in ways if is_private or name in SECRET_STAYS]
    return ways or [name for name in (LAST_RESORT,) if name in mechanisms]


def play(name: str, user: str, secret: str, *, host: str, port: int, nonce: str) -> Play:
    """The play of a mechanism of `offered`; `nonce` is fresh and random, of letters and digits."""
    match name:
        case "SCRAM-SHA-256" | "SCRAM-SHA-1":
            return Scram(name.removeprefix("SCRAM-").replace("-", "").lower(), user, secret, nonce)
        case "XOAUTH2" | "OAUTHBEARER":
            return bearer(name, user, secret, host=host, port=port)
        case "LOGIN":
            answers = iter((user.encode(), secret.encode()))
            return Simple(None, lambda _: next(answers, b""))
        case "CRAM-MD5":
            return Simple(None, lambda challenge: f"{user} {hmac.new(secret.encode(), challenge, 'md5').hexdigest()}".encode())
        case _:
            # RFC 4616.
            return Simple(f"\0{user}\0{secret}".encode(), lambda _: b"")
