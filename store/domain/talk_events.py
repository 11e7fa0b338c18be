"""What the team said to each other in a conversation; never mailed."""

from store.domain.event import Event
from store.domain.ids import CommentId, GroupKey, MemberKey, MessageId, Seq


class CommentAdded(Event, frozen=True, tag=True):
    """Somebody said something to the team."""

    comment_id: CommentId
    text: str
    mentions: tuple[MemberKey, ...] = ()
    """Members named in the text, those of a named group too; `all` stands for everyone."""
    groups: tuple[GroupKey, ...] = ()
    """The groups named."""
    message_id: MessageId | None = None
    """The message it is about; None: the conversation."""
    reply_to: CommentId | None = None
    """The first comment of the thread it belongs to."""


class CommentRemoved(Event, frozen=True, tag=True):
    """Its author took it back (undo)."""

    comment_id: CommentId
    undoes: Seq | None = None
