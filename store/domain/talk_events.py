"""What the team said to each other in a conversation; never mailed."""

from store.domain.comment_files import CommentFile
from store.domain.event import Event
from store.domain.facts import Comment
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
    files: tuple[CommentFile, ...] = ()


class CommentRemoved(Event, frozen=True, tag=True):
    """Its author took it back (undo)."""

    comment_id: CommentId
    undoes: Seq | None = None


class CommentEdited(Event, frozen=True, tag=True):
    """Its author says it otherwise; what it said before stays in its history."""

    comment_id: CommentId
    text: str
    mentions: tuple[MemberKey, ...] = ()
    groups: tuple[GroupKey, ...] = ()
    undoes: Seq | None = None


class CommentRestored(Event, frozen=True, tag=True):
    """A comment that was taken away is back."""

    comment: Comment
    undoes: Seq


class CommentReacted(Event, frozen=True, tag=True):
    """Somebody put a sign on a comment, or took it off."""

    comment_id: CommentId
    sign: str
    on: bool
    undoes: Seq | None = None
    of: MemberKey | None = None
    """Whose sign it is, where a leader takes it back."""
