"""How far a member has read a conversation, and what is unread to them. Each member's own: it is no event, and no colleague is told.

A mark says "read up to this revision"; taking it back is the same mark at an earlier revision. Of two marks of one conversation the later
one counts, on whichever machine it was made, so that marks may be lost, doubled or come in any order and every machine ends with the same.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec

from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, MemberKey, Revision
from store.domain.mentions import ALL

HIGHEST = 2**40
"""No conversation sees so many events."""


class ReadMark(msgspec.Struct, frozen=True):
    """Read up to `revision`; `at`: when that was said, by the clock of the machine where it was."""

    conversation_id: Annotated[ConversationId, msgspec.Meta(max_length=200)]
    revision: Annotated[Revision, msgspec.Meta(ge=0, le=HIGHEST)]
    at: datetime


class Personal(NamedTuple):
    """What one member makes of a conversation."""

    seen: Revision
    """Read up to here; 0: not at all, or before marks were kept."""
    unread: bool
    woken: bool
    """A hold ended, they are the one to be told, and they have not looked since."""
    called: bool
    """A comment names them, or all, and they have neither looked nor commented since."""


NOTHING = Personal(Revision(0), unread=False, woken=False, called=False)


def later(one: ReadMark, other: ReadMark) -> ReadMark:
    """Of two marks of one conversation the one that counts; where they were made in the same moment, the one that has read more."""
    return max(one, other, key=lambda mark: (mark.at, mark.revision))


def no_later_than(marks: Iterable[ReadMark], now: datetime) -> tuple[ReadMark, ...]:
    """The last mark of each conversation. A machine whose clock is ahead would win for ever: its marks were made now."""
    kept: dict[ConversationId, ReadMark] = {}
    for mark in marks:
        made = mark if mark.at.tzinfo is not None and mark.at <= now else msgspec.structs.replace(mark, at=now)
        kept[made.conversation_id] = later(made, kept[made.conversation_id]) if made.conversation_id in kept else made
    return tuple(kept.values())


def personal(state: Conversation, me: MemberKey | None, mark: ReadMark | None, since: datetime | None) -> Personal:
    """What the conversation is to `me`. Without a mark only what came after `since`, when their marks began, can be unread.

    Unread are a customer's messages and colleagues' comments, and that a hold of theirs has ended.
    """
    if me is None:
        return NOTHING
    seen = mark.revision if mark is not None else Revision(0)
    called = is_called(state, me, seen)
    if mark is None and since is None:
        return Personal(seen, unread=False, woken=False, called=called)
    woken = state.woken is not None and state.woken.told == me and _is_news(state.woken.revision, state.woken.at, mark, since)
    unread = woken or any(_is_news(revision, at, mark, since) for revision, at in _told(state, me))
    return Personal(seen, unread, woken, called)


def is_called(state: Conversation, me: MemberKey, seen: Revision) -> bool:
    """Whether somebody named them, or all, later than they looked or commented."""
    named = [comment.revision for comment in state.comments if me in comment.mentions or ALL in comment.mentions]
    said = [comment.revision for comment in state.comments if comment.by == me]
    return max(named, default=0) > max((seen, *said))


def before_the_last(state: Conversation, me: MemberKey) -> Revision | None:
    """Up to where it is read once its last news is unread again; None: there is nothing in it that could be."""
    revisions = [revision for revision, _at in _told(state, me)]
    if state.woken is not None and state.woken.told == me:
        revisions.append(state.woken.revision)
    return Revision(max(revisions) - 1) if revisions else None


def _told(state: Conversation, me: MemberKey) -> Iterator[tuple[Revision, datetime]]:
    """What others say in it, and when."""
    # The newest first: what is unread is mostly there.
    for message in reversed(state.messages):
        if message.inbound:
            yield message.revision, message.date
    for comment in reversed(state.comments):
        if comment.by != me:
            yield comment.revision, comment.at


def _is_news(revision: Revision, at: datetime, mark: ReadMark | None, since: datetime | None) -> bool:
    return revision > mark.revision if mark is not None else since is not None and at > since
