"""The imapclient seam: imapclient speaks until the login is done, and later for rare commands, on a socket that is ours.

Its known traps, and where each is handled: it copies every line it sends and gets to its log, bodies and passwords too (`Client`); it makes a
LoginError of whatever goes wrong in a login, a cut line too (`as_ours`); imaplib reads further than it was asked to, into a buffer of its own
(`ImapOnSocket`); its FETCH parser and `idle_check` are not used at all, see `wire` and `idling`.
"""

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient import exceptions as foreign

from mailsync.imap.access import ImapAccess
from mailsync.imap.errors import (
    CommandRefused,
    ConnectionLost,
    EncryptionRequired,
    ImapError,
    LoginRefused,
    ProtocolBroken,
    ProxyUnusable,
    TooManyConnections,
    Unreachable,
)
from mailsync.imap.refusals import says_full
from mailsync.imap.tls import certificate_refused, tls_failed, wrapped
from mailsync.net.proxy import ProxyFailed

READ_BYTES = 1 << 14
LONGEST_LINE_BYTES = 1_000_000
UNREADABLE = (foreign.IMAPClientError, ValueError, TypeError, IndexError)
"""What imapclient raises over a NO, and over an answer of an odd server that its parser was not made for."""
IN_COMMAND = re.compile(r"command: \S+ => ")
ATOM = re.compile(r"[A-Za-z0-9@._+/=-]+")
OUR_NAME = "madoguchi"

# imapclient writes every line it sends and gets to this logger, bodies and all.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)


class ImapOnSocket(imaplib.IMAP4):
    """imaplib on a socket that was connected, and perhaps wrapped in TLS, elsewhere. The methods below are those it lets a subclass override."""

    def __init__(self, sock: socket.socket, access: ImapAccess) -> None:
        self.sock = sock
        self._access = access
        self._read = bytearray()
        super().__init__(access.host, access.port)

    def open(self, host: str = "", port: int = 143, timeout: Any = None) -> None:  # noqa: ARG002 - imaplib's signature
        """There is a connection already."""
        self.host, self.port = host, port

    def read(self, size: int) -> bytes:
        """So many bytes, or fewer at the end."""
        while len(self._read) < size and self._read_more():
            pass
        return self._take(size)

    def readline(self) -> bytes:
        """A line with its end, or what there was before the server hung up."""
        while (end := self._read.find(b"\n") + 1) == 0 and self._read_more():
            if len(self._read) > LONGEST_LINE_BYTES:
                raise self.error(f"got more than {LONGEST_LINE_BYTES} bytes")
        return self._take(end or len(self._read))

    def send(self, data: Any) -> None:
        """All of it."""
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Hang up. Never raises."""
        # A socket whose TLS failed is closed already, and says so with an error that would hide the first one.
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self.sock.close()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Speak TLS from here on (RFC 9051 6.2.1)."""
        typ, data = self._simple_command("STARTTLS")
        if typ != "OK" or ssl_context is None:
            raise self.error("refused STARTTLS")
        # Whatever came before TLS was said by anybody: what was read too much, and what was kept of it, is thrown away.
        self._read.clear()
        self.untagged_responses.clear()
        self.sock = wrapped(self.sock, ssl_context, self._access)
        self._get_capabilities()
        return typ, data

    def leftover(self) -> bytes:
        """What was read and not yet used; it is the caller's now."""
        return self._take(len(self._read))

    def login(self, user: str, password: str) -> Any:
        """LOGIN; a user in quotes where it is no atom (RFC 9051 9, astring): imaplib writes it as it is, with its space."""
        return super().login(user if ATOM.fullmatch(user) else self._quote(user), password)

    def login_by_literal(self, user: str, secret: bytes) -> None:
        """LOGIN with a password beyond ASCII, which only a literal carries (RFC 9051 4.3)."""
        self.literal = secret  # type: ignore[assignment]  # imaplib sends what `literal` holds, which is bytes, whatever typeshed says
        typ, data = self._simple_command("LOGIN", self._quote(user))
        if typ != "OK":
            raise self.error(data[-1])
        self.state = "AUTH"

    def rights_of(self, mailbox: str) -> str | None:
        """The letters of MYRIGHTS."""
        typ, data = self.myrights(self._quote(mailbox))
        return words_of(data[-1]).rpartition(" ")[2] if typ == "OK" and data and data[-1] else None

    def _read_more(self) -> bool:
        piece = self.sock.recv(READ_BYTES)
        self._read += piece
        return bool(piece)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._read[:count])
        del self._read[:count]
        return taken


