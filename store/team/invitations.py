"""Invitations: one use, seven days, kept as a hash; a new one takes the place of those that are open."""

from datetime import datetime, timedelta

from store.domain.ids import MemberKey
from store.domain.people import Member, is_here
from store.team import people_statements as p
from store.team import statements as s
from store.team.connection import Connection
from store.team.rows import from_micros, read_member, run, to_micros
from store.team.secrets_kept import new_secret, secret_sha256
from store.team.values import Invited

INVITATION_DAYS = timedelta(days=7)


def invite(connection: Connection, member: Member, now: datetime) -> Invited:
    """A new invitation; earlier ones that were not used open nothing any more."""
    secret, expires_at = new_secret(), now + INVITATION_DAYS
    run(connection, p.DROP_OPEN_INVITATIONS_OF, whose=member.key)
    run(
        connection,
        s.ADD_INVITATION,
        secret_sha256=secret_sha256(secret),
        member=member.key,
        expires_at=to_micros(expires_at),
        used_at=None,
    )
    return Invited(member, secret, expires_at)


def invited_member(connection: Connection, *, secret: str, now: datetime) -> Member | None:
    """Whose invitation it is, without using it."""
    rows = run(connection, p.INVITED, secret=secret_sha256(secret), now_at=to_micros(now))
    found = run(connection, s.GET_MEMBER, key=rows[0][0]) if rows else []
    member = read_member(found[0][0]) if found else None
    return member if member is not None and is_here(member, now) else None


def open_until(connection: Connection, *, key: MemberKey, now: datetime) -> datetime | None:
    """When a member's open invitation runs out; None: there is none."""
    rows = run(connection, p.INVITATIONS_OF, whose=key, now_at=to_micros(now))
    return from_micros(rows[-1][0]) if rows else None
