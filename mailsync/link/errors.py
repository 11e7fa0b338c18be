"""Everything that can go wrong between a client and the team's server.

    MadoError
    ├── CannotReach                     3
    │   ├── ServerAway                  nothing answers there, or the line broke; queued work waits for its return
    │   │   ├── ServerBusy              429 or 503: it is there, but not now
    │   │   └── OwnServerFailed         the desk's own server did not start
    │   ├── ServerNotTrusted            TLS: its certificate is not the one of the invitation, or not valid
    │   └── ServerStrange               something answers, but not as this version of mado understands
    ├── NotPermitted                    4
    │   ├── SessionEnded                401: join or log in again
    │   ├── PasswordRefused             a login with a wrong name or password
    │   ├── ServerForbids               403
    │   └── InvitationRefused           not an invitation, used up, or too old
    ├── BadInput                        5
    │   ├── AddressWrong                a server's address that cannot be used
    │   └── RequestRefused              400, 404, 413: the server cannot use what was sent
    └── EpochChanged                    409: the server was restored from a backup; the mirror must be loaded anew

`aiohttp`'s errors become these in `translate`; a test walks its tree.
"""

import os
import ssl

import aiohttp

from store.errors import BadInput, CannotReach, MadoError, NotPermitted


class ServerAway(CannotReach):
    """The server does not answer. What was asked may have been done if the line broke after it was sent: ask again with the same key."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"the server at {where} cannot be reached: {why}", where=where, why=why)


class ServerBusy(ServerAway):
    """429 or 503: it answers, but takes no calls now."""


class OwnServerFailed(ServerAway):
    """The desk's own server (a home without `[server]`) did not start."""


class ServerNotTrusted(CannotReach):
    """TLS: this may be somebody else's server. Nothing was sent to it."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"the server at {where} is not trusted: {why}; if its certificate was renewed, ask for a new invitation, or set `server.ca_file`",
            where=where,
            why=why,
        )


class ServerStrange(CannotReach):
    """What answers there does not speak as this version of mado does."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"what answers at {where} is no madoguchi server of this version: {why}", where=where, why=why)


class SessionEnded(NotPermitted):
    """401: the server does not know this session, or no longer."""

    def __init__(self, where: str, why: str = "") -> None:
        detail = f" ({why})" if why else ""
        super().__init__(f"the server at {where} does not know who calls{detail}; `mado login`, or join with a new invitation", where=where, why=why)


class PasswordRefused(NotPermitted):
    """Name or password is wrong; the server does not say which."""

    def __init__(self, where: str, member: str) -> None:
        super().__init__(f"the server at {where} does not take this name ({member}) and password", where=where, member=member)


class ServerForbids(NotPermitted):
    """403: this member may not do that."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"the server at {where} does not allow it: {why}", where=where, why=why)


class InvitationRefused(NotPermitted):
    """An invitation that opens nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this invitation cannot be used: {why}; ask for a new one (`mado member add` at the server)", why=why)


class AddressWrong(BadInput):
    """A server's address nobody can call."""

    def __init__(self, text: str, problem: str) -> None:
        super().__init__(f"`{text}` {problem}; a server is http://HOST:PORT, https://HOST[:PORT] or unix:/PATH", text=text, problem=problem)


class RequestRefused(BadInput):
    """400, 404 or 413: the server cannot use what was sent. `error` is its word for it."""

    def __init__(self, where: str, error: str, why: str) -> None:
        super().__init__(f"the server at {where} cannot use this request: {why}", where=where, error=error, why=why)
        self.error = error


class EpochChanged(MadoError):
    """409: another epoch than the mirror's."""

    def __init__(self, where: str) -> None:
        super().__init__(f"the server at {where} was restored from a backup; the local mirror must be loaded anew", where=where)


LinkError = (ServerAway, ServerNotTrusted, ServerStrange, SessionEnded, ServerForbids, InvitationRefused, RequestRefused, EpochChanged)
"""All that a call to a server raises, for `except`."""

_AWAY: tuple[type[BaseException], ...] = (
    aiohttp.ClientConnectionError,
    aiohttp.ClientPayloadError,
    TimeoutError,
    OSError,
)
_STRANGE: tuple[type[BaseException], ...] = (aiohttp.ClientError, ValueError)


def translate(error: BaseException, where: str) -> MadoError:
    """The error of ours for one of aiohttp's, of ssl's or of the system's."""
    if isinstance(error, aiohttp.ServerFingerprintMismatch):
        return ServerNotTrusted(where, "its certificate is not the one of the invitation")
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        # A port that speaks no TLS at all ends here as well; the words of OpenSSL say which it was.
        return ServerNotTrusted(where, _tls_words(error))
    if isinstance(error, TimeoutError):
        return ServerAway(where, "no answer in time")
    if isinstance(error, _AWAY):
        return ServerAway(where, _words(error))
    if isinstance(error, _STRANGE):
        return ServerStrange(where, _words(error))
    raise TypeError(f"{type(error).__name__} is no error of a connection") from error


def _tls_words(error: BaseException) -> str:
    inner: BaseException = error
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        inner = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        inner = error.os_error
    # OpenSSL sets these two, Python's own constructor does not.
    return str(getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or "its certificate is not valid")


def _words(error: BaseException) -> str:
    """Short and without the request: aiohttp's own texts may carry headers."""
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(inner, OSError) and inner.errno:
        # Not `strerror`: asyncio writes addresses there.
        return os.strerror(inner.errno)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "it hung up"
    return type(error).__name__
