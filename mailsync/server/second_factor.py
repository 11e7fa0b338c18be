"""Asking for a second factor: a code of the app that works once, or a recovery code; tries are counted by member, wherever they come from."""

import secrets

from mailsync.server.errors import CodeNeeded, WrongCode
from mailsync.server.house import House
from mailsync.server.tries import a_try
from store.domain.guessing import FREE_AT_PAIR, Limit
from store.domain.ids import MemberKey
from store.domain.totp import RECOVERY_BYTES, RECOVERY_CODES, is_totp, matching_step, recovery_code
from store.team.factors import Factor


def factor_limits(key: MemberKey) -> tuple[Limit, ...]:
    """Who is asked for a code knows the password: a place of their own choosing must not give them more tries."""
    return (Limit(f"code:{key}", FREE_AT_PAIR, cleared=True),)


def name_of(key: MemberKey) -> str:
    """What a member's secret is sealed for."""
    return f"totp {key}"


def step_of(house: House, key: MemberKey, factor: Factor, code: str) -> int | None:
    """The time step whose code was shown; None: no code of now."""
    secret = house.sealing.open(factor.sealed, name_of(key))
    return matching_step(secret, code, house.clock.now(), factor.last_step)


async def check_code(house: House, key: MemberKey, code: str | None, place: str) -> bool:
    """Return whether a code was needed, and was right.

    Raises:
        CodeNeeded, WrongCode: It is missing; it is wrong, or was taken before.
        TooMany: Too many wrong ones.
    """
    factor = await house.desk.people.factors.of(key)
    if factor is None or not factor.confirmed:
        return False
    if not code:
        raise CodeNeeded("A code of the authenticator app is needed as well.")
    async with a_try(house, factor_limits(key), key, place):
        if not await _is_right(house, key, factor, code, place):
            raise WrongCode("This code is wrong, or was used already.")
    return True


async def _is_right(house: House, key: MemberKey, factor: Factor, code: str, place: str) -> bool:
    factors = house.desk.people.factors
    if not is_totp(code):
        return await factors.use_code(key, code, place)
    step = step_of(house, key, factor, code)
    return step is not None and await factors.use_step(key, step)


def new_codes() -> tuple[str, ...]:
    """Recovery codes to hand over once."""
    return tuple(recovery_code(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))
