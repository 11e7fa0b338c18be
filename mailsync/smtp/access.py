"""How to reach a submission server, and which part of it nobody on the way may read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mailsync.smtp.options import Dsn
from mailsync.smtp.wire import is_loopback
from store.settings.proxies import Proxy
from store.settings.secrets import Secret

Tls = Literal["implicit", "starttls", "none"]
Auth = Literal["password", "xoauth2", "oauthbearer"]

FINAL_ANSWER_SECONDS = 600.0
"""From the final dot to its answer. RFC 5321 4.5.3.2.6 asks for 10 minutes: whoever hangs up sooner makes doubles."""


@dataclass(frozen=True)
class SmtpAccess:
    """One login at one server. No password: no AUTH."""

    host: str
    port: int
    tls: Tls
    user: str
    password: Secret | None = field(repr=False)
    """With `auth` other than `password`: the access token."""
    ca_file: Path | None = None
    timeout_seconds: float = 60.0
    """For each step but the last."""
    final_answer_seconds: float = FINAL_ANSWER_SECONDS
    tls_min: Literal["1.2", "1.3"] = "1.2"
    client_cert: Path | None = None
    """A certificate of our own to show, with its key in the same file or in `client_key`."""
    client_key: Path | None = None
    auth: Auth = "password"
    renewed: Callable[[], Secret] | None = None
    """Asked once for another token when the server refuses this one; blocking."""
    proxy: Proxy | None = None
    dsn: Dsn = "failure"
    """Which reports are asked for, where the server offers them."""

    @property
    def is_private(self) -> bool:
        """True when nobody on the way can read along: TLS, or a line that never leaves this machine."""
        return self.tls != "none" or (self.proxy is None and is_loopback(self.host))
