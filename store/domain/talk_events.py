"""What the team said to each other in a conversation; never mailed."""

from store.domain.event import Event
from store.domain.ids import CommentId, MemberKey, Seq


class CommentAdded(Event, frozen=True, tag=True):
    """Somebody said something to the team."""

    comment_id: CommentId
    text: str
    mentions: tuple[MemberKey, ...] = ()
    """Members named in the text; `all` stands for everyone."""


class CommentRemoved(Event, frozen=True, tag=True):
    """Its author took it back (undo)."""

    comment_id: CommentId
    undoes: Seq | None = None
