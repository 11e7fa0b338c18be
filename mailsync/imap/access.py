"""How to reach a mailbox, and what the words for it are allowed to be."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from store.settings.proxies import Proxy

Tls = Literal["implicit", "starttls", "none"]
LONGEST_CONNECT_SECONDS = 20.0
Auth = Literal["password", "xoauth2", "oauthbearer"]


class HasSecret(Protocol):
    """A password that only shows itself when asked; see `store.settings.secrets`."""

    def reveal(self) -> str:
        """The password itself, for the server and nobody else."""
        ...


class ImapAccess(msgspec.Struct, frozen=True):
    """One login at one server. `ca_file` or `ca_pem` (the certificate itself) replaces the system's authorities."""

    host: str
    port: int
    tls: Tls
    user: str
    password: HasSecret
    """With `auth` other than `password`: the access token."""
    ca_file: Path | None = None
    ca_pem: str = ""
    timeout_seconds: float = 30.0
    tls_min: Literal["1.2", "1.3"] = "1.2"
    client_cert: Path | None = None
    """A certificate of our own to show, with its key in the same file or in `client_key`."""
    client_key: Path | None = None
    auth: Auth = "password"
    renewed: Callable[[], HasSecret] | None = None
    """Asked once for another token when the server refuses this one."""
    proxy: Proxy | None = None

    @property
    def connect_seconds(self) -> float:
        """How long each step up to the login may take; a server that is slow with mail need not be slow with its greeting."""
        return min(self.timeout_seconds, LONGEST_CONNECT_SECONDS)

    @property
    def is_private(self) -> bool:
        """True when nobody on the way can read along: TLS, or a line that never leaves this machine."""
        return self.tls != "none" or (self.proxy is None and is_loopback(self.host))


def is_loopback(host: str) -> bool:
    """True when what is sent to this host never leaves the machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
