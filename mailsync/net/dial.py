"""A connected socket to a host: its addresses race each other, so that a dead one holds nobody up (RFC 8305), through a proxy if one is named."""

import errno
import os
import select
import socket
import time
from collections import deque
from collections.abc import Sequence
from itertools import chain, zip_longest

from mailsync.net.proxy import ProxyFailed, pass_through
from store.settings.proxies import Proxy

HEAD_START_SECONDS = 0.25
"""RFC 8305 5: how long one address has before the next is tried beside it."""

Address = tuple[int, tuple[object, ...]]
"""Family and socket address, as getaddrinfo gives them."""


def dial(host: str, port: int, *, seconds: float, proxy: Proxy | None = None) -> socket.socket:
    """Connect; the socket has `seconds` as its time-out, counted anew for each read.

    Raises:
        ProxyFailed: There is a proxy, and it is not reached or gives no way through.
        OSError: Name unknown (gaierror), nobody listens, no answer in time (TimeoutError).
    """
    if proxy is None:
        return _connected(bare(host), port, seconds)
    try:
        sock = _connected(bare(proxy.host), proxy.port, seconds)
    except OSError as error:
        raise ProxyFailed("is not reached") from error
    try:
        pass_through(sock, proxy, bare(host), port)
    except UnicodeError as error:
        sock.close()
        raise _no_name() from error
    except ProxyFailed:
        sock.close()
        raise
    except OSError as error:
        sock.close()
        raise ProxyFailed("did not answer in time" if isinstance(error, TimeoutError) else "hung up") from error
    return sock


def bare(host: str) -> str:
    """The host as sockets and certificates write it: an IPv6 address without its brackets."""
    return host.removeprefix("[").removesuffix("]")


def _connected(host: str, port: int, seconds: float) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise _no_name() from error
    sock = _first_to_answer(in_turns([(family, address) for family, _, _, _, address in found]), seconds)
    sock.settimeout(seconds)
    # A command and its answer are small: none may wait for the acknowledgement of the one before (RFC 896).
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _no_name() -> socket.gaierror:
    """A text that can be no host's name, such as one with two full stops in a row."""
    return socket.gaierror(socket.EAI_NONAME, "no host name")


def in_turns(addresses: Sequence[Address]) -> list[Address]:
    """The addresses by turns of their family, the resolver's first choice first (RFC 8305 4)."""
    families = list(dict.fromkeys(family for family, _ in addresses))
    by_family = [[each for each in addresses if each[0] == family] for family in families]
    return [each for each in chain.from_iterable(zip_longest(*by_family)) if each is not None]


def _first_to_answer(addresses: Sequence[Address], seconds: float) -> socket.socket:
    waiting = deque(addresses)
    racing: dict[int, socket.socket] = {}
    poll = select.poll()
    failure: OSError = TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    deadline = time.monotonic() + seconds
    try:
        while (waiting or racing) and (left := deadline - time.monotonic()) > 0:
            if waiting:
                failure = _enter(waiting.popleft(), racing, poll) or failure
            for fd, _ in poll.poll(1000 * (min(left, HEAD_START_SECONDS) if waiting else left)) if racing else ():
                code = racing[fd].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not code:
                    return racing.pop(fd)
                poll.unregister(fd)
                racing.pop(fd).close()
                failure = OSError(code, os.strerror(code))
        if racing:
            raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        raise failure
    finally:
        for sock in racing.values():
            sock.close()


def _enter(address: Address, racing: dict[int, socket.socket], poll: select.poll) -> OSError | None:
    """Begin to connect; the error if this address cannot even be tried."""
    family, place = address
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        return error  # a machine without IPv6 knows no such sockets
    sock.setblocking(False)
    code = sock.connect_ex(place)
    if code not in {0, errno.EINPROGRESS}:
        sock.close()
        return OSError(code, os.strerror(code))
    racing[sock.fileno()] = sock
    poll.register(sock, select.POLLOUT)
    return None