class Client(IMAPClient):  # type: ignore[misc]  # imapclient ships no types
    """imapclient on our socket, which may be TLS already; reads the greeting and asks what the server can do. Raises what imaplib raises."""

    _imap: ImapOnSocket

    def __init__(self, sock: socket.socket, access: ImapAccess, seconds: float) -> None:
        self._given = sock, access
        # Without `ssl`: whether the socket speaks TLS is not imapclient's business.
        super().__init__(access.host, access.port, ssl=False, timeout=SocketTimeout(seconds, seconds))
        # Its own transcript is written at this level only; without it no body and no password is copied anywhere.
        self._imap.debug = 0
        # Names as they are on the wire: one that is not encoded as it should be could not be asked for again.
        self.folder_encode = False

    def _create_IMAP4(self) -> ImapOnSocket:  # noqa: N802 - imapclient calls it so
        return ImapOnSocket(*self._given)

    @property
    def is_logged_in(self) -> bool:
        """True also for a server that wants no login (PREAUTH)."""
        return bool(self._imap.state == "AUTH")

    def known(self) -> frozenset[str]:
        """What the server can do, in upper case."""
        return frozenset(name.decode("ascii", "replace").upper() for name in self.capabilities())

    def told(self) -> frozenset[str]:
        """What it said with its greeting or its login; empty when it has to be asked."""
        return self.known() if self._imap.untagged_responses.get("CAPABILITY") else frozenset()

    def login_by_literal(self, user: str, secret: str) -> None:
        """See `ImapOnSocket.login_by_literal`."""
        self._imap.login_by_literal(user, secret.encode())

    def introduce(self) -> None:
        """Say who we are (RFC 2971): some providers open no mailbox for a program without a name, others cannot bear it; both are well."""
        with suppress(foreign.IMAPClientError, ValueError):
            self.id_({"name": OUR_NAME})

    def enabled_of(self, names: Sequence[str]) -> frozenset[str]:
        """Switch extensions on; returns those that are. An OK alone only means that the word was understood (RFC 5161 3.1)."""
        try:
            return frozenset(name.decode("ascii", "replace").upper() for name in self.enable(*names))
        except imaplib.IMAP4.abort:
            raise
        except foreign.IMAPClientError:
            return frozenset()

    def prefixes(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """The prefixes of our own namespaces, and of other people's and shared ones (RFC 2342); none where that cannot be read."""
        try:
            own, others, shared = self.namespace()
            ours = tuple(_raw(prefix) for prefix, _ in own or ())
            return ours, tuple(_raw(prefix) for prefix, _ in (*(others or ()), *(shared or ())))
        except imaplib.IMAP4.abort:
            raise
        except UNREADABLE:
            return (), ()

    def my_rights(self, wire: bytes) -> str | None:
        """What this login may do with a mailbox, a letter a right (RFC 4314 3.5); None where the server does not say."""
        try:
            return self._imap.rights_of(wire.decode("ascii"))
        except imaplib.IMAP4.abort:
            raise
        except UNREADABLE:
            return None

    def leftover(self) -> bytes:
        """See `ImapOnSocket.leftover`."""
        return self._imap.leftover()


def _raw(value: object) -> bytes:
    """A name as imapclient gives it: it takes `2026` for a number."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str | int):
        return str(value).encode()
    raise ValueError("no name")


def words_of(said: object) -> str:
    """What the server said, out of an answer or an error of imaplib, which keeps it as bytes or as text."""
    if isinstance(said, BaseException):
        said = said.args[0] if said.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def as_ours(error: Exception, access: ImapAccess) -> ImapError:
    """Say a foreign error in our words: which of our errors the caller can do something about."""
    return next(say(error, access) for kinds, say in OURS if isinstance(error, kinds))


def _hung_up(error: Exception, access: ImapAccess) -> ImapError:
    """imaplib aborts when the line is cut, on BYE, and when it understands nothing any more."""
    # imaplib wraps it once more where it waited for the end of a command.
    words = IN_COMMAND.sub("", words_of(error))
    if words.startswith("unexpected"):
        return ProtocolBroken(access.host, "an answer could not be read")
    if not words or words.startswith("socket error"):
        return ConnectionLost(access.host)
    return TooManyConnections(access.host, words) if says_full("", words) else ConnectionLost(access.host, f'said goodbye ("{words}")')


def _no_login(error: foreign.LoginError, access: ImapAccess) -> ImapError:
    # What went wrong inside a login is one level down; `login` sorts what the server said itself.
    below = error.__context__
    return _hung_up(below, access) if isinstance(below, imaplib.IMAP4.abort) else LoginRefused(access.host, access.user, words_of(below or error))


def _no_greeting(error: Exception, access: ImapAccess) -> ImapError:
    words = words_of(error)
    _, bye, rest = words.partition("* BYE ")
    if bye:
        return TooManyConnections(access.host, rest) if says_full("", rest) else ConnectionLost(access.host, f'said goodbye ("{rest}")')
    if words == "refused STARTTLS":
        return EncryptionRequired(access.host, words)
    return ProtocolBroken(access.host, "the greeting was none")


def _socket_words(error: OSError, access: ImapAccess) -> str:
    match error:
        case socket.gaierror():
            return "is no host that can be found"
        case ConnectionRefusedError():
            return "is not listening (connection refused)"
        case TimeoutError():
            return f"did not answer within {access.connect_seconds:g} s"
        case ConnectionError():
            return "hung up at once"
        case _:
            return f"cannot be reached ({error.strerror or type(error).__name__})"


OURS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Any, ImapAccess], ImapError]], ...] = (
    (ssl.SSLCertVerificationError, certificate_refused),
    (ssl.SSLError, tls_failed),
    (ProxyFailed, lambda error, access: ProxyUnusable(str(access.proxy), access.host, str(error))),
    (OSError, lambda error, access: Unreachable(access.host, access.port, _socket_words(error, access))),
    (UnicodeDecodeError, lambda _, access: ProtocolBroken(access.host, "an answer could not be read")),
    (UnicodeError, lambda _, access: LoginRefused(access.host, access.user, "this server takes ASCII letters only")),
    (foreign.LoginError, _no_login),
    (foreign.CapabilityError, lambda _, access: EncryptionRequired(access.host, "offers no STARTTLS")),
    (imaplib.IMAP4.abort, _hung_up),
    (
        (foreign.IllegalStateError, foreign.InvalidCriteriaError, imaplib.IMAP4.readonly),
        lambda error, access: CommandRefused(access.host, "a command", str(error)),
    ),
    (foreign.ProtocolError, lambda _, access: ProtocolBroken(access.host, "an answer could not be read")),
    (Exception, _no_greeting),
)
"""First match wins: the special before the general."""
