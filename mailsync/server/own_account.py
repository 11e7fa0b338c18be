"""What members do about themselves: their sessions, their password, their second factor."""

import os
from datetime import timedelta

from mailsync.link import people_protocol as p
from mailsync.server.authorise import Transport
from mailsync.server.calls import Call
from mailsync.server.entering import refuse_bad
from mailsync.server.errors import MalformedCall, NotThere, WhoAreYou, WrongCode
from mailsync.server.second_factor import check_code, factor_limits, name_of, new_codes, step_of
from mailsync.server.tries import a_try
from store.domain.guessing import FREE_AT_PAIR, Limit
from store.domain.ids import MemberKey
from store.domain.totp import SECRET_BYTES, app_uri, base32
from store.team.sessions import SessionRow

HOUSE = "madoguchi"
"""What the app shows a code under."""
FIRST_PASSWORD_WITHIN = timedelta(minutes=10)
"""A session this young came straight from an invitation: it may set a first password. An older one may have been stolen."""


def shown(rows: tuple[SessionRow, ...], current: str) -> list[p.SessionInfo]:
    """Sessions as they are told."""
    return [
        p.SessionInfo(row.session_id, row.terminal, row.created_at, row.last_used_at, row.ends_at, row.place, row.how, row.session_id == current)
        for row in rows
    ]


async def own_sessions(call: Call) -> list[p.SessionInfo]:
    """The caller's open sessions."""
    return shown(await call.house.desk.people.sessions.of(call.caller.known.key), call.caller.session_id)


async def end_own_session(call: Call) -> p.Ended:
    """End one of one's sessions, by the beginning of its id.

    Raises:
        NotThere: None of one's own is called so, or several.
    """
    me, sessions = call.caller.known.key, call.house.desk.people.sessions
    if not await sessions.end(me, call.path("session_id"), me, call.caller.place):
        raise NotThere("No session of yours, or more than one, is called so.")
    call.house.gate.look()
    return p.Ended(1)


async def end_other_sessions(call: Call) -> p.Ended:
    """End every session of one's own but this one."""
    me = call.caller.known.key
    count = await call.house.desk.people.sessions.end_all(me, me, but=call.caller.session_id, place=call.caller.place)
    call.house.gate.look()
    return p.Ended(count)


async def change_password(call: Call) -> p.Ended:
    """Set one's own password; every other session ends, and how many did is the answer.

    Raises:
        WhoAreYou: The old one is wrong, or is missing.
        MalformedCall: The new one is a bad one.
        TooMany: Too many wrong ones.
    """
    said, house, member = call.said(p.NewPassword), call.house, call.caller.known
    await _show_password(call, said.old)
    refuse_bad(house, member, said.new)
    if said.old is not None and said.old == said.new:
        raise MalformedCall("The new password is the old one.")
    kept = await house.passwords.hash(said.new, familiar=True)
    count = await house.desk.people.set_password(member.key, kept, session=call.caller.session_id, place=call.caller.place)
    house.gate.look()
    return p.Ended(count)


async def second_factor(call: Call) -> p.FactorState:
    """How it stands with one's second factor."""
    member, factors = call.caller.known, call.house.desk.people.factors
    factor = await factors.of(member.key)
    required = call.house.trust.asks_second_factor(member)
    return p.FactorState(factor is not None and factor.confirmed, required, await factors.codes_left(member.key))


async def begin_second_factor(call: Call) -> p.FactorBegun:
    """Make a secret for an authenticator app; it counts once a code of it was shown.

    Raises:
        WhoAreYou: The password is wrong, or there is none.
        MalformedCall: One is on already.
    """
    house, key = call.house, call.caller.known.key
    await _show_password(call, call.said(p.PasswordShown).password)
    secret = os.urandom(SECRET_BYTES)
    if not await house.desk.people.factors.begin(key, house.sealing.seal(secret, name_of(key))):
        raise MalformedCall("A second factor is on already; turn it off first.")
    return p.FactorBegun(base32(secret), app_uri(secret, key, HOUSE))


async def confirm_second_factor(call: Call) -> p.RecoveryCodes:
    """Show a code of the new secret: it is on from now on, and other sessions end.

    Raises:
        NotThere: None was begun.
        WrongCode: It is wrong.
    """
    house, key = call.house, call.caller.known.key
    factor = await house.desk.people.factors.of(key)
    if factor is None or factor.confirmed:
        raise NotThere("No second factor is being set up.")
    async with a_try(house, factor_limits(key), key, call.caller.place):
        step, codes = step_of(house, key, factor, call.said(p.CodeShown).code), new_codes()
        ended = None
        if step is not None:
            ended = await house.desk.people.factors.confirm(key, step, codes, session=call.caller.session_id, place=call.caller.place)
        if ended is None:
            raise WrongCode("This code is wrong: look at the clock of the phone, and of the server.")
    house.desk.people.sessions.forget(ended)
    house.desk.people.access.forget()
    house.gate.look()
    return p.RecoveryCodes(codes)


async def end_second_factor(call: Call) -> None:
    """Turn it off; password and a code are asked for once more.

    Raises:
        WhoAreYou, WrongCode: One of them is wrong.
    """
    said, house, key = call.said(p.PasswordShown), call.house, call.caller.known.key
    await _show_password(call, said.password)
    await check_code(house, key, said.code, call.caller.place)
    await house.desk.people.factors.drop(key, key, call.caller.place)
    house.desk.people.access.forget()


async def renew_recovery_codes(call: Call) -> p.RecoveryCodes:
    """Other recovery codes instead of those there are.

    Raises:
        CodeNeeded: The code is wrong.
        NotThere: There is no second factor.
    """
    house, key = call.house, call.caller.known.key
    if not await check_code(house, key, call.said(p.CodeShown).code, call.caller.place):
        raise NotThere("No second factor is on.")
    codes = new_codes()
    await house.desk.people.factors.renew_codes(key, codes, call.caller.place)
    return p.RecoveryCodes(codes)


async def _show_password(call: Call, password: str | None) -> None:
    """Return if the caller has shown their own password once more, or may do without.

    Raises:
        WhoAreYou: It is wrong or missing.
        TooMany: Too many wrong ones.
    """
    house, key = call.house, call.caller.known.key
    kept = await house.desk.people.password_hash(key)
    if kept is None and _comes_straight_in(call):
        return
    async with a_try(house, _own_limits(key), key, call.caller.place):
        if password is None or not await house.passwords.matches(kept, password, familiar=True):
            raise WhoAreYou(
                "Your password is needed, and this is not it." if kept is not None else "You have no password: ask an admin for a new invitation."
            )


def _own_limits(key: MemberKey) -> tuple[Limit, ...]:
    # Only somebody with a session gets here: a place of their own choosing must not give them more tries.
    return (Limit(f"own:{key}", FREE_AT_PAIR, cleared=True),)


def _comes_straight_in(call: Call) -> bool:
    if call.caller.transport is Transport.UNIX and not call.caller.session_id:
        return True
    opened_at = call.caller.opened_at
    return opened_at is not None and call.house.clock.now() - opened_at <= FIRST_PASSWORD_WITHIN
