"""From an address to a logged-in connection. What a socket, ssl or a proxy can raise on the way ends here."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import Channel
from mailsync.imap.errors import (
    ConnectionLost,
    EncryptionRequired,
    ImapError,
    ProtocolBroken,
    ProxyUnusable,
    TokenRefused,
    TooManyConnections,
    Unreachable,
)
from mailsync.imap.login import log_in
from mailsync.imap.responses import Capability, Response, Said
from mailsync.imap.tls import certificate_refused, tls_context, tls_failed, wrapped
from mailsync.net.dial import dial
from mailsync.net.proxy import ProxyFailed

LONGEST_CONNECT_SECONDS = 20.0


@dataclass(frozen=True)
class Connection:
    """A logged-in connection and the way to end it."""

    channel: Channel
    sock: socket.socket
    capabilities: frozenset[str] = frozenset()
    """What the server told with its login; empty: it has to be asked."""
    login: str = ""
    """How the login went: `SCRAM-SHA-256`, `XOAUTH2`, …; "" where the server wanted none."""

    def close(self) -> None:
        """Hang up without a word. Never raises."""
        hang_up(self.sock)

    @property
    def tls(self) -> str:
        """The version of TLS that was agreed on; "" without."""
        return self.sock.version() or "" if isinstance(self.sock, ssl.SSLSocket) else ""


def hang_up(sock: socket.socket) -> None:
    """Close a socket, whatever state it is in. Never raises."""
    # A socket whose TLS failed is closed already, and says so with an error that would hide the first one.
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        sock.close()


def connect(access: ImapAccess) -> Connection:
    """Connect, agree on TLS and log in. A token that is refused is renewed, once.

    Raises:
        Unreachable, ProxyUnusable, TlsFailed, CertificateRefused: No password was sent.
        EncryptionRequired: The same; the settings or the server would have sent it in clear.
        LoginRefused: The server does not take this user and password, or this token.
        TooManyConnections, ServerUnproved, ConnectionLost, ProtocolBroken: It gave up, is not the one it should be, or no IMAP server.
        CertificateUnreadable: `ca_file` or `client_cert` is not there or holds no certificate.
    """
    if not access.is_private:
        why = "is reached through a proxy" if access.proxy is not None else "is another machine"
        raise EncryptionRequired(access.host, f'{why} and `imap.tls` is "none"')
    try:
        return _connect(access)
    except TokenRefused:
        if access.renewed is None:
            raise
    # On a connection of its own: many servers hang up after a refusal, or make every further try wait.
    return _connect(replace(access, password=access.renewed(), renewed=None))


def _connect(access: ImapAccess) -> Connection:
    seconds = min(access.timeout_seconds, LONGEST_CONNECT_SECONDS)
    with foreign_errors_stop(access), ExitStack() as on_failure:
        context = tls_context(access) if access.tls != "none" else None
        sock = dial(access.host, access.port, seconds=seconds, proxy=access.proxy)
        on_failure.callback(hang_up, sock)
        if context is not None and access.tls == "implicit":
            sock = _kept(wrapped(sock, context, access), on_failure)
        channel = Channel(sock, access.host, seconds)
        greeting = _greeting(channel, access, seconds)
        capabilities = _told(greeting)
        if context is not None and access.tls == "starttls":
            sock, channel, capabilities = _start_tls(channel, sock, context, greeting, access, on_failure)
        if greeting.kind == "PREAUTH":
            way, told = "", capabilities
        else:
            way, told = log_in(channel, access, capabilities or _ask(channel, access))
        channel.patience(access.timeout_seconds)
        on_failure.pop_all()
        return Connection(channel, sock, told, way)


def _kept(sock: ssl.SSLSocket, on_failure: ExitStack) -> ssl.SSLSocket:
    # It has taken the descriptor over: the socket below it closes nothing any more.
    on_failure.pop_all()
    on_failure.callback(hang_up, sock)
    return sock


def _greeting(channel: Channel, access: ImapAccess, seconds: float) -> Said:
    try:
        greeting = channel.next()
    except TooManyConnections:
        raise
    except ConnectionLost as error:
        if "goodbye" in str(error):
            raise
        silent = isinstance(error.__cause__, TimeoutError)
        raise Unreachable(access.host, access.port, f"did not answer within {seconds:g} s" if silent else "hung up at once") from error
    if not isinstance(greeting, Said) or greeting.kind not in {"OK", "PREAUTH"}:
        raise ProtocolBroken(access.host, "the greeting was none")
    return greeting


def _start_tls(
    channel: Channel, sock: socket.socket, context: ssl.SSLContext, greeting: Said, access: ImapAccess, on_failure: ExitStack
) -> tuple[ssl.SSLSocket, Channel, frozenset[str]]:
    """Agree on TLS on a connection that began without (RFC 9051 6.2.1), whoever is in between."""
    # A login without one, before TLS, would be a stranger's mailbox: STARTTLS is no longer allowed after it.
    if greeting.kind == "PREAUTH" or "STARTTLS" not in (_told(greeting) or _ask(channel, access)):
        raise EncryptionRequired(access.host, "offers no STARTTLS")
    _, done = channel.finish(channel.start("STARTTLS", tag="L-STARTTLS"))
    if done.kind != "OK":
        raise EncryptionRequired(access.host, "refused STARTTLS")
    # Whatever came with that OK was said by anybody: the old channel and what it has read are thrown away, and what the server can do
    # is asked anew.
    sock = _kept(wrapped(sock, context, access), on_failure)
    channel = Channel(sock, access.host, sock.gettimeout() or access.timeout_seconds)
    return sock, channel, frozenset()


def _ask(channel: Channel, access: ImapAccess) -> frozenset[str]:
    before, done = channel.finish(channel.start("CAPABILITY", tag="L-CAPABILITY"))
    if done.kind != "OK":
        raise ProtocolBroken(access.host, "it does not say what it can do")
    return frozenset().union(*(_told(response) for response in before))


def _told(response: Response) -> frozenset[str]:
    if isinstance(response, Capability):
        return response.names
    if isinstance(response, Said) and response.code == "CAPABILITY":
        return frozenset(response.argument.upper().split())
    return frozenset()


@contextmanager
def foreign_errors_stop(access: ImapAccess) -> Iterator[None]:
    """Turn what ssl, the socket and the proxy raise into our own tree."""
    try:
        yield
    except ImapError:
        raise
    except (OSError, UnicodeError) as error:
        raise as_ours(error, access) from error


def as_ours(error: Exception, access: ImapAccess) -> ImapError:
    """Say a foreign error in our words: which of our errors the caller can do something about."""
    return next(say(error, access) for kinds, say in OURS if isinstance(error, kinds))


def _socket_words(error: OSError, access: ImapAccess) -> str:
    match error:
        case socket.gaierror():
            return "is no host that can be found"
        case ConnectionRefusedError():
            return "is not listening (connection refused)"
        case TimeoutError():
            return f"did not answer within {min(access.timeout_seconds, LONGEST_CONNECT_SECONDS):g} s"
        case ConnectionError():
            return "hung up at once"
        case _:
            return f"cannot be reached ({error.strerror or type(error).__name__})"


OURS: tuple[tuple[type[Exception], Callable[[Any, ImapAccess], ImapError]], ...] = (
    (ssl.SSLCertVerificationError, certificate_refused),
    (ssl.SSLError, tls_failed),
    (ProxyFailed, lambda error, access: ProxyUnusable(str(access.proxy), access.host, str(error))),
    (OSError, lambda error, access: Unreachable(access.host, access.port, _socket_words(error, access))),
    (UnicodeError, lambda _, access: Unreachable(access.host, access.port, "is no host that can be found")),
)
"""First match wins: the special before the general."""
