"""The do-not-mail list: whom no mailing is sent to, by whose word, and how they asked for it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec

from store.clock import Clock
from store.domain.ids import MemberKey
from store.domain.mailing_events import SuppressionChanged
from store.domain.people import SERVER
from store.domain.unsubscribing import address_sha256, is_ours, read_token
from store.team import mailing_statements as m
from store.team.connection import Connection
from store.team.journal import append
from store.team.reading import reply_keys
from store.team.rows import from_micros, run, to_micros, value
from store.team.values import Published
from store.team.writing import Ask, Write, Written

MOST_AT_ONCE = 2000
MEMBER, MAIL, ONE_CLICK = "member", "mail", "one_click"


class Suppressed(msgspec.Struct, frozen=True):
    """One address nobody writes to. `how`: `member mail one_click`; `member`: who put it there, "" where the recipient did."""

    address: str
    address_sha256: str
    reason: str
    how: str
    member: str
    at: datetime


class Suppressing:
    """The desk's part."""

    def __init__(self, clock: Clock, write: Write, ask: Ask) -> None:
        self._clock = clock
        self._write = write
        self._ask = ask

    async def add(self, addresses: Sequence[str], by: MemberKey, reason: str, *, where: str = "") -> int:
        """Put addresses on the list; returns how many were not there yet."""
        work = partial(_add, addresses=tuple(addresses), how=MEMBER, by=by, reason=reason, now=self._clock.now(), where=where)
        return await self._write(work)

    async def remove(self, address: str, by: MemberKey, *, where: str = "") -> bool:
        """Take one off; False: it was not on it."""
        return await self._write(partial(_remove, address=address, by=by, now=self._clock.now(), where=where))

    async def among(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """Those of them that are on it."""
        return await self._ask(partial(_among, addresses=tuple(addresses)))

    async def page(self, after: str) -> tuple[Suppressed, ...]:
        """All of it, in order of the hash; `MOST_AT_ONCE` at a time."""
        return await self._ask(partial(_page, after=after))

    async def unsubscribe(self, token: str, how: str, *, where: str = "") -> bool:
        """Whoever has the mail of this token wants no other; the same again changes nothing. False: it is no token of ours."""
        read = read_token(token)
        if read is None or not is_ours(read, await self._ask(reply_keys)):
            return False
        address = await self._ask(partial(_address_of, mailing=read.mailing, n=read.n))
        if address:
            await self._write(partial(_add, addresses=(address,), how=how, by=SERVER, reason="", now=self._clock.now(), where=where))
        return True


def is_suppressed(connection: Connection, address: str) -> bool:
    """Whether nobody writes to it; asked in the transaction that would."""
    return bool(run(connection, m.GET_SUPPRESSED, hash=address_sha256(address)))


def _add(connection: Connection, *, addresses: Sequence[str], how: str, by: MemberKey, reason: str, now: datetime, where: str) -> Written[int]:
    published: list[Published] = []
    for address in addresses:
        hashed = address_sha256(address)
        if run(connection, m.GET_SUPPRESSED, hash=hashed):
            continue
        member = by if by != SERVER else ""
        kept = {"address": address, "reason": reason, "how": how, "member": member, "at": to_micros(now)}
        run(connection, m.PUT_SUPPRESSED, address_sha256=hashed, **kept)
        published.append(Published(None, append(connection, now, by, (SuppressionChanged(hashed, on=True, how=how),), where=where)))
    return len(published), tuple(published)


def _remove(connection: Connection, *, address: str, by: MemberKey, now: datetime, where: str) -> Written[bool]:
    hashed = address_sha256(address)
    if not run(connection, m.GET_SUPPRESSED, hash=hashed):
        return False, ()
    run(connection, m.DROP_SUPPRESSED, hash=hashed)
    return True, (Published(None, append(connection, now, by, (SuppressionChanged(hashed, on=False, how=MEMBER),), where=where)),)


def _among(connection: Connection, *, addresses: Sequence[str]) -> tuple[str, ...]:
    return tuple(address for address in addresses if is_suppressed(connection, address))


def _page(connection: Connection, *, after: str) -> tuple[Suppressed, ...]:
    rows = run(connection, m.SUPPRESSED_AFTER, after=after, most=MOST_AT_ONCE)
    return tuple(Suppressed(address, hashed, reason, how, member, from_micros(at)) for hashed, address, reason, how, member, at in rows)


def _address_of(connection: Connection, *, mailing: str, n: int) -> str:
    return str(value(connection, m.ADDRESS_OF_ROW, mailing=mailing, row=n) or "")


def forget_person(connection: Connection, *, address: str) -> Written[int]:
    """Erase a customer's rows of every mailing, and their name on the do-not-mail list: by the hash they are left alone all the same.

    Returns how many rows that were; those that still waited are skipped.
    """
    hashed = address_sha256(address)
    forgotten = int(str(value(connection, m.ROWS_OF_PERSON, whose=hashed)))
    run(connection, m.END_FOR_PERSON, whose=hashed)
    run(connection, m.FORGET_PERSON, whose=hashed)
    run(connection, m.FORGET_SUPPRESSED, which=hashed)
    return forgotten, ()
