"""Second factors: an app's secret, sealed, whose codes work once each; and recovery codes, kept as hashes."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from store.clock import Clock
from store.domain.ids import MemberKey
from store.domain.totp import plain_code
from store.team import people_statements as p
from store.team.connection import Connection
from store.team.rows import run, to_micros, value
from store.team.sessions import end_others
from store.team.trust_facts import note
from store.team.writing import Ask, Write, Written


class Factor(msgspec.Struct, frozen=True):
    """What is kept of one member's. Not `confirmed`: begun, and no code of it was shown yet; it asks for nothing."""

    sealed: str
    confirmed: bool
    last_step: int


class SecondFactors:
    """The factors of everybody; secrets come and go sealed."""

    def __init__(self, clock: Clock, write: Write, ask: Ask) -> None:
        self._clock = clock
        self._write = write
        self._ask = ask

    async def of(self, key: MemberKey) -> Factor | None:
        """A member's factor."""
        rows = await self._ask(lambda connection: run(connection, p.GET_FACTOR, whose=key))
        return Factor(rows[0][0], rows[0][1] is not None, rows[0][2]) if rows else None

    async def codes_left(self, key: MemberKey) -> int:
        """How many recovery codes are unused."""
        return int(str(await self._ask(lambda connection: value(connection, p.CODES_LEFT, whose=key))))

    async def begin(self, key: MemberKey, sealed: str) -> bool:
        """Keep a new secret until a code of it is shown; False: the member has a confirmed one, which stays."""

        def work(connection: Connection) -> Written[bool]:
            rows = run(connection, p.GET_FACTOR, whose=key)
            if rows and rows[0][1] is not None:
                return False, ()
            run(connection, p.PUT_FACTOR, member=key, sealed=sealed, confirmed_at=None, last_step=0)
            return True, ()

        return await self._write(work)

    async def use_step(self, key: MemberKey, step: int) -> bool:
        """Take the code of a time step; False: it, or a later one, was taken before (RFC 6238 5.2)."""

        def work(connection: Connection) -> Written[bool]:
            return bool(run(connection, p.USE_STEP, whose=key, step=step)), ()

        return await self._write(work)

    async def confirm(self, key: MemberKey, step: int, codes: Sequence[str], *, session: str, place: str) -> tuple[str, ...] | None:
        """A code of the new secret was shown: it is asked for from now on, and sessions opened without it end, but this one.

        Returns the hashes of the sessions that were ended; None: the code was taken before, or there was nothing to confirm.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Written[tuple[str, ...] | None]:
            rows = run(connection, p.GET_FACTOR, whose=key)
            if not rows or rows[0][1] is not None or not run(connection, p.USE_STEP, whose=key, step=step):
                return None, ()
            run(connection, p.CONFIRM_FACTOR, whose=key, now_at=to_micros(now))
            _put_codes(connection, key, codes)
            note(connection, now, key, "second_factor_on", place)
            return end_others(connection, key=key, but=session, now=now), ()

        return await self._write(work)

    async def renew_codes(self, key: MemberKey, codes: Sequence[str], place: str) -> None:
        """Other recovery codes instead of those there were."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            _put_codes(connection, key, codes)
            note(connection, now, key, "recovery_codes_renewed", place)
            return None, ()

        await self._write(work)

    async def use_code(self, key: MemberKey, code: str, place: str) -> bool:
        """Use up a recovery code; False: it is none, or was used."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[bool]:
            used = bool(run(connection, p.USE_CODE, whose=key, code=code_sha256(key, code), now_at=to_micros(now)))
            if used:
                note(connection, now, key, "recovery_code_used", place, left=str(value(connection, p.CODES_LEFT, whose=key)))
            return used, ()

        return await self._write(work)

    async def drop(self, key: MemberKey, by: MemberKey, place: str) -> None:
        """No second factor any more."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            drop_factor(connection, key, by, now, place)
            return None, ()

        await self._write(work)


def drop_factor(connection: Connection, key: MemberKey, by: MemberKey, now: datetime, place: str) -> None:
    """The same inside a transaction."""
    if run(connection, p.DROP_FACTOR, whose=key):
        note(connection, now, by, "second_factor_off", place, member=key)
    run(connection, p.DROP_CODES_OF, whose=key)


def code_sha256(key: MemberKey, code: str) -> str:
    """How a recovery code is kept; with the member, so that one code does not look alike at two."""
    return hashlib.sha256(f"{key}\0{plain_code(code)}".encode("utf-8", "surrogatepass")).hexdigest()


def _put_codes(connection: Connection, key: MemberKey, codes: Sequence[str]) -> None:
    run(connection, p.DROP_CODES_OF, whose=key)
    for code in codes:
        run(connection, p.ADD_CODE, member=key, code_sha256=code_sha256(key, code), used_at=None)
