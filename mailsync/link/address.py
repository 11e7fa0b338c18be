"""Where a server is, and the invitation that says so: one line a colleague can paste."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from mailsync.link.errors import AddressWrong, InvitationRefused

PREFIX = "mado1."
"""Of every invitation: what it is, and which version."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class ServerAddress:
    """One of `http://HOST:PORT`, `https://HOST[:PORT]`, `unix:/PATH`."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> "ServerAddress":
        """Read an address as settings and invitations hold it.

        Raises:
            AddressWrong: It is none of the three, or holds more than an address (a name, a password, a query).
        """
        text = text.strip()
        if text.startswith("unix:"):
            path = text.removeprefix("unix:").removeprefix("//")
            if not path.startswith("/"):
                raise AddressWrong(text, "names no absolute path")
            return cls("unix", path=path)
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise AddressWrong(text, "has a port that is no number from 1 to 65535") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AddressWrong(text, "is no server's address")
        if parts.username is not None or parts.password is not None:
            # Not shown again: it holds a secret.
            raise AddressWrong(f"{parts.scheme}://…", "must not hold a name or password")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise AddressWrong(text, "holds more than host and port")
        if port == 0:
            raise AddressWrong(text, "has no port that can be called")
        return cls(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80))

    @property
    def base_url(self) -> str:
        """What calls are made to; over a Unix socket the host is only a word for the Host header."""
        if self.scheme == "unix":
            return "http://desk"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_private(self) -> bool:
        """Whether a listener between the two ends cannot read along: TLS, a Unix socket, loopback."""
        return self.scheme != "http" or self.host in LOOPBACK

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.scheme == "unix" else self.base_url


class Invitation(msgspec.Struct, frozen=True):
    """What `mado member add` hands over. `secret` opens one session, once; `fingerprint` is the hex SHA-256 of the server's certificate."""

    url: str
    secret: str
    fingerprint: str | None = None

    def __repr__(self) -> str:
        return f"Invitation({self.url!r}, •••)"

    def encode(self) -> str:
        """The one line; letters, digits, `.`, `-` and `_` only, so that a chat does not break it."""
        return PREFIX + base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Invitation":
        """Read the line; spaces and line ends that a mail put into it are forgiven.

        Raises:
            InvitationRefused: It is none, or of another version, or its address is none.
        """
        word = "".join(text.split())
        if not word.startswith(PREFIX):
            raise InvitationRefused(f"it does not begin with {PREFIX}")
        body = word.removeprefix(PREFIX)
        try:
            raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
            invitation = msgspec.json.decode(raw, type=cls)
            ServerAddress.parse(invitation.url)
        except (binascii.Error, ValueError, msgspec.MsgspecError, AddressWrong) as error:
            raise InvitationRefused("it is not whole") from error
        if not invitation.secret:
            raise InvitationRefused("it is not whole")
        return invitation
