"""What a client has pulled into a home's cache, as its own server's watcher reads it: mailbox by mailbox, in order of UID. Never writes."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from store.domain.ids import InboxKey, MessageId
from store.domain.message import Message
from store.local.codec import EPOCH, moment, unpack_message
from store.local.rows import Cursor
from store.local.schema import CACHE_VERSION, SECOND_BITS
from store.sqlite.connection import Row, SqlValue, connect

MICROSECONDS = 1_000_000


class PulledMail(msgspec.Struct, frozen=True):
    """A stored message at its place in a mailbox. `outgoing`: it lies, or lay, in Sent too."""

    uid: int
    internaldate: datetime
    message_id: MessageId
    content_sha256: str
    outgoing: bool
    message: Message


class PulledMails:
    """A view of `cache/mail.db` from another process. Each call opens it anew: the client may set the file aside and make another."""

    def __init__(self, home: Path) -> None:
        self._path = home / "cache" / "mail.db"

    def cursors(self, inbox: InboxKey) -> dict[str, Cursor]:
        """How far each mailbox was pulled; none while there is no cache of this version.

        Raises:
            StoreError: It cannot be read now.
        """
        rows = self._rows(
            "SELECT name, uidvalidity, highest_uid, lowest_uid, modseq FROM mailbox WHERE inbox = ? AND uidvalidity NOT NULL ORDER BY n", (inbox,)
        )
        return {name: Cursor(*rest) for name, *rest in rows}

    def above(self, inbox: InboxKey, mailbox: str, uid: int, limit: int) -> list[PulledMail]:
        """The messages with a higher UID, in order of UID, at most `limit`.

        Raises:
            StoreError: It cannot be read now.
        """
        rows = self._rows(
            "SELECT l.uid, m.n, m.message_id, m.content_sha256, m.outgoing, b.parsed FROM location l "
            "JOIN message m ON m.n = l.message JOIN body b ON b.message = m.n "
            "WHERE l.mailbox = (SELECT n FROM mailbox WHERE inbox = ? AND name = ?) AND l.uid > ? ORDER BY l.uid LIMIT ?",
            (inbox, mailbox, uid, limit),
        )
        return [
            PulledMail(
                found, moment((n >> SECOND_BITS) * MICROSECONDS) or EPOCH, MessageId(message_id), sha256, bool(outgoing), unpack_message(parsed)
            )
            for found, n, message_id, sha256, outgoing, parsed in rows
        ]

    def last_ids(self, inbox: InboxKey, mailbox: str, uid: int, limit: int) -> list[MessageId]:
        """The Message-IDs that lie at this UID and below it, the last first, at most `limit`.

        Raises:
            StoreError: It cannot be read now.
        """
        rows = self._rows(
            "SELECT m.message_id FROM location l JOIN message m ON m.n = l.message "
            "WHERE l.mailbox = (SELECT n FROM mailbox WHERE inbox = ? AND name = ?) AND l.uid <= ? ORDER BY l.uid DESC LIMIT ?",
            (inbox, mailbox, uid, limit),
        )
        return [MessageId(message_id) for (message_id,) in rows]

    def _rows(self, sql: str, params: Sequence[SqlValue]) -> list[Row]:
        """None where nothing was pulled yet, or by another version."""
        if not self._path.exists():
            return []
        with closing(connect(self._path, readonly=True)) as connection:
            return connection.execute(sql, params) if connection.user_version == CACHE_VERSION else []
