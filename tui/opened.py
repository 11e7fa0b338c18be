"""A conversation as it is read from the store in one go: what the team knows of it, its messages and its timeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.events import Recorded
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.message import Message
from store.local.rows import ConversationRow, StoredMessage
from store.local.store import LocalStore

Key = tuple[str, str, str]
"""What tells one message from another on this machine."""


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
    reread: Mapping[Key, Message] = field(default_factory=dict)
    """Messages that a person has had read in another charset, here or elsewhere: so they are quoted, too."""


def read_opened(store: LocalStore, conversation_id: ConversationId) -> Opened | None:
    """Read it; None when there is no such conversation (any more). Blocking: ask the store's reader to do it."""
    row = store.row(conversation_id)
    if row is None:
        return None
    # Before the server has heard of a mail, the mailbox alone knows it.
    conversation = store.conversation(conversation_id) or Conversation(row.id, inbox=row.inbox, subject=row.subject)
    messages, timeline, draft = store.messages(conversation_id), store.timeline(conversation_id), store.draft(conversation_id)
    return Opened(row, conversation, messages, timeline, draft, store.messages_also_in(conversation_id))


def key_of(stored: StoredMessage) -> Key:
    """What tells one message from another on this machine; a Message-ID alone does not."""
    return stored.message_id, stored.inbox, stored.content_sha256


def as_reread(opened: Opened, reread: Mapping[Key, Message]) -> Opened:
    """The same with these messages as they read in the charset that was chosen for them."""
    if not reread:
        return opened
    messages = tuple(msgspec.structs.replace(each, message=reread[key_of(each)]) if key_of(each) in reread else each for each in opened.messages)
    return replace(opened, messages=messages, reread=reread)
