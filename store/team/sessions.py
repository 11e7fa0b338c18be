"""Sessions: opened by an invitation or a password, kept as a hash, over when their owner, a leader or the time says so."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from store.clock import Clock
from store.domain.ending import Ending
from store.domain.ids import MemberKey
from store.domain.people import Member, is_here
from store.team import people_statements as p
from store.team import statements as s
from store.team.connection import Connection
from store.team.devices import KNOWN_FOR
from store.team.rows import from_micros, run, run_all, to_micros, value
from store.team.secrets_kept import new_secret, secret_sha256
from store.team.trust_facts import note
from store.team.values import Entered, SessionOwner
from store.team.writing import Ask, Write, Written

LAST_USED_EVERY = timedelta(minutes=1)
"""How exactly a session's last use is known; each call would be a write otherwise."""
LOOK_AGAIN_SECONDS = 0.5
"""For how long a session is taken for good without a look: another server process may have ended it."""
MOST_KNOWN = 20_000
"""Sessions in mind; one that is forgotten is looked up again."""
KEPT_AFTERWARDS = timedelta(days=90)
ID_LETTERS = 16
"""Of the hash, by which a person names a session."""


class SessionRules(msgspec.Struct, frozen=True):
    """When a session ends by itself: unused for this long, or this long after it was opened."""

    idle: timedelta = timedelta(days=14)
    longest: timedelta = timedelta(days=90)

    def over(self, created_at: datetime, used_at: datetime, now: datetime) -> bool:
        """Whether it has ended by now."""
        return now - used_at >= self.idle or now - created_at >= self.longest


class SessionRow(msgspec.Struct, frozen=True):
    """A session as its owner sees it. `place`: the address it was last used from; `how`: `invitation password second_factor`."""

    session_id: str
    terminal: str
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime
    place: str
    how: str


class _Known(msgspec.Struct, frozen=True):
    member: MemberKey
    created_at: datetime
    used_at: datetime
    looked_at: float


