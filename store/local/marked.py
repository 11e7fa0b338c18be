"""A read mark as `kept.db` holds it."""

from store.domain.ids import ConversationId, Revision
from store.domain.read_marks import ReadMark
from store.local.times import EPOCH, MICROSECOND
from store.sqlite.connection import Connection


def mark_of(connection: Connection, conversation_id: ConversationId) -> ReadMark | None:
    """How far a conversation was read; None: nobody ever said."""
    row = connection.one("SELECT revision, at FROM seen WHERE conversation_id = ?", (conversation_id,))
    return None if row is None else as_mark(conversation_id, *row)


def as_mark(conversation_id: str, revision: int, at: int) -> ReadMark:
    """A row of `seen`; one from before times were kept is older than all others."""
    return ReadMark(ConversationId(conversation_id), Revision(revision), EPOCH + at * MICROSECOND)
