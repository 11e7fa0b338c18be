"""From an address to a logged-in connection: the imapclient seam. Every exception of imapclient, imaplib, ssl and the socket ends here."""

import imaplib
import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient import exceptions as foreign

from mailsync.imap.access import ImapAccess, is_loopback
from mailsync.imap.channel import Channel
from mailsync.imap.errors import (
    CertificateRefused,
    CertificateUnreadable,
    CommandRefused,
    ConnectionLost,
    EncryptionRequired,
    ImapError,
    LoginRefused,
    ProtocolBroken,
    TlsFailed,
    Unreachable,
)

LONGEST_CONNECT_SECONDS = 20.0
BUSY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
"""Answers to LOGIN that blame the server, not the password (RFC 5530)."""
NOT_YET_VALID, EXPIRED, OTHER_HOST, OTHER_ADDRESS = 9, 10, 62, 64
"""OpenSSL's X509_V_ERR_ codes."""

# imapclient writes every line it sends and gets to this logger, bodies and all.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)


class Connection:
    """A logged-in connection and the way to end it."""

    def __init__(self, client: IMAPClient, channel: Channel) -> None:
        self._client = client
        self.channel = channel

    def close(self) -> None:
        """Hang up without a word. Never raises."""
        _hang_up(self._client)


def _hang_up(client: IMAPClient) -> None:
    # A socket whose TLS failed is closed already, and says so with an error that would hide the first one.
    with suppress(OSError):
        client.shutdown()


def connect(access: ImapAccess) -> Connection:
    """Connect, agree on TLS and log in.

    Raises:
        Unreachable, TlsFailed, CertificateRefused: No password was sent.
        EncryptionRequired: The same; the settings or the server would have sent it in clear.
        LoginRefused: The server does not take this user and password.
        ConnectionLost, ProtocolBroken: It gave up, or is no IMAP server.
        CertificateUnreadable: `ca_file` or `client_cert` is not there or holds no certificate.
    """
    if access.tls == "none" and not is_loopback(access.host):
        raise EncryptionRequired(access.host, 'is another machine and `imap.tls` is "none"')
    context = _tls_context(access)
    with foreign_errors_stop(access):
        timeout = SocketTimeout(min(access.timeout_seconds, LONGEST_CONNECT_SECONDS), access.timeout_seconds)
        client = IMAPClient(access.host, access.port, ssl=access.tls == "implicit", ssl_context=context, timeout=timeout)
        # Its own transcript is written at this level only; without it no body and no password is copied anywhere.
        client._imap.debug = 0  # noqa: SLF001 - imapclient has no public switch
        with ExitStack() as on_failure:
            on_failure.callback(_hang_up, client)
            if access.tls == "starttls":
                client.starttls(context)
            _log_in(client, access)
            channel = _take_over(client, access)
            on_failure.pop_all()
        return Connection(client, channel)


def _log_in(client: IMAPClient, access: ImapAccess) -> None:
    if client.has_capability("LOGINDISABLED"):
        raise EncryptionRequired(access.host, "forbids passwords on a connection without TLS")
    if client.has_capability("AUTH=PLAIN"):
        # RFC 4616; LOGIN could not carry a letter beyond ASCII.
        client.sasl_login("PLAIN", lambda _challenge: f"\0{access.user}\0{access.password.reveal()}".encode())
    else:
        client.login(access.user, access.password.reveal())


def _take_over(client: IMAPClient, access: ImapAccess) -> Channel:
    """Hand the socket to our own reader, with what imaplib's buffer still holds of it. imaplib must not read from it again."""
    sock: socket.socket = client.socket()
    sock.setblocking(False)
    try:
        leftover: bytes = client._imap.file.peek()  # noqa: SLF001 - bytes in this buffer would be lost
    except (BlockingIOError, ssl.SSLWantReadError):
        leftover = b""
    return Channel(sock, access.host, access.timeout_seconds, leftover)


def _tls_context(access: ImapAccess) -> ssl.SSLContext | None:
    if access.tls == "none":
        return None
    try:
        context = ssl.create_default_context(cafile=access.ca_file, cadata=access.ca_pem or None)
    except (OSError, ValueError) as error:
        raise CertificateUnreadable(access.host, "imap.ca_file", str(access.ca_file or "what came with the invitation")) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_3 if access.tls_min == "1.3" else ssl.TLSVersion.TLSv1_2
    if access.client_cert is not None:
        try:
            context.load_cert_chain(access.client_cert, access.client_key)
        except (OSError, ValueError) as error:
            raise CertificateUnreadable(access.host, "imap.client_cert", str(access.client_cert)) from error
    return context


@contextmanager
def foreign_errors_stop(access: ImapAccess) -> Iterator[None]:
    """Turn what imapclient, imaplib, ssl and the socket raise into our own tree."""
    try:
        yield
    except ImapError:
        raise
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise as_ours(error, access) from error


def as_ours(error: Exception, access: ImapAccess) -> ImapError:
    """Say a foreign error in our words: which of our errors the caller can do something about."""
    return next(say(error, access) for kinds, say in OURS if isinstance(error, kinds))


def _login_error(error: Exception, access: ImapAccess) -> ImapError:
    # imapclient makes a LoginError of everything that goes wrong in LOGIN, a cut connection too.
    if isinstance(error.__context__, imaplib.IMAP4.abort):
        return ConnectionLost(access.host, "closed the connection during the login")
    words = str(error).removeprefix("b'").removeprefix('b"').rstrip("'\"")
    if words.upper().startswith(BUSY):
        return Unreachable(access.host, access.port, f'takes no logins now ("{words}")')
    return LoginRefused(access.host, access.user, words)


def _certificate_words(error: ssl.SSLCertVerificationError, host: str) -> tuple[str, str]:
    # The attributes are there only on errors that OpenSSL itself raised.
    code = getattr(error, "verify_code", 0)
    if code == EXPIRED:
        return "has expired", "whoever runs the server must renew it"
    if code == NOT_YET_VALID:
        return "is not valid yet", "check this machine's clock"
    if code in {OTHER_HOST, OTHER_ADDRESS}:
        return f"was issued to another host than {host}", "check `imap.host`; it must be the name in the certificate"
    return (
        f"was issued by an authority this machine does not know ({getattr(error, 'verify_message', 'no reason given')})",
        "name the house's own CA in `imap.ca_file`",
    )


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


OURS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Any, ImapAccess], ImapError]], ...] = (
    (ssl.SSLCertVerificationError, lambda error, access: CertificateRefused(access.host, *_certificate_words(error, access.host))),
    (ssl.SSLError, lambda error, access: TlsFailed(access.host, access.port, access.tls, getattr(error, "reason", None) or "no handshake")),
    (OSError, lambda error, access: Unreachable(access.host, access.port, _socket_words(error, access))),
    (foreign.LoginError, _login_error),
    (UnicodeError, lambda _, access: LoginRefused(access.host, access.user, "this server takes ASCII letters only")),
    (foreign.CapabilityError, lambda _, access: EncryptionRequired(access.host, "offers no STARTTLS")),
    (imaplib.IMAP4.abort, lambda _, access: ConnectionLost(access.host, "closed the connection before the login was done")),
    (
        (foreign.IllegalStateError, foreign.InvalidCriteriaError, imaplib.IMAP4.readonly),
        lambda error, access: CommandRefused(access.host, "a command", str(error)),
    ),
    (foreign.ProtocolError, lambda _, access: ProtocolBroken(access.host, "an answer could not be read")),
    (Exception, lambda _, access: ProtocolBroken(access.host, "the greeting was none")),
)
"""First match wins: the special before the general."""
