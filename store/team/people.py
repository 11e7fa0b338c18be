"""Who belongs to the team and how they come in: members, invitations, log-ins. Secrets are kept as SHA-256 only, passwords as their hash."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec

from store.clock import Clock
from store.domain.events import MemberChanged
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import GUEST_STAYS, InboxRole, Member, Role, is_here, misfit
from store.team import people_statements as p
from store.team import statements as s
from store.team.access import Access
from store.team.connection import Connection
from store.team.devices import Familiar, familiar, remember
from store.team.errors import InvitationSpent, MemberMisfit, NoSuchMember
from store.team.factors import SecondFactors
from store.team.guesses import Guesses
from store.team.invitations import invite, invited_member
from store.team.member_changes import changed, deactivate, insert, keep_an_admin, load, take_back
from store.team.member_names import free_key, key_from
from store.team.reading import all_members
from store.team.rows import read_member, run, to_micros, value
from store.team.secrets_kept import secret_sha256
from store.team.sessions import Sessions, end_others, open_session
from store.team.trust_facts import note
from store.team.values import THE_SERVER, Entered, Invited, Published, SessionOwner
from store.team.writing import Ask, Write, Written

__all__ = ["People", "secret_sha256"]


class People:
    """Members as they are now, in memory; their secrets, in the database. `sessions`, `factors`, `guesses`, `access` are parts of it."""

    def __init__(self, clock: Clock, write: Write, ask: Ask, members: Sequence[Member]) -> None:
        self._clock = clock
        self._write = write
        self._ask = ask
        self._members = {member.key: member for member in members}
        self.sessions = Sessions(clock, write, ask, self.member)
        self.factors = SecondFactors(clock, write, ask)
        self.guesses = Guesses(clock, write)
        self.access = Access(clock, write, ask)

    # Who

    def member(self, key: MemberKey) -> Member | None:
        """A member as they are now, whether active or not."""
        return self._members.get(key)

    def members(self) -> tuple[Member, ...]:
        """Everybody who ever was one."""
        return tuple(self._members.values())

    def over(self, now: datetime) -> tuple[Member, ...]:
        """Members whose end date has come, and who were not ended yet."""
        return tuple(member for member in self._members.values() if member.active and not is_here(member, now))

    def follow(self, published: Published) -> None:
        """Take over what an event says of a member."""
        for part in published.recorded:
            if isinstance(part.event, MemberChanged):
                member = part.event.member
                self._members[member.key] = member
                if not member.active:
                    self.sessions.forget_all_of(member.key)
                    self.access.forget()

    # Coming and going

    async def add(
        self,
        name: str,
        *,
        key: MemberKey | None = None,
        role: Role = Role.AGENT,
        inboxes: tuple[InboxKey, ...] = (),
        unix_uid: int | None = None,
        ends_at: datetime | None = None,
        roles: tuple[InboxRole, ...] = (),
        by: MemberKey,
        place: str = "",
    ) -> Invited:
        """Make a member and an invitation of one use and 7 days. A guest without an end date gets one in 90 days.

        Raises:
            BadMemberName: No key can be made of the name.
            MemberExists: The key, or the Unix account, is somebody's already.
            MemberMisfit: Nobody can be like this.
        """
        now = self._clock.now()
        member = _fitting(Member(key_from(key or name), name.strip(), role, inboxes, ends_at=ends_at, roles=roles), now)

        def work(connection: Connection) -> Written[Invited]:
            published = insert(connection, member, unix_uid, by, now)
            note(connection, now, by, "member_added", place, member=member.key, role=member.role)
            return invite(connection, member, now), published

        return await self._write(work)

    async def first_admin(self, user_name: str, uid: int) -> Member:
        """The member who is bound to the Unix account that owns the home; made, as an admin, if there is none."""

        def work(connection: Connection) -> Written[Member]:
            members = all_members(connection)
            bound = bound_to(connection, uid)
            if bound is not None:
                return bound, ()
            member = Member(free_key(user_name, {member.key for member in members}), user_name, Role.ADMIN)
            return member, insert(connection, member, uid, THE_SERVER.key, self._clock.now())

        return await self._write(work)

    async def change(self, wanted: Member, by: MemberKey, place: str = "") -> Member:
        """Another name, role, inboxes or end date; it counts from the next call on.

        Raises:
            NoSuchMember: Nobody of that key, or they left.
            LastAdmin: Nobody could add members any more.
            MemberMisfit: Nobody can be like this.
        """
        now = self._clock.now()
        fitting = _fitting(wanted, now)

        def work(connection: Connection) -> Written[Member]:
            before = load(connection, wanted.key)
            if not before.active:
                raise NoSuchMember(wanted.key)
            after = msgspec.structs.replace(fitting, active=True)
            if after == before:
                return before, ()
            if after.role is not Role.ADMIN:
                keep_an_admin(connection, before)
            note(connection, now, by, "member_changed", place, member=after.key, role=after.role, inboxes=",".join(after.inboxes))
            return after, changed(connection, after, by, now)

        return await self._write(work)

    async def invite_again(self, key: MemberKey, by: MemberKey, *, reset: bool = False, back: bool = False, place: str = "") -> Invited:
        """Another invitation instead of those that are open. `reset`: password, second factor and sessions end now; `back`: who left returns.

        Raises:
            NoSuchMember: Nobody of that key, or they left and `back` was not said.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Written[Invited]:
            member, published = take_back(connection, load(connection, key), by, now, back=back)
            if reset:
                run(connection, s.SET_PASSWORD, which=key, password_hash=None)
                run(connection, p.DROP_FACTOR, whose=key)
                run(connection, p.DROP_CODES_OF, whose=key)
                run(connection, p.DROP_DEVICES_OF, whose=key)
                end_others(connection, key=key, but="", now=now)
            note(connection, now, by, "invited_again", place, member=key, reset=reset)
            return invite(connection, member, now), published

        invited = await self._write(work)
        self.sessions.forget_all_of(key)
        self.access.forget()
        return invited

    async def uninvite(self, key: MemberKey, by: MemberKey, place: str = "") -> int:
        """Take the open invitations of a member back; returns how many there were."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[int]:
            count = len(run(connection, p.DROP_OPEN_INVITATIONS_OF, whose=key))
            note(connection, now, by, "uninvited", place, member=key, count=count)
            return count, ()

        return await self._write(work)

    async def deactivate(self, key: MemberKey, by: MemberKey, place: str = "") -> Member:
        """End a member: sessions and invitations with them; their history stays.

        Raises:
            NoSuchMember: Nobody of that key.
            LastAdmin: Nobody could add members any more.
        """
        return await self._write(partial(deactivate, key=key, by=by, now=self._clock.now(), place=place))

    # Entering

    async def invited(self, invitation: str) -> Member | None:
        """Whose invitation it is, while it is good; it stays good."""
        return await self._ask(partial(invited_member, secret=invitation, now=self._clock.now()))

    async def join(self, invitation: str, terminal: str, password_hash: str | None = None, *, place: str = "", device: str | None = None) -> Entered:
        """Use an invitation: a session, and a way to log in again if a password was given.

        Raises:
            InvitationSpent: It opens nothing.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Written[Entered]:
            used = value(connection, s.USE_INVITATION, secret=secret_sha256(invitation), now_at=to_micros(now))
            if not isinstance(used, str):
                raise InvitationSpent
            member = load(connection, MemberKey(used))
            if not is_here(member, now):
                raise InvitationSpent
            if password_hash is not None:
                run(connection, s.SET_PASSWORD, which=member.key, password_hash=password_hash)
            return self._enter(connection, member, terminal, place, "invitation", device), ()

        return await self._write(work)

    async def joined_ever(self, key: MemberKey) -> bool:
        """Whether a member ever had a session."""
        return bool(await self._ask(lambda connection: value(connection, p.JOINED_EVER, whose=key)))

    async def password_hash(self, key: MemberKey) -> str | None:
        """What a member's password is checked against; None also where there is no such member, or no longer."""
        rows = await self._ask(lambda connection: run(connection, s.GET_MEMBER, key=key))
        found = rows[0][1] if rows and is_here(read_member(rows[0][0]), self._clock.now()) else None
        return found if isinstance(found, str) else None

    async def set_password(self, key: MemberKey, password_hash: str, *, session: str, place: str) -> int:
        """Another password; every session but this one ends. Returns how many did."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[tuple[str, ...]]:
            run(connection, s.SET_PASSWORD, which=key, password_hash=password_hash)
            note(connection, now, key, "password_changed", place)
            return end_others(connection, key=key, but=session, now=now), ()

        ended = await self._write(work)
        self.sessions.forget(ended)
        return len(ended)

    async def familiar(self, key: MemberKey, device: str | None, place: str) -> Familiar:
        """What is known of where a log-in comes from."""
        return await self._ask(lambda connection: familiar(connection, key, device, place, self._clock.now()))

    async def open_session(self, key: MemberKey, terminal: str, *, place: str = "", how: str = "password", device: str | None = None) -> Entered:
        """A new session for a member whose password was right.

        Raises:
            NoSuchMember: Ended in the meantime.
        """

        def work(connection: Connection) -> Written[Entered]:
            member = load(connection, key)
            if not is_here(member, self._clock.now()):
                raise NoSuchMember(key)
            return self._enter(connection, member, terminal, place, how, device), ()

        return await self._write(work)

    def _enter(self, connection: Connection, member: Member, terminal: str, place: str, how: str, device: str | None) -> Entered:
        now = self._clock.now()
        entered = open_session(connection, member, terminal, now, place=place, how=how)
        return msgspec.structs.replace(entered, device=remember(connection, member.key, device, place, now))

    async def session(self, secret: str, place: str = "") -> SessionOwner | None:
        """Whose session it is; None: nobody's, or an ended one."""
        return await self.sessions.whose(secret, place)

    async def end_session(self, session_id: str) -> None:
        """That session opens nothing any more."""
        now = self._clock.now()

        def work(connection: Connection) -> Written[None]:
            run(connection, s.END_SESSION, secret=session_id, now_at=to_micros(now))
            return None, ()

        await self._write(work)
        self.sessions.forget([session_id])

    async def member_of_uid(self, uid: int) -> Member | None:
        """The member to whom a Unix account is bound, while they are one."""
        member = await self._ask(lambda connection: bound_to(connection, uid))
        return member if member is not None and is_here(member, self._clock.now()) else None


def bound_to(connection: Connection, uid: int) -> Member | None:
    """The member of a Unix account, active or not."""
    rows = run(connection, p.MEMBER_OF_UID, uid=uid)
    return read_member(rows[0][0]) if rows else None


def _fitting(member: Member, now: datetime) -> Member:
    """The member, a guest with an end.

    Raises:
        MemberMisfit: As it says.
    """
    if member.role is Role.GUEST and member.ends_at is None:
        member = msgspec.structs.replace(member, ends_at=now + GUEST_STAYS)
    if (problem := misfit(member)) is not None:
        raise MemberMisfit(problem)
    if member.ends_at is not None and member.ends_at <= now:
        raise MemberMisfit("The end date is past; `mado member deactivate` ends a member now.")
    return member
