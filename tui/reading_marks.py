"""What this agent has read: kept here at once, and told to their own other terminals by the link."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from store.domain.ids import ConversationId, Revision
from store.domain.read_marks import before_the_last
from tui.session import Session


class Marked(NamedTuple):
    """A mark set by hand: up to where it was read before, and how many actions of this terminal stood before it."""

    conversation_id: ConversationId
    before: Revision
    after: int
    others: tuple[tuple[ConversationId, Revision], ...] = ()
    """What was set in the same stroke, and up to where it was read before."""


async def mark_read(session: Session, conversation_id: ConversationId, revision: Revision) -> bool:
    """Read up to here; False: it was before."""
    changed = await asyncio.to_thread(session.store.marks.read_to, conversation_id, revision, session.clock.now())
    return _told(session, changed=changed)


async def set_back(session: Session, conversation_id: ConversationId, revision: Revision) -> bool:
    """Read up to here, and no further; False: it was so before."""
    changed = await asyncio.to_thread(session.store.marks.set_back, conversation_id, revision, session.clock.now())
    return _told(session, changed=changed)


async def turn_all(session: Session, ids: Sequence[ConversationId], *, unread: bool) -> list[tuple[ConversationId, Revision]]:
    """All of them unread by their last news, or read to their end; those that changed, with the mark they had before."""
    changed: list[tuple[ConversationId, Revision]] = []
    for conversation_id in ids:
        conversation = await asyncio.to_thread(session.store.conversation, conversation_id)
        last_news = before_the_last(conversation, session.me) if conversation is not None and session.me is not None else None
        if conversation is None or last_news is None:
            continue
        mark = await asyncio.to_thread(session.store.marks.of, conversation_id)
        wanted = last_news if unread else conversation.revision
        if await asyncio.to_thread(session.store.marks.set_back, conversation_id, wanted, session.clock.now()):
            changed.append((conversation_id, mark.revision if mark is not None else conversation.revision if unread else last_news))
    _told(session, changed=bool(changed))
    return changed


async def unread_from(session: Session, conversation_id: ConversationId) -> Revision | None:
    """Up to where it would be read with its last news unread again; None: there is nothing in it that could be."""
    conversation = await asyncio.to_thread(session.store.conversation, conversation_id)
    return before_the_last(conversation, session.me) if conversation is not None and session.me is not None else None


def _told(session: Session, *, changed: bool) -> bool:
    if changed and session.link is not None:
        session.link.marked()
    return changed
