"""Whom a decision may name, and what signs our Message-IDs: the team as the transaction that decides reads it."""

from collections.abc import Sequence

import msgspec

from store.domain.context import LEADING
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Member, Role, members_with, seeing
from store.domain.team_facts import TeamFacts, folded
from store.team.connection import Connection
from store.team.reading import all_members, counter, reply_keys, team_events

CANNOT_SEND = frozenset({Role.GUEST, Role.CHECKED})
"""Who never gets a ticket without an approval."""

CHECKED = frozenset({Role.CHECKED})
"""Who gets one with an approval."""

NO_INBOX = InboxKey("-")
"""No inbox is called so: what counts for it counts wherever nobody is named."""


class Here(msgspec.Struct, frozen=True):
    """Who of the active members sees one inbox, and what they may do there."""

    members: frozenset[MemberKey] = frozenset()
    leaders: frozenset[MemberKey] = frozenset()
    cannot_send: frozenset[MemberKey] = frozenset()
    checked: frozenset[MemberKey] = frozenset()


class Whom(msgspec.Struct, frozen=True):
    """The team as of one state of the `people` counter."""

    version: tuple[int, int]
    reply_keys: tuple[bytes, ...]
    known: dict[MemberKey, Member]
    here: dict[InboxKey | None, Here]
    """By inbox, where some member has it, or a role in it, by name; None: for what concerns the team."""
    elsewhere: Here
    """In every other inbox."""
    names: dict[MemberKey, str]
    facts: TeamFacts

    def at(self, inbox: InboxKey | None) -> Here:
        """Those of one inbox; None: of what concerns the team."""
        return self.here.get(inbox, self.elsewhere)


NOBODY = Whom((-1, -1), (), {}, {}, Here(), {}, TeamFacts())
"""Before the first look; of a version that no database has."""


def whom_now(connection: Connection, known: Whom) -> Whom:
    """The team as of this transaction: `known` itself while nobody changed it."""
    # By the version: a member deactivated by the work before this one is gone for this one. A version that was rolled back may come again
    # and mean something else.
    version = (connection.undone, counter(connection, "people"))
    if version == known.version:
        return known
    members = {member.key: member for member in all_members(connection)}
    active = [member for member in members.values() if member.active]
    named = {None, *(inbox for member in active for inbox in (*member.inboxes, *(one.inbox for one in member.roles)))}
    return Whom(
        version,
        reply_keys(connection),
        known=members,
        here={inbox: _here(active, inbox) for inbox in named},
        elsewhere=_here(active, NO_INBOX),
        names={member.key: member.name for member in active},
        facts=folded(team_events(connection)),
    )


def _here(active: Sequence[Member], inbox: InboxKey | None) -> Here:
    return Here(
        seeing(active, inbox), members_with(active, LEADING, inbox), members_with(active, CANNOT_SEND, inbox), members_with(active, CHECKED, inbox)
    )
