"""A conversation as it is read from the store in one go: what the team knows of it, its messages and its timeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.events import Recorded
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.local.rows import ConversationRow, StoredMessage
from store.local.store import LocalStore


@dataclass(frozen=True)
class Opened:
    """Everything a screen shows of one conversation."""

    row: ConversationRow
    conversation: Conversation
    messages: tuple[StoredMessage, ...]
    timeline: tuple[Recorded, ...]
    draft: Draft | None
    also_in: Mapping[MessageId, tuple[InboxKey, ...]] = field(default_factory=dict)
    """Its messages that other inboxes of ours have too."""


def read_opened(store: LocalStore, conversation_id: ConversationId) -> Opened | None:
    """Read it; None when there is no such conversation (any more). Blocking: ask the store's reader to do it."""
    row = store.row(conversation_id)
    if row is None:
        return None
    # Before the server has heard of a mail, the mailbox alone knows it.
    conversation = store.conversation(conversation_id) or Conversation(row.id, inbox=row.inbox, subject=row.subject)
    messages, timeline, draft = store.messages(conversation_id), store.timeline(conversation_id), store.draft(conversation_id)
    return Opened(row, conversation, messages, timeline, draft, store.messages_also_in(conversation_id))
