"""What this agent has read: kept here at once, and told to their own other terminals by the link."""

import asyncio
from typing import NamedTuple

from store.domain.ids import ConversationId, Revision
from store.domain.read_marks import before_the_last
from tui.session import Session


class Marked(NamedTuple):
    """A mark set by hand: up to where it was read before, and how many actions of this terminal stood before it."""

    conversation_id: ConversationId
    before: Revision
    after: int


async def mark_read(session: Session, conversation_id: ConversationId, revision: Revision) -> bool:
    """Read up to here; False: it was before."""
    changed = await asyncio.to_thread(session.store.marks.read_to, conversation_id, revision, session.clock.now())
    return _told(session, changed=changed)


async def set_back(session: Session, conversation_id: ConversationId, revision: Revision) -> bool:
    """Read up to here, and no further; False: it was so before."""
    changed = await asyncio.to_thread(session.store.marks.set_back, conversation_id, revision, session.clock.now())
    return _told(session, changed=changed)


async def unread_from(session: Session, conversation_id: ConversationId) -> Revision | None:
    """Up to where it would be read with its last news unread again; None: there is nothing in it that could be."""
    conversation = await asyncio.to_thread(session.store.conversation, conversation_id)
    return before_the_last(conversation, session.me) if conversation is not None and session.me is not None else None


def _told(session: Session, *, changed: bool) -> bool:
    if changed and session.link is not None:
        session.link.marked()
    return changed
