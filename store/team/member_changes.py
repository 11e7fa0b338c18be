"""A member written down inside a transaction, with the event that tells everybody."""

from datetime import datetime

import msgspec

from store.domain.events import MemberChanged
from store.domain.ids import MemberKey
from store.domain.people import GUEST_STAYS, SERVER, Member, Role, is_here
from store.team import people_statements as p
from store.team import statements as s
from store.team.connection import Connection
from store.team.errors import LastAdmin, MemberExists, NoSuchMember
from store.team.journal import append
from store.team.reading import all_members, move_counter
from store.team.rows import read_member, run, to_json, to_micros, value
from store.team.trust_facts import note
from store.team.unseen_owners import let_all_go
from store.team.values import Published
from store.team.writing import Written


def load(connection: Connection, key: MemberKey) -> Member:
    """A member as they are.

    Raises:
        NoSuchMember: There is none.
    """
    rows = run(connection, s.GET_MEMBER, key=key)
    if not rows:
        raise NoSuchMember(key)
    return read_member(rows[0][0])


def insert(connection: Connection, member: Member, unix_uid: int | None, by: MemberKey, now: datetime) -> tuple[Published, ...]:
    """A new member.

    Raises:
        MemberExists: The key, or the Unix account, is somebody's already.
    """
    rows = run(connection, p.MEMBER_OF_UID, uid=unix_uid) if unix_uid is not None else []
    bound = read_member(rows[0][0]) if rows else None
    if bound is not None and bound.active:
        raise MemberExists(bound.key)
    if run(connection, s.GET_MEMBER, key=member.key):
        raise MemberExists(member.key)
    if bound is not None:
        run(connection, s.SET_UNIX_UID, which=bound.key, unix_uid=None)
    run(connection, s.ADD_MEMBER, key=member.key, body=to_json(member), password_hash=None, unix_uid=unix_uid)
    return _told(connection, member, by, now)


def changed(connection: Connection, member: Member, by: MemberKey, now: datetime) -> tuple[Published, ...]:
    """A member is another now; what was theirs where they see it no more is nobody's."""
    run(connection, s.CHANGE_MEMBER, which=member.key, body=to_json(member))
    return (*_told(connection, member, by, now), *let_all_go(connection, member, by, now))


def keep_an_admin(connection: Connection, before: Member) -> None:
    """Refuse to lose the last one.

    Raises:
        LastAdmin: `before` is it.
    """
    admins = [one.key for one in all_members(connection) if one.active and one.role is Role.ADMIN]
    if admins == [before.key]:
        raise LastAdmin(before.key)


def deactivate(connection: Connection, *, key: MemberKey, by: MemberKey, now: datetime, place: str) -> Written[Member]:
    """End a member, with everything that lets them in; nothing when they are ended already.

    Raises:
        NoSuchMember, LastAdmin: As they say.
    """
    member = load(connection, key)
    if not member.active:
        return member, ()
    keep_an_admin(connection, member)
    gone = msgspec.structs.replace(member, active=False)
    run(connection, s.SET_PASSWORD, which=key, password_hash=None)
    for statement in (s.DROP_INVITATIONS_OF, p.DROP_FACTOR, p.DROP_CODES_OF, p.DROP_DEVICES_OF, p.DROP_CERTIFICATES_OF, p.DROP_NETWORKS_OF):
        run(connection, statement, whose=key)
    run(connection, s.END_SESSIONS_OF, whose=key, now_at=to_micros(now))
    epoch = int(str(value(connection, s.GET_META, name="epoch")))
    run(connection, p.PUT_ENDING, member=key, epoch=epoch, by_date=int(by == SERVER), at=to_micros(now))
    note(connection, now, by, "member_deactivated", place, member=key)
    return gone, changed(connection, gone, by, now)


def take_back(connection: Connection, member: Member, by: MemberKey, now: datetime, *, back: bool) -> tuple[Member, tuple[Published, ...]]:
    """The member, active again where they had left and `back` is said; an end date that is past goes.

    Raises:
        NoSuchMember: They left, and nobody said that they are to return.
    """
    if is_here(member, now):
        return member, ()
    if not back:
        raise NoSuchMember(member.key)
    ends_at = member.ends_at if member.ends_at is not None and member.ends_at > now else None
    run(connection, p.DROP_ENDING, whose=member.key)
    if ends_at is None and member.role is Role.GUEST:
        ends_at = now + GUEST_STAYS
    here = msgspec.structs.replace(member, active=True, ends_at=ends_at)
    return here, changed(connection, here, by, now)


def _told(connection: Connection, member: Member, by: MemberKey, now: datetime) -> tuple[Published, ...]:
    move_counter(connection, "people")
    return (Published(None, append(connection, now, by, (MemberChanged(member),))),)