class Sessions:
    """Who holds which. Belongs to the desk's event loop."""

    def __init__(self, clock: Clock, write: Write, ask: Ask, member_of: Callable[[MemberKey], Member | None]) -> None:
        self._clock = clock
        self._write = write
        self._ask = ask
        self._member_of = member_of
        self._known: dict[str, _Known] = {}
        self.rules = SessionRules()

    def keep_to(self, rules: SessionRules) -> None:
        """The house's own rules, from now on and for sessions that are open."""
        self.rules = rules

    async def whose(self, secret: str, place: str = "") -> SessionOwner | None:
        """Whose session it is; None: nobody's, or an ended one."""
        return await self.owner_of(secret_sha256(secret), place)

    async def owner_of(self, hashed: str, place: str = "") -> SessionOwner | None:
        """The same by a session's hash."""
        now, found = self._clock.now(), await self._look(hashed)
        member = self._member_of(found.member) if found is not None else None
        if found is None or member is None or not is_here(member, now) or self.rules.over(found.created_at, found.used_at, now):
            self._known.pop(hashed, None)
            return None
        if now - found.used_at >= LAST_USED_EVERY:
            self._known[hashed] = msgspec.structs.replace(found, used_at=now)
            await self._write(partial(_touch, hashed=hashed, now=now, place=place))
        return SessionOwner(member, hashed, found.created_at)

    async def ending_of(self, secret: str) -> Ending | None:
        """What is written down of how the access of a session's member ended; None: it has not, or nobody's session it ever was.

        A clock that is past somebody's end date is not enough: it may be wrong. Nor is what a backup says: it may have changed since.
        """
        rows, epoch = await self._ask(partial(_ending, hashed=secret_sha256(secret)))
        if not rows or rows[0][1] != epoch:
            return None
        ending = Ending(MemberKey(rows[0][0]), epoch, by_date=bool(rows[0][2]))
        member = self._member_of(ending.member)
        return ending if member is not None and not member.active else None

    async def _look(self, hashed: str) -> _Known | None:
        moment = self._clock.monotonic()
        known = self._known.get(hashed)
        if known is not None and moment - known.looked_at < LOOK_AGAIN_SECONDS:
            return known
        rows = await self._ask(lambda connection: run(connection, p.SESSION, secret=hashed))
        if not rows:
            self._known.pop(hashed, None)
            return None
        used_at = max(from_micros(rows[0][2]), known.used_at) if known is not None else from_micros(rows[0][2])
        found = _Known(MemberKey(rows[0][0]), from_micros(rows[0][1]), used_at, moment)
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[hashed] = found
        return found

    async def of(self, key: MemberKey) -> tuple[SessionRow, ...]:
        """A member's open sessions, the latest used first."""
        now = self._clock.now()
        rows = await self._ask(lambda connection: run(connection, p.SESSIONS_OF, whose=key))
        found = (self._row(*row) for row in rows)
        return tuple(row for row in found if row.ends_at > now)

    def _row(self, hashed: str, terminal: str, created: int, used: int, place: str | None, how: str | None) -> SessionRow:
        created_at, used_at = from_micros(created), from_micros(used)
        ends_at = min(created_at + self.rules.longest, used_at + self.rules.idle)
        return SessionRow(hashed, terminal, created_at, used_at, ends_at, place or "", how or "")

    async def end(self, key: MemberKey, wanted: str, by: MemberKey, place: str = "") -> int:
        """End the session whose id begins so, if it is the member's and no other's does; returns how many were ended: 1, or 0."""
        named = [row.session_id for row in await self.of(key) if wanted and row.session_id.startswith(wanted)]
        if len(named) != 1:
            return 0
        return await self._end_all(partial(_end_one, key=key, hashed=named[0]), key, by, place)

    async def end_all(self, key: MemberKey, by: MemberKey, *, but: str = "", place: str = "") -> int:
        """End every session of a member, but one; returns how many."""
        return await self._end_all(partial(end_others, key=key, but=but), key, by, place)

    async def _end_all(self, work: Callable[..., tuple[str, ...]], key: MemberKey, by: MemberKey, place: str) -> int:
        now = self._clock.now()

        def ending(connection: Connection) -> Written[tuple[str, ...]]:
            ended = work(connection, now=now)
            if ended:
                note(connection, now, by, "sessions_ended", place, member=key, count=len(ended))
            return ended, ()

        ended = await self._write(ending)
        self.forget(ended)
        return len(ended)

    def forget(self, hashes: Iterable[str]) -> None:
        """These are known to have ended."""
        for hashed in hashes:
            self._known.pop(hashed, None)

    def forget_all_of(self, key: MemberKey) -> None:
        """The member is gone, or has changed: look at their sessions again."""
        self._known = {hashed: known for hashed, known in self._known.items() if known.member != key}

    async def ended_among(self, hashes: Collection[str], since: datetime) -> frozenset[str]:
        """Which of these sessions were ended since a moment, by whatever server process."""
        rows = await self._ask(lambda connection: run(connection, p.ENDED_SINCE, since=to_micros(since)))
        ended = frozenset(row[0] for row in rows)
        self.forget(ended)
        return ended & frozenset(hashes)

    async def count_use(self, hashes: Collection[str]) -> frozenset[str]:
        """Say that these are in use, all in one transaction; returns those that are over by the rules, or were ended."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[frozenset[str]]:
            asked = tuple(hashes)
            found = dict(zip(asked, run_all(connection, [(p.SESSION, {"secret": hashed}) for hashed in asked]), strict=True))
            over = {hashed for hashed, rows in found.items() if not rows or self._is_over(rows[0][1], rows[0][2], now)}
            for hashed in found.keys() - over:
                run(connection, s.TOUCH_SESSION, secret=hashed, now_at=to_micros(now))
            return frozenset(over), ()

        over = await self._write(work)
        self.forget(over)
        return over

    def _is_over(self, created: int, used: int, now: datetime) -> bool:
        return self.rules.over(from_micros(created), from_micros(used), now)

    async def drop_old(self) -> None:
        """Forget sessions that ended long ago, and devices nobody came back from."""
        now = self._clock.now()
        await self._write(partial(_drop_old, before=to_micros(now - KEPT_AFTERWARDS - self.rules.longest), unseen=to_micros(now - KNOWN_FOR)))


def open_session(connection: Connection, member: Member, terminal: str, now: datetime, *, place: str, how: str) -> Entered:
    """A new session for somebody who has shown who they are."""
    secret = new_secret()
    at, hashed = to_micros(now), secret_sha256(secret)
    run(connection, s.ADD_SESSION, secret_sha256=hashed, member=member.key, terminal=terminal, created_at=at, last_used_at=at, ended_at=None)
    run(connection, p.PUT_SESSION_FACTS, secret_sha256=hashed, place=place, how=how)
    note(connection, now, member.key, "login", place, how=how, terminal=terminal)
    return Entered(member, secret)


def _ending(connection: Connection, *, hashed: str) -> tuple[list[tuple[Any, ...]], int]:
    """The ending of a session's member, and the epoch of today."""
    return run(connection, p.ENDING_OF_SESSION, secret=hashed), int(str(value(connection, s.GET_META, name="epoch")))


def _end_one(connection: Connection, *, key: MemberKey, hashed: str, now: datetime) -> tuple[str, ...]:
    return tuple(row[0] for row in run(connection, p.END_SESSION_OF, whose=key, secret=hashed, now_at=to_micros(now)))


def end_others(connection: Connection, *, key: MemberKey, but: str, now: datetime) -> tuple[str, ...]:
    """End a member's sessions inside a transaction; their hashes."""
    return tuple(row[0] for row in run(connection, p.END_OTHER_SESSIONS_OF, whose=key, but=but, now_at=to_micros(now)))


def _touch(connection: Connection, *, hashed: str, now: datetime, place: str) -> Written[None]:
    run(connection, s.TOUCH_SESSION, secret=hashed, now_at=to_micros(now))
    if place:
        run(connection, p.MOVE_SESSION, secret=hashed, place=place)
    return None, ()


def _drop_old(connection: Connection, *, before: int, unseen: int) -> Written[None]:
    run(connection, p.DROP_OLD_SESSIONS, before=before)
    run(connection, p.DROP_STRAY_FACTS)
    run(connection, p.DROP_OLD_DEVICES, before=unseen)
    return None, ()
