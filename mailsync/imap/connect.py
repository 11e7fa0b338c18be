"""From an address to a logged-in connection: dialled and wrapped by us, greeted and logged in by imapclient, then taken over by our channel."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from imaplib import IMAP4

import msgspec

from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import Channel
from mailsync.imap.client import Client, as_ours, words_of
from mailsync.imap.errors import EncryptionRequired, ImapError, TokenRefused, Unreachable
from mailsync.imap.login import log_in
from mailsync.imap.tls import tls_context, wrapped
from mailsync.net.dial import dial


class Connection(msgspec.Struct, frozen=True):
    """A logged-in connection and the way to end it."""

    access: ImapAccess
    client: Client
    channel: Channel
    told: frozenset[str]
    """What the server said with its login that it can do; empty: it has to be asked."""
    login: str
    """How the login went: `SCRAM-SHA-256`, `XOAUTH2`, …; "" where the server wanted none."""

    def close(self) -> None:
        """Hang up without a word. Never raises."""
        self.client.shutdown()

    @property
    def tls(self) -> str:
        """The version of TLS that was agreed on; "" without."""
        sock = self.client.socket()
        return sock.version() or "" if isinstance(sock, ssl.SSLSocket) else ""

    @contextmanager
    def lent(self) -> Iterator[Client]:
        """Inside the block imapclient speaks again, for a command that is rare; raises in our words. Nothing may be on its way."""
        self.channel.finish_line()
        try:
            with foreign_errors_stop(self.access):
                yield self.client
        finally:
            self.channel.take_in(self.client.leftover())


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
    return _connect(msgspec.structs.replace(access, password=access.renewed(), renewed=None))


def _connect(access: ImapAccess) -> Connection:
    with foreign_errors_stop(access), ExitStack() as on_failure:
        context = tls_context(access) if access.tls != "none" else None
        sock = dial(access.host, access.port, seconds=access.connect_seconds, proxy=access.proxy)
        on_failure.callback(_close, sock)
        if context is not None and access.tls == "implicit":
            sock = wrapped(sock, context, access)
            on_failure.callback(_close, sock)
        client = _greeted(sock, access)
        on_failure.callback(client.shutdown)
        if access.tls == "starttls":
            # A login without one, before TLS, would be a stranger's mailbox: STARTTLS is not allowed after it.
            if client.is_logged_in:
                raise EncryptionRequired(access.host, "offers no STARTTLS")
            client.starttls(context)
        way = "" if client.is_logged_in else log_in(client, access)
        connection = _taken_over(client, access, way)
        on_failure.pop_all()
        return connection


def _close(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.close()


def _greeted(sock: socket.socket, access: ImapAccess) -> Client:
    try:
        return Client(sock, access, access.connect_seconds)
    except IMAP4.abort as error:
        # Before its first word this is no lost connection: there never was one.
        if words_of(error) == "socket error: EOF":
            raise Unreachable(access.host, access.port, "hung up at once") from error
        raise


def _taken_over(client: Client, access: ImapAccess, way: str) -> Connection:
    """Our channel reads from here on; what imaplib read too much is handed over with the socket."""
    told = client.told()
    if "ID" in told:
        client.introduce()
    channel = Channel(client.socket(), access.host, access.timeout_seconds, client.leftover())
    return Connection(access, client, channel, told, way)


@contextmanager
def foreign_errors_stop(access: ImapAccess) -> Iterator[None]:
    """Turn what imapclient, imaplib, ssl, the socket and the proxy raise into our own tree."""
    try:
        yield
    except ImapError:
        raise
    except (IMAP4.error, OSError, UnicodeError) as error:
        raise as_ours(error, access) from error
