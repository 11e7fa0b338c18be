"""Whether every file that a comment names is here, whole, and the very one that was put there; part of `store.team.checking`."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from store.domain.conversation import Conversation
from store.domain.ids import CommentId, ConversationId
from store.team.comment_files import Which, hash_of
from store.team.connection import Connection
from store.team.file_tables import files_of_comments
from store.team.whole_tables import rows_of

T = TypeVar("T")

FilesSeen = dict[tuple[str, str], tuple[ConversationId, int]]
"""By comment and hash: in which conversation a comment names it, and its size there."""


def note_files(seen: FilesSeen, state: Conversation) -> None:
    """Remember what the comments of a conversation name."""
    for comment in state.comments:
        for file in comment.files:
            seen[comment.id, file.sha256] = (state.id, file.size_bytes)


def wrong_files(connection: Connection, seen: FilesSeen, finding: Callable[[str, str], T]) -> Iterator[T]:
    """What does not agree. Files of comments that were taken away are kept, for an undo brings them back; those of no comment yet, for a day."""
    left = dict(seen)
    for comment_id, sha256, conversation_id, _, size, _, whole_at, said_at in rows_of(connection, files_of_comments):
        where = f"file {str(sha256)[:12]} of comment {comment_id}"
        named = left.pop((comment_id, sha256), None)
        if named is not None and (said_at is None or named != (conversation_id, size)):
            yield finding(where, "stands otherwise in its conversation")
        if (named is not None or said_at is not None or whole_at is not None) and hash_of(connection, Which(CommentId(comment_id), sha256)) != sha256:
            yield finding(where, "is not the one that was put there")
    for comment_id, sha256 in sorted(left):
        yield finding(f"file {sha256[:12]} of comment {comment_id}", "is not here")
