"""What lies in each mailbox, place by place, and whether the store agrees with itself: the store's side of the comparison with a server."""

from collections.abc import Mapping, Sequence

from store.domain.ids import ConversationId, InboxKey
from store.local.codec import unpack_bytes
from store.local.conversations import LIST_MARK, ids_of, refresh
from store.local.files import Files
from store.local.flaws import Flaw, FlawKind
from store.local.indexing import write_anew
from store.local.intake import Prepared, prepare
from store.local.mending import find_flaws, mend_flaws
from store.local.opening import mark_damaged
from store.local.overlay import Overlay
from store.local.remembered import Remembered
from store.local.rows import Entry, NewMail
from store.local.twins import common_hash
from store.sqlite.connection import Connection
from store.sqlite.errors import StoreCorrupt

_ENTRIES = """
SELECT l.uid, m.size_bytes, l.flags, m.content_sha256 FROM location l JOIN message m ON m.n = l.message
WHERE l.mailbox = (SELECT n FROM mailbox WHERE inbox = ? AND name = ?) AND l.uid BETWEEN ? AND ?
"""
_RAW_AT = """
SELECT b.raw FROM location l JOIN body b ON b.message = l.message
WHERE l.mailbox = (SELECT n FROM mailbox WHERE inbox = ? AND name = ?) AND l.uid = ?
"""
_SAME_AT = """
SELECT m.n, m.conversation FROM location l JOIN message m ON m.n = l.message
WHERE l.mailbox = (SELECT n FROM mailbox WHERE inbox = ? AND name = ?) AND l.uid = ? AND m.message_id = ?
"""


class Ledger:
    """Safe from any thread."""

    def __init__(self, files: Files, overlay: Overlay) -> None:
        self._files = files
        self._overlay = overlay
        self.remembered = Remembered(files)
        """What comparisons with the servers came to."""

    def entries(self, inbox: InboxKey, mailbox: str, low: int, high: int) -> Mapping[int, Entry]:
        """What lies at the UIDs from `low` to `high`."""

        def work(connection: Connection) -> dict[int, Entry]:
            rows = connection.execute(_ENTRIES, (inbox, mailbox, low, high))
            return {uid: Entry(size, tuple(flags.split(LIST_MARK)) if flags else (), common_hash(sha256)) for uid, size, flags, sha256 in rows}

        return self._files.read(work)

    def raw_at(self, inbox: InboxKey, mailbox: str, uid: int) -> bytes | None:
        """The source of the message at one place, of two with one Message-ID the right one; None when it is not here, or not whole."""

        def work(connection: Connection) -> bytes | None:
            packed: bytes | None = connection.value(_RAW_AT, (inbox, mailbox, uid))
            return packed

        packed = self._files.read(work)
        return None if packed is None else unpack_bytes(packed)

    def reread(self, inbox: InboxKey, mailbox: str, mails: Sequence[NewMail]) -> None:
        """These lay here already and were fetched anew: what is stored of them is replaced, in its conversation and at its place.

        One whose Message-ID is another one is left alone: it is another message, to be taken in as a new one.
        """
        prepared = [prepare(mail) for mail in mails]

        def work(connection: Connection) -> frozenset[ConversationId]:
            touched = {n for one in prepared if (n := _replace(connection, inbox, mailbox, one)) is not None}
            predict = self._overlay.predictor(connection)
            for n in touched:
                refresh(connection, n, predict)
            return ids_of(connection, touched)

        if touched := self._files.write(work):
            self._files.changes.publish(touched)

    def check(self, *, deep: bool = False) -> tuple[Flaw, ...]:
        """What is wrong inside the store; nothing is changed. `deep` also reads the whole file and every text."""
        return self._files.read(lambda connection: find_flaws(connection, deep=deep))

    def mend(self, *, deep: bool = False) -> tuple[Flaw, ...]:
        """Put the store in order with itself; the answer is what was wrong. Compare with the server afterwards: it has what was lost.

        Raises:
            StoreCorrupt: The file itself is damaged: the next start makes it anew.
        """
        flaws = self.check(deep=deep)
        if any(flaw.kind is FlawKind.FILE for flaw in flaws):
            mark_damaged(self._files.cache_path)
            raise StoreCorrupt(self._files.cache_path, "found by a check")
        if flaws:
            self._files.write(lambda connection: mend_flaws(connection, self._overlay.predictor(connection), deep=deep))
        return flaws


def _replace(connection: Connection, inbox: InboxKey, mailbox: str, one: Prepared) -> int | None:
    """Write a message over itself; the answer is its conversation's row."""
    mail, message = one.mail, one.mail.message
    row = connection.one(_SAME_AT, (inbox, mailbox, mail.uid, mail.message_id))
    if row is None:
        return None
    n, conversation = int(row[0]), int(row[1])
    twin = connection.value(
        "SELECT n FROM message WHERE inbox = ? AND message_id = ? AND content_sha256 = ? AND n <> ?", (inbox, mail.message_id, mail.content_sha256, n)
    )
    if twin is not None:
        # It is here under its right name as well: taking it in leads the place there.
        return None
    connection.execute(
        "UPDATE message SET content_sha256 = ?, header_only = ?, size_bytes = ?, attachments = ? WHERE n = ?",
        (mail.content_sha256, int(mail.header_only), mail.size_bytes, len(message.attachments), n),
    )
    connection.execute("INSERT OR REPLACE INTO body VALUES (?, ?, ?)", (n, one.parsed, one.raw))
    write_anew(connection, n, one.words)
    return conversation
