"""Joining, logging in, and who one is."""

import asyncio

from mailsync.link.protocol import Joined, JoinRequest, LoginRequest, Me
from mailsync.server.authorise import Transport
from mailsync.server.calls import Call
from mailsync.server.errors import MalformedCall, NotThere, NotYours, WhoAreYou
from mailsync.server.handing_out import note_handed_out
from mailsync.server.house import House
from mailsync.server.second_factor import check_code
from mailsync.server.tries import a_try
from store.domain.guessing import LONGEST_NAME, limits_of_login, limits_of_place
from store.domain.ids import InboxKey, MemberKey
from store.domain.password_rules import bad_password
from store.domain.people import Member
from store.team.audit import head as newest_entry
from store.team.errors import InvitationSpent, NoSuchMember
from store.team.values import Entered

LONGEST_TERMINAL = 200
NOT_TOGETHER = "Member and password do not belong together."


async def join(call: Call) -> Joined:
    """Use an invitation.

    Raises:
        NotYours: It opens nothing.
        MalformedCall: The password is a bad one; the invitation stays good.
        CodeNeeded: The member has a second factor already, and must show it.
        TooMany: Too many were tried from there.
    """
    said, house, place = call.said(JoinRequest), call.house, call.caller.place
    async with a_try(house, limits_of_place(place), MemberKey(""), place):
        try:
            entered = await _use(call, said)
        except InvitationSpent as error:
            raise NotYours(str(error)) from error
    return await _joined(call, entered)


async def _use(call: Call, said: JoinRequest) -> Entered:
    house, place = call.house, call.caller.place
    member = await house.desk.people.invited(said.invitation)
    if member is None:
        raise InvitationSpent
    if said.password is not None:
        refuse_bad(house, member, said.password)
    await check_code(house, member.key, said.code, place)
    kept = await house.passwords.hash(said.password, familiar=True) if said.password is not None else None
    return await house.desk.people.join(said.invitation, said.terminal[:LONGEST_TERMINAL], kept, place=place)


async def login(call: Call) -> Joined:
    """A new session for a password.

    Raises:
        WhoAreYou: Name and password do not belong together; which of the two is wrong is not said.
        CodeNeeded: They do, and a code is needed as well.
        TooMany: Too many were tried.
    """
    said, house, place = call.said(LoginRequest), call.house, call.caller.place
    people, key = house.desk.people, MemberKey(said.member[:LONGEST_NAME])
    known = await people.familiar(key, said.device, place)
    async with a_try(house, limits_of_login(key, place, device=known.device, known_place=known.place), key, place):
        kept = await people.password_hash(key)
        if not await house.passwords.matches(kept, said.password, familiar=known.device is not None):
            raise WhoAreYou(NOT_TOGETHER)
        how = "second_factor" if await check_code(house, key, said.code, place) else "password"
        device = said.device if known.device is not None else None
        try:
            entered = await people.open_session(key, said.terminal[:LONGEST_TERMINAL], place=place, how=how, device=device)
        except NoSuchMember as error:
            raise WhoAreYou(NOT_TOGETHER) from error
    return await _joined(call, entered)


def refuse_bad(house: House, member: Member, password: str) -> None:
    """Return if this may become the member's password.

    Raises:
        MalformedCall: It is a bad one.
    """
    if (
        problem := bad_password(password, (member.key, member.name, *(one for of_inbox in house.addresses.values() for one in of_inbox), "madoguchi"))
    ) is not None:
        raise MalformedCall(problem)


async def _joined(call: Call, entered: Entered) -> Joined:
    house, member = call.house, entered.member
    doors = await house.desk.people.access.doors()
    unfinished = house.trust.asks_second_factor(member) and member.key not in doors.second_factors
    # Who has not shown all that their role must show, or calls from where they may not, is told no password.
    by_socket = call.caller.transport is Transport.UNIX
    inside = house.trust.takes_member(member, call.caller.place, doors, by_socket=by_socket)
    transport = call.caller.transport if inside and not unfinished else Transport.OPEN
    offers = await asyncio.to_thread(house.offers.for_member, member, transport)
    await note_handed_out(house, member, offers)
    return Joined(member, entered.session, offers, entered.device, unfinished, house.offers.waiting_steps)


async def me(call: Call) -> Me:
    """Who the caller is."""
    member = call.caller.known
    mine = tuple(key for key in call.house.offers.inbox_keys() if not member.inboxes or key in member.inboxes)
    head = await call.house.desk.ask(newest_entry)
    return Me(member, call.house.desk.epoch, call.house.desk.seq, call.house.clock.now(), mine, log_head=str(head))


async def hint(call: Call) -> None:
    """There may be new mail in an inbox.

    Raises:
        NotThere: There is no such inbox.
    """
    inbox = InboxKey(call.path("inbox"))
    if inbox not in call.house.offers.inbox_keys():
        raise NotThere("There is no such inbox.")
    call.house.hint(inbox)
