"""What happened to a conversation's place in the work: its status, its owner, its tags and folder, who follows it, when it is due."""

from datetime import datetime

from store.domain.event import Event
from store.domain.ids import MemberKey, Seq, StatusKey
from store.domain.status import Category, Urgency


class StatusChanged(Event, frozen=True, tag=True):
    """The status moved; `before` lets it be undone."""

    before: StatusKey
    after: StatusKey
    reason: str = ""
    """The team's words, or one of the keys `composer_opened composer_left customer_wrote reopened reply_queued reply_accepted …`."""
    until: datetime | None = None
    undoes: Seq | None = None
    notify: MemberKey | None = None
    """Whom the wake time is told, and, on the change that it brings, who is told."""
    own_category: Category | None = None
    """Of `after`, where that is one of the team's own statuses; a built-in one says its own."""
    by_hand: bool = False
    """A person's own decision, which they may undo; not something that follows from a composer, a mail or a timer."""


class OwnerChanged(Event, frozen=True, tag=True):
    """The owner moved."""

    before: MemberKey | None
    after: MemberKey | None
    reason: str = ""
    undoes: Seq | None = None
    instead_of: MemberKey | None = None
    """Who was meant, and is away: `after` stands in."""
    by_hand: bool = False
    """As for a status."""


class OwnerSuggested(Event, frozen=True, tag=True):
    """A finished conversation is back; its old owner is suggested."""

    owner: MemberKey


class UrgencyChanged(Event, frozen=True, tag=True):
    """The urgency moved."""

    before: Urgency
    after: Urgency
    undoes: Seq | None = None
    follows: bool = False
    """It follows from a merge or a split, and is taken back with that."""


class TagsChanged(Event, frozen=True, tag=True):
    """Tags were put on or taken off; only those that were not there, or were."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    undoes: Seq | None = None


class FolderChanged(Event, frozen=True, tag=True):
    """It lies in another folder; "" is none."""

    before: str
    after: str
    undoes: Seq | None = None


class DueSet(Event, frozen=True, tag=True):
    """It is to be answered by another time; None: by none."""

    before: datetime | None
    after: datetime | None
    undoes: Seq | None = None
    follows: bool = False
    """As for an urgency."""


class FollowerAdded(Event, frozen=True, tag=True):
    """Somebody follows it from now on: of their own will, or invited by whoever did this."""

    member: MemberKey
    helping: bool = False
    """They write here without becoming the owner."""
    undoes: Seq | None = None


class FollowerRemoved(Event, frozen=True, tag=True):
    """Somebody follows it no more."""

    member: MemberKey
    undoes: Seq | None = None
