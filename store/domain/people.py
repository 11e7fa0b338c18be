"""Members of the team, who is acting, and which role counts where."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from store.domain.ids import InboxKey, MemberKey

Inboxes = Collection[InboxKey]
"""Of a member; empty: every one."""


class Role(StrEnum):
    """What a member may do in every inbox they belong to."""

    ADMIN = "admin"
    LEADER = "leader"
    AGENT = "agent"
    CHECKED = "checked"
    GUEST = "guest"


RANK: dict[Role, int] = {Role.GUEST: 0, Role.CHECKED: 1, Role.AGENT: 2, Role.LEADER: 3, Role.ADMIN: 4}
"""Nobody ends the session of somebody above them."""

GUEST_STAYS = timedelta(days=90)
"""A guest for whom no end was named."""


class InboxRole(msgspec.Struct, frozen=True):
    """Another role than the member's own, in one inbox."""

    inbox: InboxKey
    role: Role


class Member(msgspec.Struct, frozen=True):
    """One person. `inboxes` empty means every inbox."""

    key: MemberKey
    name: str
    role: Role = Role.AGENT
    inboxes: tuple[InboxKey, ...] = ()
    active: bool = True
    ends_at: datetime | None = None
    """From then on, by the server's clock, they are nobody here. Guests always have an end, admins never."""
    roles: tuple[InboxRole, ...] = ()
    """Where their role is another one; never admin."""


SERVER = MemberKey("-server")
"""Who acts when nobody does: the watcher, the timers, the outbox. No member can be named so."""


def role_in(member: Member, inbox: InboxKey | None) -> Role:
    """The role that counts in an inbox; None: the member's own, for what concerns the whole team."""
    return next((one.role for one in member.roles if one.inbox == inbox), member.role)


def roles_of(member: Member) -> frozenset[Role]:
    """Every role they have anywhere."""
    return frozenset({member.role, *(one.role for one in member.roles)})


def is_here(member: Member, now: datetime) -> bool:
    """Whether they still belong to the team at `now`."""
    return member.active and (member.ends_at is None or now < member.ends_at)


def acting_in(member: Member, inbox: InboxKey | None, now: datetime) -> Member:
    """The member as the team's rules are to see them in one inbox at `now`: with the role that counts there, and gone if their time is over."""
    role, active = role_in(member, inbox), is_here(member, now)
    return member if (role, active) == (member.role, member.active) else replace(member, role=role, active=active)


def members_with(members: Iterable[Member], roles: frozenset[Role], inbox: InboxKey | None) -> frozenset[MemberKey]:
    """Who of them has one of the roles in an inbox."""
    return frozenset(member.key for member in members if role_in(member, inbox) in roles)


def seeing(members: Iterable[Member], inbox: InboxKey | None) -> frozenset[MemberKey]:
    """Who of them sees an inbox."""
    return frozenset(member.key for member in members if sees(member, inbox))


def sees(member: Member, inbox: InboxKey | None) -> bool:
    """Whether an inbox is one of the member's; None is about the team, which everybody sees."""
    return inbox is None or not member.inboxes or inbox in member.inboxes


def writes(member: Member, inbox: InboxKey, now: datetime) -> bool:
    """Whether they may draft in an inbox at `now`."""
    return is_here(member, now) and sees(member, inbox) and role_in(member, inbox) is not Role.GUEST


def stands_over(one: Member, other: Member) -> bool:
    """Whether `one` may see and end the other's sessions: of no lower rank, and in charge wherever the other works."""
    if one.role not in {Role.ADMIN, Role.LEADER} or RANK[one.role] < max(RANK[role] for role in roles_of(other)):
        return False
    return not one.inboxes or (bool(other.inboxes) and set(other.inboxes) <= set(one.inboxes))


def misfit(member: Member) -> str | None:
    """Why no member can be like this, as a sentence; None: they can."""
    if any(one.role is Role.ADMIN for one in member.roles):
        return "The role admin is for the whole team, not for one inbox."
    if member.role is Role.ADMIN and (member.inboxes or member.roles):
        return "An admin has every inbox, and no other role in any."
    if member.role is Role.ADMIN and member.ends_at is not None:
        return "An admin has no end date: the team could be left without one."
    if len({one.inbox for one in member.roles}) < len(member.roles):
        return "An inbox is named twice."
    if any(not sees(member, one.inbox) for one in member.roles):
        return "A role is named for an inbox that is not the member's."
    return None
