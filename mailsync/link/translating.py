"""What `aiohttp`, ssl and the system raise, as errors of ours. Apart from these, for whoever catches them needs no HTTP client."""

import os
import ssl

import aiohttp

from mailsync.link.errors import ServerAway, ServerNotTrusted, ServerStrange
from store.errors import MadoError


def translate(error: BaseException, where: str) -> MadoError:
    """The error of ours for one of aiohttp's, of ssl's or of the system's."""
    if isinstance(error, aiohttp.ServerFingerprintMismatch):
        return ServerNotTrusted(where, "its certificate is not the one of the invitation")
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        # A port that speaks no TLS at all ends here as well; the words of OpenSSL say which it was.
        return ServerNotTrusted(where, _tls_words(error))
    if isinstance(error, TimeoutError):
        return ServerAway(where, "no answer in time")
    if isinstance(error, (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError)):
        return ServerAway(where, _words(error))
    if isinstance(error, (aiohttp.ClientError, ValueError)):
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
