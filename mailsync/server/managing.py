"""What admins, and leaders within their part of the team, do about members."""

import asyncio
import contextlib
import pwd
from functools import partial

import msgspec

from mailsync.link import people_protocol as p
from mailsync.link.address import Invitation
from mailsync.link.protocol import AddMemberRequest, MemberAdded
from mailsync.server.calls import Call
from mailsync.server.certificates import certificate_name
from mailsync.server.errors import MalformedCall, NotThere, NotYours
from mailsync.server.leaving import change_and_list
from mailsync.server.own_account import shown
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import InboxRole, Member, stands_over
from store.settings.checks import is_network
from store.team.errors import NoSuchMember
from store.team.invitations import open_until
from store.team.values import Invited

LONGEST_NAME = 200
MOST_NAMES = 100
"""Networks or certificates of one member."""


async def add_member(call: Call) -> MemberAdded:
    """A new member and their invitation.

    Raises:
        MalformedCall: No name, an inbox that is not there, a Unix account that is not there.
        MemberExists, BadMemberName, MemberMisfit: as they say.
    """
    said = call.said(AddMemberRequest)
    _check(call, said.name, said.inboxes, said.roles)
    uid = await asyncio.to_thread(_uid_of, said.unix_user) if said.unix_user is not None else None
    invited = await call.house.desk.people.add(
        said.name,
        key=said.key,
        role=said.role,
        inboxes=said.inboxes,
        unix_uid=uid,
        ends_at=said.ends_at,
        roles=said.roles,
        by=call.caller.known.key,
        place=call.caller.place,
    )
    return _added(call, invited)


async def change_member(call: Call) -> p.MemberDetails:
    """How a member is from now on.

    Raises:
        NoSuchMember, LastAdmin, MemberMisfit, MalformedCall: as they say.
    """
    said, key = call.said(p.MemberChange), MemberKey(call.path("key"))
    _check(call, said.name, said.inboxes, said.roles)
    wanted = Member(key, said.name.strip(), said.role, said.inboxes, ends_at=said.ends_at, roles=said.roles)
    lost = await change_and_list(call, wanted)
    return msgspec.structs.replace(await member_details(call), lost=lost)


async def member_details(call: Call) -> p.MemberDetails:
    """A member, and what lets them in.

    Raises:
        NoSuchMember: There is none.
    """
    people, member = call.house.desk.people, _member(call)
    doors = await people.access.doors()
    until = await call.house.desk.ask(partial(open_until, key=member.key, now=call.house.clock.now()))
    return p.MemberDetails(
        member=member,
        has_password=await people.password_hash(member.key) is not None,
        second_factor=member.key in doors.second_factors,
        networks=doors.networks.get(member.key, ()),
        certificates=doors.certificates_of(member.key),
        sessions=len(await people.sessions.of(member.key)),
        invited_until=until,
    )


async def invite_again(call: Call) -> MemberAdded:
    """Another invitation instead of the open one.

    Raises:
        NoSuchMember: Nobody of that key, or they left and are not asked back.
    """
    said = call.said(p.InviteAgain)
    people, key = call.house.desk.people, MemberKey(call.path("key"))
    invited = await people.invite_again(key, call.caller.known.key, reset=said.reset, back=said.back, place=call.caller.place)
    call.house.gate.look()
    return _added(call, invited)


async def uninvite(call: Call) -> p.Ended:
    """Take a member's open invitation back."""
    member = _member(call)
    return p.Ended(await call.house.desk.people.uninvite(member.key, call.caller.known.key, call.caller.place))


async def allow_networks(call: Call) -> None:
    """From where a member may call.

    Raises:
        MalformedCall: One is no network.
    """
    networks = call.said(p.Networks).networks
    for text in networks[:MOST_NAMES]:
        if not is_network(text):
            raise MalformedCall(f"`{text}` is no network such as 192.0.2.0/24 or 2001:db8::/32.")
    await call.house.desk.people.access.allow(_member(call).key, networks[:MOST_NAMES], call.caller.known.key, call.caller.place)


async def bind_certificates(call: Call) -> p.CertificateNames:
    """Whose a client certificate is.

    Raises:
        MalformedCall: A name is neither a fingerprint nor a subject.
        CertificateTaken: It is somebody else's.
    """
    names = []
    for text in call.said(p.CertificateNames).names[:MOST_NAMES]:
        if (name := certificate_name(text)) is None:
            raise MalformedCall(f"`{text}` is neither a SHA-256 fingerprint nor `subject:CN=…`.")
        names.append(name)
    await call.house.desk.people.access.bind(_member(call).key, names, call.caller.known.key, call.caller.place)
    return p.CertificateNames(tuple(names))


async def sessions_of(call: Call) -> list[p.SessionInfo]:
    """The open sessions of a colleague who is not above the caller."""
    member = _below(call)
    return shown(await call.house.desk.people.sessions.of(member.key), call.caller.session_id)


async def end_session_of(call: Call) -> p.Ended:
    """End one of them, by the beginning of its id.

    Raises:
        NotThere: None of theirs is called so, or several.
    """
    member, sessions = _below(call), call.house.desk.people.sessions
    if not await sessions.end(member.key, call.path("session_id"), call.caller.known.key, call.caller.place):
        raise NotThere("No session of theirs, or more than one, is called so.")
    call.house.gate.look()
    return p.Ended(1)


async def end_sessions_of(call: Call) -> p.Ended:
    """End all of them."""
    member = _below(call)
    count = await call.house.desk.people.sessions.end_all(member.key, call.caller.known.key, but=call.caller.session_id, place=call.caller.place)
    call.house.gate.look()
    return p.Ended(count)


def _member(call: Call) -> Member:
    key = MemberKey(call.path("key"))
    member = call.house.desk.people.member(key)
    if member is None:
        raise NoSuchMember(key)
    return member


def _below(call: Call) -> Member:
    member, me = _member(call), call.caller.known
    if member.key != me.key and not stands_over(me, member):
        raise NotYours("This member is above you, or works where you do not lead.")
    return member


def _added(call: Call, invited: Invited) -> MemberAdded:
    invitation = Invitation(call.house.door.url, invited.secret, call.house.door.fingerprint)
    return MemberAdded(invited.member, invitation.encode(), invited.expires_at)


def _check(call: Call, name: str, inboxes: tuple[InboxKey, ...], roles: tuple[InboxRole, ...]) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise MalformedCall("A member needs a name.")
    known = call.house.offers.inbox_keys()
    for inbox in (*inboxes, *(one.inbox for one in roles)):
        if inbox not in known:
            raise MalformedCall(f"There is no inbox `{inbox}`; there are: {', '.join(known) or 'none'}.")


def _uid_of(unix_user: str) -> int:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(unix_user).pw_uid
    raise MalformedCall(f"There is no Unix account {unix_user!r} on the server's machine.")
