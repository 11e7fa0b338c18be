"""How far each member has read: kept beside the journal, for it concerns nobody else. One row a member and conversation.

The row without a conversation says when the member's marks began: what came before that is unread to nobody. `n` counts a member's own
changes, so that each of their machines asks for what it has not heard of.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from store.domain.ids import ConversationId, InboxKey, MemberKey, Revision
from store.domain.people import Member, sees
from store.domain.read_marks import ReadMark, later, no_later_than
from store.team import statements as s
from store.team.connection import Connection
from store.team.rows import from_micros, run, to_micros

BEGUN = ""
"""In place of a conversation's id."""
IN_FLIGHT = timedelta(hours=1)
"""Marks begin so long before the member's first word: a mail that is on its way then has an earlier date, and is unread all the same."""
MOST = 1000
"""Told in one answer."""


class MarksPart(msgspec.Struct, frozen=True):
    """Marks that changed after the place asked for, in order; `n`: up to where. `more`: ask again from there."""

    n: int
    begun: datetime
    marks: tuple[ReadMark, ...]
    more: bool = False


def changed_since(connection: Connection, *, member: MemberKey, after: int) -> MarksPart | None:
    """What the member's other machines said; None: their marks have not begun."""
    begun = run(connection, s.GET_MARK, member=member, id=BEGUN)
    if not begun:
        return None
    rows = run(connection, s.MARKS_AFTER, member=member, after=after, most=MOST + 1)
    marks = tuple(ReadMark(ConversationId(id_), Revision(revision), from_micros(at)) for id_, revision, at, _n in rows[:MOST])
    return MarksPart(rows[len(marks) - 1][3] if marks else after, from_micros(begun[0][1]), marks, len(rows) > MOST)


def take_marks(connection: Connection, *, member: Member, marks: Sequence[ReadMark], now: datetime) -> int:
    """Keep what counts of these, of conversations that the member may see; returns the place of the newest, 0 where nothing changed.

    The writer's transactions come one after the other, so that no two marks of a member get the same place.
    """
    run(connection, s.BEGIN_MARKS, member=member.key, conversation_id=BEGUN, revision=0, at=to_micros(now - IN_FLIGHT), n=0)
    first = last = int(run(connection, s.LAST_MARK, member=member.key)[0][0])
    for mark in no_later_than(marks, now):
        inbox = run(connection, s.INBOX_OF, id=mark.conversation_id)
        if not inbox or not sees(member, InboxKey(inbox[0][0])):
            continue
        known = run(connection, s.GET_MARK, member=member.key, id=mark.conversation_id)
        if known and later(ReadMark(mark.conversation_id, Revision(known[0][0]), from_micros(known[0][1])), mark) is not mark:
            continue
        last += 1
        at = to_micros(mark.at)
        run(connection, s.PUT_MARK, member=member.key, conversation_id=mark.conversation_id, revision=mark.revision, at=at, n=last)
    return last if last > first else 0
