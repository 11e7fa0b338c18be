"""What a member asks for between conversations: merge, split, move to another inbox. All of it can be undone."""

from store.domain.command import Command
from store.domain.ids import ConversationId, InboxKey, MessageId


class MergeConversations(Command, frozen=True, kw_only=True, tag=True):
    """Make two conversations one; the lower number survives. Another's needs a reason or a leader, as everywhere."""

    other: ConversationId
    reason: str = ""


class SplitConversation(Command, frozen=True, kw_only=True, tag=True):
    """Make a conversation of its own out of some of its messages, with the comments on them."""

    messages: tuple[MessageId, ...]
    reason: str = ""


class MoveToInbox(Command, frozen=True, kw_only=True, tag=True):
    """Move it to another inbox, with all that it holds."""

    inbox: InboxKey
    reason: str = ""
