"""A line of a list: its columns, what lies beside them, and the place where it stands."""

from typing import NamedTuple

from store.domain.ids import MemberKey
from store.domain.status import Category, Urgency
from store.local.conversations import LIST_MARK
from store.local.files import Presences
from store.local.rows import ConversationRow, PageKey
from store.local.times import moment
from store.sqlite.connection import Row

COLUMNS = (
    "c.id, c.last_at, c.number, c.revision, c.inbox, c.subject, c.customer_name, c.customer_address, c.status, c.category, c.owner, "
    "c.suggested_owner, c.urgency, c.tags, c.lease_by, c.lease_since, c.messages, c.pending, c.called, c.flags, "
    "c.folder, c.followers, c.wake_at, c.due_at, c.waiting_since, c.unread, c.woken"
)


class Beside(NamedTuple):
    """What a line shows that lies in no table of the cache."""

    me: MemberKey | None
    drafts: frozenset[str]
    presences: Presences


def key_of(row: Row) -> PageKey:
    """Where it stands."""
    return PageKey(moment(row[1]), row[0], row[10], row[8], Urgency(row[12]), moment(row[24]))


def _words(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(LIST_MARK)) if joined else ()


def line_of(row: Row, beside: Beside) -> ConversationRow:
    """As it is shown."""
    (conversation_id, last_at, number, revision, inbox, subject, customer_name, customer_address, status, category, owner) = row[:11]
    (suggested_owner, urgency, tags, lease_by, lease_since, messages, pending, called, flags, folder, followers, wake_at) = row[11:23]
    due_at, waiting_since, unread, woken = row[23:]
    present = beside.presences.in_(conversation_id)
    return ConversationRow(
        id=conversation_id,
        number=number,
        revision=revision,
        inbox=inbox,
        subject=subject,
        customer_name=customer_name,
        customer_address=customer_address,
        status=status,
        category=Category(category),
        owner=owner,
        suggested_owner=suggested_owner,
        urgency=Urgency(urgency),
        tags=_words(tags),
        folder=folder,
        followers=tuple(MemberKey(one) for one in _words(followers)),
        wake_at=None if wake_at is None else moment(wake_at),
        due_at=None if due_at is None else moment(due_at),
        lease_by=lease_by,
        lease_since=moment(lease_since),
        lease_idle=any(one.member == lease_by and one.writing and one.idle for one in present),
        present=tuple(one.member for one in present),
        messages=messages,
        last_at=moment(last_at),
        waiting_since=moment(waiting_since),
        pending=bool(pending),
        mentions_me=bool(called),
        unread=bool(unread),
        woken=bool(woken),
        flags=_words(flags),
        has_draft=conversation_id in beside.drafts,
    )
