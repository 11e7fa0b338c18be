"""Joining, logging in, and who one is; members come and go."""

import asyncio
import contextlib
import pwd

from mailsync.link.address import Invitation
from mailsync.link.protocol import AddMemberRequest, Joined, JoinRequest, LoginRequest, Me, MemberAdded
from mailsync.server.calls import Call
from mailsync.server.errors import MalformedCall, NotThere, NotYours, WhoAreYou
from mailsync.server.passwords import LONGEST_PASSWORD
from store.domain.audit import LOGIN, LOGIN_FAILED
from store.domain.ids import InboxKey, MemberKey
from store.team.audit import head as newest_entry
from store.team.errors import InvitationSpent
from store.team.values import Entered

SHORTEST_PASSWORD = 8
LONGEST_NAME = 200


async def join(call: Call) -> Joined:
    """Use an invitation.

    Raises:
        NotYours: It opens nothing.
        TooMany: Too many were tried from there.
    """
    said = call.said(JoinRequest)
    place = f"place {call.request.remote or call.caller.transport}"
    call.house.throttle.check(place)
    if said.password is not None and not SHORTEST_PASSWORD <= len(said.password) <= LONGEST_PASSWORD:
        raise MalformedCall(f"A password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} letters.")
    kept = await call.house.passwords.hash(said.password) if said.password is not None else None
    try:
        entered = await call.house.desk.people.join(said.invitation, said.terminal[:LONGEST_NAME], kept)
    except InvitationSpent as error:
        call.house.throttle.failed(place)
        await call.house.desk.note("", LOGIN_FAILED, where=call.where, facts={"by": "invitation"})
        raise NotYours(str(error)) from error
    return await _joined(call, entered)


async def login(call: Call) -> Joined:
    """A new session for a password.

    Raises:
        WhoAreYou: Name and password do not belong together; which of the two is wrong is not said.
        TooMany: Too many were tried.
    """
    said = call.said(LoginRequest)
    names = (f"place {call.request.remote or call.caller.transport}", f"member {said.member[:LONGEST_NAME]}")
    call.house.throttle.check(*names)
    kept = await call.house.desk.people.password_hash(said.member)
    if not await call.house.passwords.matches(kept, said.password):
        call.house.throttle.failed(*names)
        await call.house.desk.note(said.member[:LONGEST_NAME], LOGIN_FAILED, where=call.where, facts={"by": "password"})
        raise WhoAreYou("Member and password do not belong together.")
    return await _joined(call, await call.house.desk.people.open_session(said.member, said.terminal[:LONGEST_NAME]))


async def _joined(call: Call, entered: Entered) -> Joined:
    await call.house.desk.note(entered.member.key, LOGIN, where=call.where)
    offers = await asyncio.to_thread(call.house.offers.for_member, entered.member, call.caller.transport)
    return Joined(entered.member, entered.session, offers)


async def me(call: Call) -> Me:
    """Who the caller is."""
    member = call.caller.known
    mine = tuple(key for key in call.house.offers.inbox_keys() if not member.inboxes or key in member.inboxes)
    head = await call.house.desk.ask(newest_entry)
    return Me(member, call.house.desk.epoch, call.house.desk.seq, call.house.clock.now(), mine, log_head=str(head))


async def add_member(call: Call) -> MemberAdded:
    """A new member and their invitation.

    Raises:
        MalformedCall: No name, an inbox that is not there, a Unix account that is not there.
        MemberExists, BadMemberName: as they say.
    """
    said = call.said(AddMemberRequest)
    if not said.name.strip() or len(said.name) > LONGEST_NAME:
        raise MalformedCall("A member needs a name.")
    known = call.house.offers.inbox_keys()
    for inbox in said.inboxes:
        if inbox not in known:
            raise MalformedCall(f"There is no inbox `{inbox}`; there are: {', '.join(known) or 'none'}.")
    uid = await asyncio.to_thread(_uid_of, said.unix_user) if said.unix_user is not None else None
    invited = await call.house.desk.people.add(said.name, key=said.key, role=said.role, inboxes=said.inboxes, unix_uid=uid, by=call.caller.known.key)
    invitation = Invitation(call.house.door.url, invited.secret, call.house.door.fingerprint)
    return MemberAdded(invited.member, invitation.encode(), invited.expires_at)


async def deactivate(call: Call) -> None:
    """End a member: sessions and streams at once, leases freed."""
    key = MemberKey(call.path("key"))
    await call.house.desk.people.deactivate(key, call.caller.known.key)
    await call.house.desk.free_leases_of(key)


async def hint(call: Call) -> None:
    """There may be new mail in an inbox.

    Raises:
        NotThere: There is no such inbox.
    """
    inbox = InboxKey(call.path("inbox"))
    if inbox not in call.house.offers.inbox_keys():
        raise NotThere("There is no such inbox.")
    call.house.hint(inbox)


def _uid_of(unix_user: str) -> int:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(unix_user).pw_uid
    raise MalformedCall(f"There is no Unix account {unix_user!r} on the server's machine.")
