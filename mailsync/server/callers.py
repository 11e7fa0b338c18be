"""Finding out who calls: a session's secret, a certificate, or the Unix account at the other end of a socket; and from where."""

import ipaddress
import socket
import struct
from dataclasses import replace
from typing import Protocol, cast

from aiohttp import web

from mailsync.server.authorise import Caller, Transport
from mailsync.server.certificates import names_of_peer
from mailsync.server.errors import NoMember, WhoAreYou
from mailsync.server.house import House
from mailsync.server.places import caller_address
from store.domain.people import Member
from store.team.access import Doors

LONGEST_SECRET = 256
OF_A_PROXY = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""Headers that no client of ours sends."""

_UCRED = "3i"
_XUCRED = "=IIh16I"
_LOCAL_PEERCRED = 1


class PeerSocket(Protocol):
    """What is asked of a socket; uvloop's is not a `socket.socket`."""

    family: int

    def getsockopt(self, level: int, name: int, length: int, /) -> bytes:
        """As of a socket."""
        ...


async def caller_of(request: web.Request, house: House) -> Caller:
    """Who calls, and from where; a caller without credentials is nobody, which is enough for ENTER.

    Raises:
        WhoAreYou: Credentials were shown that open nothing.
        NoMember: They are of somebody whose access has ended.
    """
    transport, now = transport_of(request), house.clock.now()
    uid = peer_uid(_socket_of(request)) if transport is Transport.UNIX else None
    place = _place_of(request, house, uid)
    if "Authorization" in request.headers:
        return await _by_session(request, house, transport, place)
    if transport is Transport.UNIX:
        member = await house.desk.people.member_of_uid(uid) if uid is not None and not _is_forwarded(request) else None
        return Caller(member, transport, place=place, at=now)
    doors = await house.desk.people.access.doors()
    member = _by_certificate(request, house, doors)
    return _checked(Caller(member, transport, place=place, at=now), house, doors)


async def _by_session(request: web.Request, house: House, transport: Transport, place: str) -> Caller:
    given = request.headers.getall("Authorization")
    kind, _, secret = given[0].partition(" ")
    people = house.desk.people
    fits = len(given) == 1 and kind.lower() == "bearer" and len(secret) <= LONGEST_SECRET
    owner = await people.session(secret.strip(), place) if fits else None
    if owner is None and fits and (ending := await people.sessions.ending_of(secret.strip())) is not None:
        raise NoMember(ending)
    if owner is None:
        raise WhoAreYou("This session is unknown or has ended: join with an invitation, or log in again.")
    doors = await people.access.doors()
    _needs_certificate(request, owner.member, doors, transport)
    caller = Caller(owner.member, transport, owner.session_id, place, house.clock.now(), opened_at=owner.created_at)
    return _checked(caller, house, doors, by_secret=True)


def _checked(caller: Caller, house: House, doors: Doors, *, by_secret: bool = False) -> Caller:
    """The caller, with what the house and the member's own rules say of them."""
    by_socket = caller.transport is Transport.UNIX
    welcome = house.trust.takes(caller.place, by_socket=by_socket)
    unfinished = False
    if caller.member is not None:
        welcome = welcome and house.trust.takes_member(caller.member, caller.place, doors, by_socket=by_socket)
        unfinished = by_secret and house.trust.asks_second_factor(caller.member) and caller.member.key not in doors.second_factors
    return replace(caller, welcome=welcome, unfinished=unfinished)


def _by_certificate(request: web.Request, house: House, doors: Doors) -> Member | None:
    """The member of the client's certificate; which of its names is bound does not matter."""
    for name in names_of_peer(request):
        key = doors.certificates.get(name)
        if key is not None:
            return house.desk.people.member(key)
    return None


def _needs_certificate(request: web.Request, member: Member, doors: Doors, transport: Transport) -> None:
    """Refuse a session without the certificate that is bound to its member: a token alone was stolen, perhaps.

    Raises:
        WhoAreYou: It is missing, or is somebody else's.
    """
    if transport is Transport.UNIX:
        return
    shown = names_of_peer(request)
    owners = {doors.certificates[name] for name in shown if name in doors.certificates}
    if doors.certificates_of(member.key) and member.key not in owners:
        raise WhoAreYou("This member calls with a certificate, and it was not shown.")
    if owners - {member.key}:
        raise WhoAreYou("The certificate is another member's than the session.")


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


def _place_of(request: web.Request, house: House, uid: int | None) -> str:
    if uid is not None:
        return f"unix:{uid}"
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    header = house.trust.proxy_header
    forwarded = request.headers.getall(header, []) if header else []
    return caller_address(str(peer[0]) if peer else "", forwarded, house.trust.proxies)


def _is_forwarded(request: web.Request) -> bool:
    """Whether a proxy stands between: then the account at the other end of the socket is the proxy's, and everybody would be it."""
    return any(name in request.headers for name in OF_A_PROXY)


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
