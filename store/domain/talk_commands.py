"""What a member asks for about what the team says to each other: change a comment, take it back, put a sign on it."""

from store.domain.command import Command
from store.domain.ids import CommentId


class EditComment(Command, frozen=True, kw_only=True, tag=True):
    """Say it otherwise; its author's alone. What it said before stays readable."""

    comment_id: CommentId
    text: str


class RemoveComment(Command, frozen=True, kw_only=True, tag=True):
    """Take a comment away: its author's, or a leader's."""

    comment_id: CommentId


class ReactToComment(Command, frozen=True, kw_only=True, tag=True):
    """Put a sign on a comment, `👍` or `ok`; `on` False takes it off."""

    comment_id: CommentId
    sign: str
    on: bool = True
