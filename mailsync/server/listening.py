"""Where the server takes calls: its own socket always, a shared socket or a TCP port when asked; never a port that others could read along."""

import errno
import hashlib
import ipaddress
import os
import shutil
import socket
import ssl
import stat
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from mailsync.server.errors import CannotListen, ListenRefused

DEFAULT_PORT = 8642
OWN_SOCKET = "desk.sock"
OWN_SOCKET_MODE = 0o600
SHARED_SOCKET_MODE = 0o660
BACKLOG = 1024
CIPHERS_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Forward secrecy and authenticated encryption only (RFC 9325 4.2)."""


@dataclass(frozen=True)
class TcpPlace:
    """A host, a port (0: any that is free), and the certificate, if any, as PEM files."""

    host: str
    port: int
    tls_cert: Path | None = None
    tls_key: Path | None = None
    client_ca: Path | None = None
    """Who signs the certificates of clients; None: none are asked for."""
    client_must: bool = False
    """Nobody without one gets as far as a call."""


def tcp_place(listen: str, tls_cert: Path | None, tls_key: Path | None) -> TcpPlace:
    """Read `HOST:PORT`, `HOST` or `:PORT`.

    Raises:
        ListenRefused: No such port, half a certificate, or another machine could call without TLS.
    """
    host, colon, port = listen.rpartition(":")
    if not colon or (listen.startswith("[") and listen.endswith("]")):
        host, port = listen, str(DEFAULT_PORT)
    host = host.strip("[]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise ListenRefused(listen, "the port must be a number from 0 to 65535.")
    if (tls_cert is None) != (tls_key is None):
        raise ListenRefused(listen, "TLS needs both `server.tls_cert` and `server.tls_key`.")
    if tls_cert is None and not _is_loopback(host):
        raise ListenRefused(
            listen, "other machines could call, and read passwords along the way: set `server.tls_cert` and `server.tls_key`, or listen on 127.0.0.1."
        )
    return TcpPlace(host, int(port), tls_cert, tls_key)


def is_every_address(host: str) -> bool:
    """Whether the host means every address of this machine, which is no place to call."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def fingerprint_of(place: TcpPlace) -> str | None:
    """The hex SHA-256 of the certificate that a joining member may pin; None without TLS.

    Raises:
        ListenRefused: The certificate cannot be read.
    """
    if place.tls_cert is None:
        return None
    try:
        pem = place.tls_cert.read_text(encoding="ascii")
        first = pem[pem.index("-----BEGIN CERTIFICATE-----") : pem.index("-----END CERTIFICATE-----") + len("-----END CERTIFICATE-----")]
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()
    except (OSError, ValueError) as error:
        raise ListenRefused(str(place.tls_cert), "`server.tls_cert` cannot be read as a PEM certificate.") from error


async def listen_tcp(runner: web.AppRunner, place: TcpPlace) -> str:
    """Take calls there; returns the URL.

    Raises:
        CannotListen: The port is taken, or not ours to take.
        ListenRefused: The certificate cannot be used.
    """
    context = _tls_context(place)
    site = web.TCPSite(runner, place.host, place.port, ssl_context=context, backlog=BACKLOG)
    try:
        await site.start()
    except OSError as error:
        raise CannotListen(f"{place.host}:{place.port}", _words(error)) from error
    port = runner.addresses[-1][1]
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"{'https' if context else 'http'}://{host}:{port}"


def _tls_context(place: TcpPlace) -> ssl.SSLContext | None:
    if place.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # For TLS 1.2; those of 1.3 are good as they are. A key that is lost later opens no line of today.
    context.set_ciphers(CIPHERS_1_2)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    try:
        context.load_cert_chain(place.tls_cert, place.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise ListenRefused(str(place.tls_cert), "certificate and key cannot be used together, or not be read.") from error
    if place.client_ca is not None:
        _ask_for_certificates(context, place.client_ca, must=place.client_must)
    return context


def _ask_for_certificates(context: ssl.SSLContext, client_ca: Path, *, must: bool) -> None:
    try:
        context.load_verify_locations(cafile=str(client_ca))
    except (OSError, ssl.SSLError) as error:
        raise ListenRefused(str(client_ca), "`trust.client_ca` cannot be read as PEM certificates.") from error
    context.verify_mode = ssl.CERT_REQUIRED if must else ssl.CERT_OPTIONAL


async def listen_unix(runner: web.AppRunner, path: Path, mode: int, group: str | None = None) -> str:
    """Take calls on a socket with these rights from its first moment; returns the URL.

    Raises:
        CannotListen: Something is there that is no dead socket, or the path is too long, or the group may not be given it.
    """
    try:
        _clear(path)
        bound = _bound(path, mode, group)
    except LookupError as error:
        raise CannotListen(str(path), f"there is no group {group}") from error
    except OSError as error:
        raise CannotListen(str(path), _words(error)) from error
    await web.SockSite(runner, bound, backlog=BACKLOG).start()
    return f"unix:{path}"


def _bound(path: Path, mode: int, group: str | None) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # A chmod afterwards would leave a moment in which anybody could connect.
    before = os.umask(0o777 & ~mode)
    try:
        made.bind(str(path))
        if group is not None:
            # Nobody can connect before it listens.
            shutil.chown(path, group=group)
    except (OSError, LookupError):
        made.close()
        raise
    finally:
        os.umask(before)
    return made


def _clear(path: Path) -> None:
    """Remove a socket that nobody listens on; a server killed with -9 leaves one."""
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise CannotListen(str(path), "something is there that is no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
    raise CannotListen(str(path), "another server answers there")


def _words(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program listens there already"
    return error.strerror or str(error)
