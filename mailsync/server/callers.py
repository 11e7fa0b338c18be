"""Finding out who calls: a session's secret, or the Unix account at the other end of a socket."""

import ipaddress
import socket
import struct
from typing import Protocol, cast

from aiohttp import web

from mailsync.server.authorise import Caller, Transport
from mailsync.server.errors import WhoAreYou
from store.team.people import People

LONGEST_SECRET = 256

_UCRED = "3i"
_XUCRED = "=IIh16I"
_LOCAL_PEERCRED = 1


class PeerSocket(Protocol):
    """What is asked of a socket; uvloop's is not a `socket.socket`."""

    family: int

    def getsockopt(self, level: int, name: int, length: int, /) -> bytes:
        """As of a socket."""
        ...


async def caller_of(request: web.Request, people: People) -> Caller:
    """Who calls; a caller without credentials is nobody, which is enough for ENTER.

    Raises:
        WhoAreYou: Credentials were shown that open nothing.
    """
    transport = transport_of(request)
    given = request.headers.get("Authorization")
    if given is not None:
        kind, _, secret = given.partition(" ")
        owner = await people.session(secret.strip()) if kind.lower() == "bearer" and len(secret) <= LONGEST_SECRET else None
        if owner is None:
            raise WhoAreYou("This session is unknown or has ended: join with an invitation, or log in again.")
        return Caller(owner.member, transport, owner.session_id)
    if transport is Transport.UNIX:
        uid = peer_uid(_socket_of(request))
        member = await people.member_of_uid(uid) if uid is not None else None
        return Caller(member, transport)
    return Caller(None, transport)


def transport_of(request: web.Request) -> Transport:
    """How the call came."""
    if request.transport is None:
        return Transport.OPEN
    if request.transport.get_extra_info("ssl_object") is not None:
        return Transport.TLS
    if _socket_of(request).family == socket.AF_UNIX:
        return Transport.UNIX
    peer = request.transport.get_extra_info("peername")
    return Transport.LOOPBACK if peer and ipaddress.ip_address(str(peer[0]).split("%")[0]).is_loopback else Transport.OPEN


def peer_uid(peer: PeerSocket) -> int | None:
    """The user id of the process at the other end, as the kernel says it; None where it cannot."""
    if hasattr(socket, "SO_PEERCRED"):
        found = struct.unpack(_UCRED, peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize(_UCRED)))
        uid = int(found[1])
        return uid if uid >= 0 else None
    # The BSDs and macOS: struct xucred, level SOL_LOCAL (0).
    raw = peer.getsockopt(0, _LOCAL_PEERCRED, struct.calcsize(_XUCRED))
    return int(struct.unpack_from("=II", raw)[1])


def _socket_of(request: web.Request) -> PeerSocket:
    if request.transport is None:
        raise WhoAreYou("The line is gone.")
    return cast("PeerSocket", request.transport.get_extra_info("socket"))
