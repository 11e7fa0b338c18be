"""What `proxy = "…"` in the settings means: which proxy to go through, and who we are to it. Pure."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

KINDS: dict[str, tuple[Literal["socks5", "http"], int]] = {"socks5": ("socks5", 1080), "socks5h": ("socks5", 1080), "http": ("http", 8080)}
"""Scheme → kind and usual port. Names are always resolved by the proxy, which `socks5h` says elsewhere."""


@dataclass(frozen=True)
class Proxy:
    """A SOCKS5 proxy (RFC 1928) or one that takes HTTP CONNECT (RFC 9110 9.3.6)."""

    kind: Literal["socks5", "http"]
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Where it is, without its password."""
        return f"{self.host}:{self.port}"


def parse_proxy(text: str) -> Proxy | None:
    """Read `socks5://[user:password@]host[:port]` or `http://…`; None for "". Letters that a URL cannot hold are written %40.

    Raises:
        ValueError: It is neither.
    """
    if not text:
        return None
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as error:
        raise ValueError("no proxy") from error
    if url.scheme not in KINDS or not url.hostname or not _is_only_a_place(url):
        raise ValueError("no proxy")
    kind, usual_port = KINDS[url.scheme]
    return Proxy(kind, url.hostname, port or usual_port, unquote(url.username or ""), unquote(url.password or ""))


def _is_only_a_place(url: SplitResult) -> bool:
    return url.path in {"", "/"} and not url.query and not url.fragment
