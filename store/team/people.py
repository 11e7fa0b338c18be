"""Who belongs to the team and how they show it: members, invitations, sessions. Secrets are kept as SHA-256 only, passwords as their hash."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

import msgspec

from store.clock import Clock
from store.domain.events import MemberChanged
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Member, Role
from store.team import statements as s
from store.team.connection import Connection
from store.team.errors import InvitationSpent, LastAdmin, MemberExists, NoSuchMember
from store.team.execution import append
from store.team.member_names import free_key, key_from
from store.team.reading import all_members, move_counter
from store.team.rows import read_member, run, to_json, to_micros, value
from store.team.values import THE_SERVER, Entered, Invited, Published, SessionOwner

T = TypeVar("T")

INVITATION_DAYS = timedelta(days=7)
SECRET_BYTES = 32
LAST_USED_EVERY = timedelta(minutes=1)
"""How exactly a session's last use is known; each call would be a write otherwise."""

Written = tuple[T, tuple[Published, ...]]


class Write(Protocol):
    """How the desk writes and publishes."""

    def __call__(self, work: Callable[[Connection], Written[T]]) -> Awaitable[T]:
        """Run `work` in the writer's transaction."""
        ...


class Ask(Protocol):
    """How the desk reads."""

    def __call__(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run `work` on the reader's thread."""
        ...


def secret_sha256(secret: str) -> str:
    """How a secret of 32 random bytes is kept; it needs no salt and no slowness."""
    return hashlib.sha256(secret.encode()).hexdigest()


class People:
    """Members as they are now, in memory; their secrets, in the database."""

    def __init__(self, clock: Clock, write: Write, ask: Ask, members: Sequence[Member]) -> None:
        self._clock = clock
        self._write = write
        self._ask = ask
        self._members = {member.key: member for member in members}
        self._sessions: dict[str, tuple[MemberKey, datetime]] = {}

    # Who

    def member(self, key: MemberKey) -> Member | None:
        """A member as they are now, whether active or not."""
        return self._members.get(key)

    def members(self) -> tuple[Member, ...]:
        """Everybody who ever was one."""
        return tuple(self._members.values())

    def follow(self, published: Published) -> None:
        """Take over what an event says of a member."""
        for part in published.recorded:
            if isinstance(part.event, MemberChanged):
                self._members[part.event.member.key] = part.event.member
                if not part.event.member.active:
                    gone = part.event.member.key
                    self._sessions = {secret: found for secret, found in self._sessions.items() if found[0] != gone}

    # Coming and going

    async def add(
        self,
        name: str,
        *,
        key: MemberKey | None = None,
        role: Role = Role.AGENT,
        inboxes: tuple[InboxKey, ...] = (),
        unix_uid: int | None = None,
        by: MemberKey,
    ) -> Invited:
        """Make a member and an invitation of one use and 7 days.

        Raises:
            BadMemberName: No key can be made of the name.
            MemberExists: The key, or the Unix account, is somebody's already.
        """
        member = Member(key_from(key or name), name.strip(), role, inboxes)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        expires_at = self._clock.now() + INVITATION_DAYS

        def work(connection: Connection) -> Written[Invited]:
            published = self._insert(connection, member, unix_uid, by)
            run(
                connection,
                s.ADD_INVITATION,
                secret_sha256=secret_sha256(secret),
                member=member.key,
                expires_at=to_micros(expires_at),
                used_at=None,
            )
            return Invited(member, secret, expires_at), published

        return await self._write(work)

    async def first_admin(self, user_name: str, uid: int) -> Member:
        """The member who is bound to the Unix account that owns the home; made, as an admin, if there is none."""

        def work(connection: Connection) -> Written[Member]:
            members = all_members(connection)
            bound = _bound_to(connection, uid)
            if bound is not None:
                return bound, ()
            member = Member(free_key(user_name, {member.key for member in members}), user_name, Role.ADMIN)
            return member, self._insert(connection, member, uid, THE_SERVER.key)

        return await self._write(work)

    async def deactivate(self, key: MemberKey, by: MemberKey) -> Member:
        """End a member: sessions and invitations with them; their history stays.

        Raises:
            NoSuchMember: Nobody of that key.
            LastAdmin: Nobody could add members any more.
        """

        def work(connection: Connection) -> Written[Member]:
            member = _load(connection, key)
            if not member.active:
                return member, ()
            admins = [one.key for one in all_members(connection) if one.active and one.role is Role.ADMIN]
            if admins == [key]:
                raise LastAdmin(key)
            gone = msgspec.structs.replace(member, active=False)
            run(connection, s.CHANGE_MEMBER, which=key, body=to_json(gone))
            run(connection, s.END_SESSIONS_OF, whose=key, now_at=to_micros(self._clock.now()))
            run(connection, s.DROP_INVITATIONS_OF, whose=key)
            return gone, self._changed(connection, gone, by)

        return await self._write(work)

    # Sessions

    async def join(self, invitation: str, terminal: str, password_hash: str | None = None) -> Entered:
        """Use an invitation: a session, and a way to log in again if a password was given.

        Raises:
            InvitationSpent: It opens nothing.
        """

        def work(connection: Connection) -> Written[Entered]:
            used = value(connection, s.USE_INVITATION, secret=secret_sha256(invitation), now_at=to_micros(self._clock.now()))
            if not isinstance(used, str):
                raise InvitationSpent
            member = _load(connection, MemberKey(used))
            if password_hash is not None:
                run(connection, s.SET_PASSWORD, which=member.key, password_hash=password_hash)
            return self._enter(connection, member, terminal), ()

        return await self._write(work)

    async def password_hash(self, key: MemberKey) -> str | None:
        """What a member's password is checked against; None also where there is no such member."""
        rows = await self._ask(lambda connection: run(connection, s.GET_MEMBER, key=key))
        found = rows[0][1] if rows and read_member(rows[0][0]).active else None
        return found if isinstance(found, str) else None

    async def open_session(self, key: MemberKey, terminal: str) -> Entered:
        """A new session for a member whose password was right.

        Raises:
            NoSuchMember: Ended in the meantime.
        """

        def work(connection: Connection) -> Written[Entered]:
            member = _load(connection, key)
            if not member.active:
                raise NoSuchMember(key)
            return self._enter(connection, member, terminal), ()

        return await self._write(work)

    async def session(self, secret: str) -> SessionOwner | None:
        """Whose session it is; None: nobody's, or an ended one."""
        hashed = secret_sha256(secret)
        found = self._sessions.get(hashed)
        now = self._clock.now()
        if found is None:
            rows = await self._ask(lambda connection: run(connection, s.GET_SESSION, secret=hashed))
            if not rows:
                return None
            found = (MemberKey(rows[0][0]), now - LAST_USED_EVERY)
        member = self._members.get(found[0])
        if member is None or not member.active:
            return None
        if now - found[1] >= LAST_USED_EVERY:
            self._sessions[hashed] = (member.key, now)
            await self._write(partial(_touch_session, hashed=hashed, now=now))
        return SessionOwner(member, hashed)

    async def end_session(self, session_id: str) -> None:
        """That session opens nothing any more."""
        self._sessions.pop(session_id, None)
        now = self._clock.now()
        await self._write(partial(_end_session, hashed=session_id, now=now))

    async def member_of_uid(self, uid: int) -> Member | None:
        """The active member to whom a Unix account is bound."""
        member = await self._ask(lambda connection: _bound_to(connection, uid))
        return member if member is not None and member.active else None

    # How

    def _insert(self, connection: Connection, member: Member, unix_uid: int | None, by: MemberKey) -> tuple[Published, ...]:
        bound = _bound_to(connection, unix_uid) if unix_uid is not None else None
        if bound is not None and bound.active:
            raise MemberExists(bound.key)
        if run(connection, s.GET_MEMBER, key=member.key):
            raise MemberExists(member.key)
        if bound is not None:
            run(connection, s.SET_UNIX_UID, which=bound.key, unix_uid=None)
        run(connection, s.ADD_MEMBER, key=member.key, body=to_json(member), password_hash=None, unix_uid=unix_uid)
        return self._changed(connection, member, by)

    def _changed(self, connection: Connection, member: Member, by: MemberKey) -> tuple[Published, ...]:
        move_counter(connection, "people")
        return (Published(None, append(connection, self._clock.now(), by, (MemberChanged(member),))),)

    def _enter(self, connection: Connection, member: Member, terminal: str) -> Entered:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = to_micros(self._clock.now())
        run(
            connection,
            s.ADD_SESSION,
            secret_sha256=secret_sha256(secret),
            member=member.key,
            terminal=terminal,
            created_at=now,
            last_used_at=now,
            ended_at=None,
        )
        return Entered(member, secret)


def _load(connection: Connection, key: MemberKey) -> Member:
    rows = run(connection, s.GET_MEMBER, key=key)
    if not rows:
        raise NoSuchMember(key)
    return read_member(rows[0][0])


def _bound_to(connection: Connection, uid: int) -> Member | None:
    return next((read_member(body) for body, bound in run(connection, s.MEMBERS) if bound == uid), None)


def _touch_session(connection: Connection, *, hashed: str, now: datetime) -> Written[None]:
    run(connection, s.TOUCH_SESSION, secret=hashed, now_at=to_micros(now))
    return None, ()


def _end_session(connection: Connection, *, hashed: str, now: datetime) -> Written[None]:
    run(connection, s.END_SESSION, secret=hashed, now_at=to_micros(now))
    return None, ()
