"""What an agent has written and not yet sent, and what they have seen: beside the cache, so that it outlives every rebuild."""

import msgspec

from store.domain.draft import Draft
from store.domain.ids import ConversationId, MemberKey, Revision
from store.local.files import Files

_draft_reader = msgspec.msgpack.Decoder(Draft)


class Drafts:
    """One draft a conversation, in `kept.db`."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def save(self, draft: Draft) -> None:
        """Returning means that it survives a power cut."""
        packed = msgspec.msgpack.encode(draft)
        sql = "INSERT INTO draft VALUES (?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed"
        is_new = self.of(draft.conversation_id) is None
        self._files.keep(lambda connection: connection.execute(sql, (draft.conversation_id, packed)))
        if is_new:
            self._files.changes.publish(frozenset({draft.conversation_id}))

    def of(self, conversation_id: ConversationId) -> Draft | None:
        """The draft of a conversation."""
        sql = "SELECT packed FROM draft WHERE conversation_id = ?"
        packed: bytes | None = self._files.kept(lambda connection: connection.value(sql, (conversation_id,)))
        return None if packed is None else _draft_reader.decode(packed)

    def all(self) -> tuple[Draft, ...]:
        """Every draft, by conversation."""
        rows = self._files.kept(lambda connection: connection.execute("SELECT packed FROM draft ORDER BY conversation_id"))
        return tuple(_draft_reader.decode(row[0]) for row in rows)

    def drop(self, conversation_id: ConversationId) -> None:
        """The mail is accepted, or its author threw it away."""
        sql = "DELETE FROM draft WHERE conversation_id = ? RETURNING 1"
        if self._files.keep(lambda connection: connection.execute(sql, (conversation_id,))):
            self._files.changes.publish(frozenset({conversation_id}))

    def mark_seen(self, conversation_id: ConversationId, revision: Revision) -> None:
        """The agent has looked at a conversation up to here; mentions until then are marked no more."""
        sql = "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision WHERE excluded.revision > revision RETURNING 1"
        if self._files.keep(lambda connection: connection.execute(sql, (conversation_id, revision))):
            self._files.changes.publish(frozenset({conversation_id}))

    def load_me(self) -> MemberKey | None:
        """Whose home this is, as it was told last."""
        found: str | None = self._files.kept(lambda connection: connection.value("SELECT value FROM fact WHERE key = 'me'"))
        return None if found is None else MemberKey(found)

    def set_me(self, key: MemberKey) -> None:
        """Say whose home this is."""
        if key != self._files.me:
            self._files.keep(lambda connection: connection.execute("INSERT OR REPLACE INTO fact VALUES ('me', ?)", (key,)))
            self._files.me = key
