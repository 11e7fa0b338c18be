"""What a search comes to: a plain value, without a database behind it."""

from datetime import datetime

import msgspec

from store.domain.ids import CommentId, ConversationId, MessageId
from store.domain.message import Address


class Hit(msgspec.Struct, frozen=True):
    """A message, or a comment (`comment_id` set, `message_id` None), that a search found."""

    conversation_id: ConversationId
    message_id: MessageId | None
    subject: str
    from_: Address
    date: datetime
    snippet: str
    comment_id: CommentId | None = None
    spans: tuple[tuple[int, int], ...] = ()
    """What was found in the snippet: pairs of first and behind-the-last character."""
    subject_spans: tuple[tuple[int, int], ...] = ()
    """What was found in the subject."""
