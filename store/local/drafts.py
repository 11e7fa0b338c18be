"""What an agent has written and not yet sent: beside the cache, so that it outlives every rebuild."""

from collections.abc import Collection, Mapping

import msgspec

from store.domain.draft import Draft
from store.domain.ids import ConversationId, MemberKey
from store.local.conversations import now_called
from store.local.files import Files
from store.sqlite.connection import Connection

_draft_reader = msgspec.msgpack.Decoder(Draft)


class Drafts:
    """One draft a conversation, in `kept.db`."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def save(self, draft: Draft) -> None:
        """Returning means that it survives a power cut."""
        if (now := self._now(draft.conversation_id)) != draft.conversation_id:
            draft = msgspec.structs.replace(draft, conversation_id=now)
        packed = msgspec.msgpack.encode(draft)
        sql = "INSERT INTO draft VALUES (?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed"
        is_new = self.of(draft.conversation_id) is None
        self._files.keep(lambda connection: connection.execute(sql, (draft.conversation_id, packed)))
        if is_new:
            self._files.changes.publish(frozenset({draft.conversation_id}))

    def of(self, conversation_id: ConversationId) -> Draft | None:
        """The draft of a conversation."""
        sql = "SELECT packed FROM draft WHERE conversation_id = ?"
        now = self._now(conversation_id)
        packed: bytes | None = self._files.kept(lambda connection: connection.value(sql, (now,)))
        return None if packed is None else _draft_reader.decode(packed)

    def all(self) -> tuple[Draft, ...]:
        """Every draft, by conversation."""
        rows = self._files.kept(lambda connection: connection.execute("SELECT packed FROM draft ORDER BY conversation_id"))
        return tuple(_draft_reader.decode(row[0]) for row in rows)

    def drop(self, conversation_id: ConversationId) -> None:
        """The mail is accepted, or its author threw it away."""
        sql = "DELETE FROM draft WHERE conversation_id = ? RETURNING 1"
        now = self._now(conversation_id)
        if self._files.keep(lambda connection: connection.execute(sql, (now,))):
            self._files.changes.publish(frozenset({now}))

    def _now(self, conversation_id: ConversationId) -> ConversationId:
        return self._files.read(lambda connection: now_called(connection, conversation_id))

    def load_me(self) -> MemberKey | None:
        """Whose home this is, as it was told last."""
        found: str | None = self._files.kept(lambda connection: connection.value("SELECT value FROM fact WHERE key = 'me'"))
        return None if found is None else MemberKey(found)

    def set_me(self, key: MemberKey) -> None:
        """Say whose home this is."""
        if key != self._files.me:
            self._files.keep(lambda connection: connection.execute("INSERT OR REPLACE INTO fact VALUES ('me', ?)", (key,)))
            self._files.me = key


def follow(files: Files, left: Collection[ConversationId] | None = None) -> None:
    """Have drafts, waiting commands go with conversations that are part of another by now; two drafts become one text.

    `left`: which conversations those may be. None: whatever has a draft or a command waiting, in case this was cut off once.
    """
    sql = "SELECT conversation_id FROM draft UNION SELECT conversation_id FROM pending"
    here = left if left is not None else [ConversationId(row[0]) for row in files.kept(lambda connection: connection.execute(sql))]
    if not here:
        return
    names = files.read(lambda connection: {one: now_called(connection, one) for one in here})
    renamed = {old: now for old, now in names.items() if old != now}
    if renamed:
        files.keep(lambda connection: _rename(connection, renamed))


def forget_texts(files: Files, erased: Collection[ConversationId]) -> None:
    """Drafts about a customer who was erased go with them."""

    def work(connection: Connection) -> None:
        for conversation_id in erased:
            connection.execute("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))

    files.keep(work)


def _rename(connection: Connection, renamed: Mapping[ConversationId, ConversationId]) -> None:
    for old, now in renamed.items():
        _rename_one(connection, old, now)


def _rename_one(connection: Connection, old: ConversationId, now: ConversationId) -> None:
    connection.execute("UPDATE pending SET conversation_id = ? WHERE conversation_id = ?", (now, old))
    moving = connection.value("DELETE FROM draft WHERE conversation_id = ? RETURNING packed", (old,))
    if moving is None:
        return
    draft = msgspec.structs.replace(_draft_reader.decode(moving), conversation_id=now)
    there = connection.value("SELECT packed FROM draft WHERE conversation_id = ?", (now,))
    if there is not None:
        other = _draft_reader.decode(there)
        draft = msgspec.structs.replace(other, body=f"{other.body.rstrip()}\n\n{draft.body.lstrip()}")
    connection.execute("INSERT OR REPLACE INTO draft VALUES (?, ?)", (now, msgspec.msgpack.encode(draft)))
