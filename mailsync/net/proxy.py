"""Asks a proxy for a way through: SOCKS5 (RFC 1928, login RFC 1929) and HTTP CONNECT (RFC 9110 9.3.6)."""

import base64
import ipaddress
import re
import socket

from store.settings.proxies import Proxy

NO_LOGIN, BY_PASSWORD, NOTHING_OFFERED = 0, 2, 255
BY_IPV4, BY_NAME, BY_IPV6 = 1, 3, 4
ADDRESS_BYTES = {BY_IPV4: 4, BY_IPV6: 16}
SOCKS_REPLIES = {
    1: "failed",
    2: "does not allow this connection",
    3: "does not reach the network of the mail server",
    4: "does not reach the mail server",
    5: "found nobody listening at the mail server",
    6: "waited too long for the mail server",
    7: "cannot do what is asked",
    8: "cannot do what is asked",
}
"""RFC 1928 6."""
STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})\b")
LONGEST_HEAD_BYTES = 16_384
LONGEST_NAME_BYTES = 255


class ProxyFailed(OSError):
    """The proxy gave no way through; `str()` is the rest of a sentence that begins with the proxy."""


def pass_through(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Make a socket that is connected to the proxy one that is connected to `host`; the name is resolved over there.

    Raises:
        ProxyFailed: It refused, or is none.
        OSError: It hung up, or did not answer in the socket's time.
    """
    if proxy.kind == "socks5":
        _pass_socks(sock, proxy, host, port)
    else:
        _pass_http(sock, proxy, host, port)


def _pass_socks(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    methods = bytes([NO_LOGIN, BY_PASSWORD] if proxy.user else [NO_LOGIN])
    sock.sendall(bytes([5, len(methods)]) + methods)
    version, method = _exactly(sock, 2)
    if version != 5:
        raise ProxyFailed("does not speak SOCKS5")
    if method == BY_PASSWORD and proxy.user:
        user, password = proxy.user.encode(), proxy.password.encode()
        if max(len(user), len(password)) > LONGEST_NAME_BYTES:
            raise ProxyFailed("takes no user or password of that length")
        sock.sendall(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
        if _exactly(sock, 2)[1] != 0:
            raise ProxyFailed("refused its user and password")
    elif method != NO_LOGIN:
        raise ProxyFailed("wants a user and password" if method == NOTHING_OFFERED else "wants a login that is not known here")
    sock.sendall(b"\x05\x01\x00" + _socks_address(host) + port.to_bytes(2, "big"))
    _, reply, _, kind = _exactly(sock, 4)
    if reply:
        raise ProxyFailed(SOCKS_REPLIES.get(reply, "failed"))
    length = ADDRESS_BYTES[kind] if kind in ADDRESS_BYTES else _exactly(sock, 1)[0]
    _exactly(sock, length + 2)


def _socks_address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("idna")
        return bytes([BY_NAME, len(name)]) + name
    return bytes([BY_IPV4 if address.version == 4 else BY_IPV6]) + address.packed


def _pass_http(sock: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    place = f"[{host}]:{port}" if ":" in host else f"{host.encode('idna').decode('ascii')}:{port}"
    login = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode("ascii")
    authorization = f"Proxy-Authorization: Basic {login}\r\n" if proxy.user else ""
    sock.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{authorization}\r\n".encode("ascii"))
    head = bytearray()
    # Byte by byte: what follows the empty line is the mail server's and must stay in the socket.
    while not head.endswith(b"\r\n\r\n"):
        head += _exactly(sock, 1)
        if len(head) > LONGEST_HEAD_BYTES:
            raise ProxyFailed("does not speak HTTP")
    found = STATUS_LINE.match(head)
    if found is None:
        raise ProxyFailed("does not speak HTTP")
    if found[1] == b"407":
        raise ProxyFailed("refused its user and password" if proxy.user else "wants a user and password")
    if not found[1].startswith(b"2"):
        raise ProxyFailed(f"does not allow this connection (HTTP {found[1].decode('ascii')})")


def _exactly(sock: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        piece = sock.recv(count - len(got))
        if not piece:
            raise ProxyFailed("hung up")
        got += piece
    return got
