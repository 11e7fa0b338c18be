"""Mail in: a batch, its threads, its index and its cursor in one transaction; and mail out again, message by message."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from store.domain.ids import ConversationId, InboxKey, MessageId
from store.local.codec import EPOCH, micros, moment, unpack_bytes, unpack_evidence, unpack_message
from store.local.conversations import LIST_MARK, ids_of, is_hidden, now_called, number_of, refresh
from store.local.drafts import follow
from store.local.files import Files
from store.local.holdings import Holdings
from store.local.intake import Intake, Prepared, prepare
from store.local.overlay import Overlay
from store.local.rows import Cursor, NewMail, Place, StoredMessage
from store.local.schema import SECOND_BITS
from store.sqlite.connection import Connection, Row

_ALSO_IN = (
    "FROM conversation c CROSS JOIN message m ON m.conversation = c.n CROSS JOIN (SELECT DISTINCT inbox FROM mailbox) i ON i.inbox <> m.inbox "
    "CROSS JOIN message o ON o.inbox = i.inbox AND o.message_id = m.message_id WHERE c.id = ? ORDER BY i.inbox"
)
"""The messages of a conversation that other inboxes have too. CROSS keeps the order: left to choose, SQLite walks all messages of all inboxes."""


class Mail:
    """The mailboxes' side of the store."""

    def __init__(self, files: Files, overlay: Overlay) -> None:
        self._files = files
        self._overlay = overlay
        self._holdings = Holdings(files)

    def cursor(self, inbox: InboxKey, mailbox: str) -> Cursor | None:
        """How far this mailbox was pulled; None: not at all."""

        def work(connection: Connection) -> Cursor | None:
            row = connection.one(
                "SELECT uidvalidity, highest_uid, lowest_uid, modseq FROM mailbox WHERE inbox = ? AND name = ? AND uidvalidity NOT NULL",
                (inbox, mailbox),
            )
            return Cursor(*row) if row else None

        return self._files.read(work)

    def commit_pull(
        self,
        inbox: InboxKey,
        mailbox: str,
        new: Sequence[NewMail | Prepared],
        cursor: Cursor,
        *,
        gone: Sequence[int] = (),
        flags: Mapping[int, tuple[str, ...]] | None = None,
        forget_uids: bool = False,
        outgoing: bool = False,
    ) -> frozenset[ConversationId]:
        """Store what was pulled; see `LocalStore.commit_pull`. Nothing of an inbox that is not ours (any more)."""
        # Compressing and folding are most of the work: here, if nobody did it before, so that the writer's thread stays free.
        prepared = sorted((one if isinstance(one, Prepared) else prepare(one) for one in new), key=lambda one: one.mail.internaldate)

        def work(connection: Connection) -> tuple[frozenset[ConversationId], frozenset[ConversationId]]:
            # In the transaction: what was let go in the one before must not come back with this one.
            if not self._holdings.has(inbox):
                return frozenset(), frozenset()
            intake = Intake(connection, inbox, mailbox, self._overlay.predictor(connection), outgoing=outgoing)
            if forget_uids:
                intake.forget_uids()
            for one in prepared:
                intake.take_in(one)
            intake.remove(gone)
            intake.set_flags(flags or {})
            intake.finish()
            intake.move_cursor(cursor)
            return self._settled(connection, intake)

        return self._tell(*self._files.write(work))

    def complete(self, inbox: InboxKey, mail: NewMail) -> bool:
        """Put the whole in the place of what was fetched of it so far; see `LocalStore.complete`."""
        prepared = prepare(mail)

        def work(connection: Connection) -> tuple[frozenset[ConversationId], frozenset[ConversationId]]:
            row = connection.one(
                "SELECT x.name, l.uid, m.outgoing FROM message m JOIN location l ON l.message = m.n JOIN mailbox x ON x.n = l.mailbox "
                "WHERE m.inbox = ? AND m.message_id = ? AND m.content_sha256 = ? AND m.header_only ORDER BY l.mailbox LIMIT 1",
                (inbox, mail.message_id, mail.content_sha256),
            )
            if row is None or not self._holdings.has(inbox):
                return frozenset(), frozenset()
            # As if it were pulled again: of a preview the whole may say that it belongs elsewhere.
            mailbox, uid, outgoing = row
            intake = Intake(connection, inbox, mailbox, self._overlay.predictor(connection), outgoing=bool(outgoing))
            intake.take_in(msgspec.structs.replace(prepared, mail=msgspec.structs.replace(prepared.mail, uid=uid)))
            intake.finish()
            return self._settled(connection, intake)

        return bool(self._tell(*self._files.write(work)))

    def _settled(self, connection: Connection, intake: Intake) -> tuple[frozenset[ConversationId], frozenset[ConversationId]]:
        """Write the lines anew; returns the conversations that changed, and those of them that are part of another now."""
        touched = ids_of(connection, intake.changed)
        for n in intake.touched:
            refresh(connection, n, intake.predict)
        return touched | intake.left, intake.left

    def _tell(self, touched: frozenset[ConversationId], left: frozenset[ConversationId]) -> frozenset[ConversationId]:
        if left:
            follow(self._files, left)
        if touched:
            self._files.changes.publish(touched)
        return touched

    def places(self, inbox: InboxKey, message_id: MessageId, content_sha256: str = "") -> tuple[Place, ...]:
        """Where this message lies: one place of each that bears this Message-ID, or of the one with that content."""

        def work(connection: Connection) -> tuple[Place, ...]:
            rows = connection.execute(
                "SELECT x.name, x.uidvalidity, l.uid, NOT m.header_only, min(l.mailbox) FROM message m "
                "JOIN location l ON l.message = m.n JOIN mailbox x ON x.n = l.mailbox "
                "WHERE m.inbox = ? AND m.message_id = ? AND ? IN ('', m.content_sha256) AND x.uidvalidity NOT NULL GROUP BY m.n",
                (inbox, message_id, content_sha256),
            )
            return tuple(Place(name, uidvalidity, uid, bool(whole)) for name, uidvalidity, uid, whole, _ in rows)

        return self._files.read(work)

    def uids(self, inbox: InboxKey, mailbox: str) -> set[int]:
        """Every uid stored of this mailbox."""

        def work(connection: Connection) -> set[int]:
            rows = connection.execute(
                "SELECT uid FROM location WHERE mailbox = (SELECT n FROM mailbox WHERE inbox = ? AND name = ?)", (inbox, mailbox)
            )
            return {row[0] for row in rows}

        return self._files.read(work)

    def record_pulled(self, inbox: InboxKey, at: datetime) -> None:
        """Say that every mailbox of this inbox was looked at, to the end."""
        self._files.write(lambda connection: connection.execute("INSERT OR REPLACE INTO pulled VALUES (?, ?)", (inbox, micros(at))))

    def pulled_at(self, inbox: InboxKey) -> datetime | None:
        """When that was last."""
        return moment(self._files.read(lambda connection: connection.value("SELECT at FROM pulled WHERE inbox = ?", (inbox,))))

    def messages(self, conversation_id: ConversationId) -> tuple[StoredMessage, ...]:
        """The messages of a conversation that were pulled, oldest first."""

        def work(connection: Connection) -> tuple[StoredMessage, ...]:
            n = number_of(connection, now_called(connection, conversation_id))
            if n is None or is_hidden(connection, n):
                return ()
            # Of a message in several mailboxes the first place counts; min() makes SQLite take name, uid and flags from that very row.
            rows = connection.execute(
                "SELECT m.n, m.message_id, m.inbox, m.outgoing, m.size_bytes, m.header_only, m.evidence, b.parsed, x.name, l.uid, l.flags, "
                "m.content_sha256, min(l.mailbox) "
                "FROM message m JOIN body b ON b.message = m.n LEFT JOIN location l ON l.message = m.n LEFT JOIN mailbox x ON x.n = l.mailbox "
                "WHERE m.conversation = ? GROUP BY m.n ORDER BY m.n",
                (n,),
            )
            return tuple(_stored(row) for row in rows)

        return self._files.read(work)

    def conversation_of(self, message_id: MessageId, inbox: InboxKey) -> ConversationId | None:
        """See `LocalStore.conversation_of`."""

        def work(connection: Connection) -> ConversationId | None:
            found: ConversationId | None = connection.value(
                "SELECT c.id FROM message m JOIN conversation c ON c.n = m.conversation "
                "WHERE m.inbox IN (SELECT inbox FROM mailbox) AND m.message_id = ? ORDER BY m.inbox <> ? LIMIT 1",
                (message_id, inbox),
            )
            return found

        return self._files.read(work)

    def also_in(self, conversation_ids: Sequence[ConversationId]) -> dict[ConversationId, tuple[InboxKey, ...]]:
        """Of these conversations those whose mail came to other inboxes of ours too, and to which."""
        sql = f"SELECT DISTINCT i.inbox {_ALSO_IN}"

        def work(connection: Connection) -> dict[ConversationId, tuple[InboxKey, ...]]:
            if connection.value("SELECT count(DISTINCT inbox) FROM mailbox") < 2:
                return {}
            found = {one: connection.execute(sql, (one,)) for one in conversation_ids}
            return {one: tuple(InboxKey(row[0]) for row in rows) for one, rows in found.items() if rows}

        return self._files.read(work)

    def messages_also_in(self, conversation_id: ConversationId) -> dict[MessageId, tuple[InboxKey, ...]]:
        """Of this conversation's messages those that came to other inboxes of ours too, and to which."""
        sql = f"SELECT DISTINCT m.message_id, i.inbox {_ALSO_IN}"

        def work(connection: Connection) -> dict[MessageId, tuple[InboxKey, ...]]:
            found: dict[MessageId, tuple[InboxKey, ...]] = {}
            for message_id, inbox in connection.execute(sql, (conversation_id,)):
                found[message_id] = (*found.get(message_id, ()), InboxKey(inbox))
            return found

        return self._files.read(work)

    def raw(self, message_id: MessageId, inbox: InboxKey, content_sha256: str = "") -> bytes | None:
        """The source as it came; see `LocalStore.raw`."""

        def work(connection: Connection) -> bytes | None:
            packed: bytes | None = connection.value(
                "SELECT b.raw FROM message m JOIN body b ON b.message = m.n WHERE m.inbox = ? AND m.message_id = ? AND b.raw NOT NULL "
                "AND ? IN ('', m.content_sha256) LIMIT 1",
                (inbox, message_id, content_sha256),
            )
            return packed

        packed = self._files.read(work)
        return None if packed is None else unpack_bytes(packed)


def _stored(row: Row) -> StoredMessage:
    n, message_id, inbox, outgoing, size_bytes, header_only, evidence, parsed, mailbox, uid, flags, content_sha256, _ = row
    return StoredMessage(
        unpack_message(parsed),
        message_id,
        inbox,
        mailbox or "",
        uid or 0,
        EPOCH + timedelta(seconds=n >> SECOND_BITS),
        bool(outgoing),
        tuple(flags.split(LIST_MARK)) if flags else (),
        size_bytes,
        bool(header_only),
        unpack_evidence(evidence),
        content_sha256,
    )
