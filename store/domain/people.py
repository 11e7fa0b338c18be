"""Members of the team, and who is acting."""

from enum import StrEnum

import msgspec

from store.domain.ids import InboxKey, MemberKey


class Role(StrEnum):
    """What a member may do in every inbox they belong to."""

    ADMIN = "admin"
    LEADER = "leader"
    AGENT = "agent"
    CHECKED = "checked"
    GUEST = "guest"


class Member(msgspec.Struct, frozen=True):
    """One person. `inboxes` empty means every inbox."""

    key: MemberKey
    name: str
    role: Role = Role.AGENT
    inboxes: tuple[InboxKey, ...] = ()
    active: bool = True


SERVER = MemberKey("-server")
"""Who acts when nobody does: the watcher, the timers, the outbox. No member can be named so."""
