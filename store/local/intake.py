"""One batch of one mailbox on its way into the tables: prepared outside the transaction, taken in inside it."""

from collections.abc import Mapping, Sequence

import msgspec

from store.domain.ids import ConversationId, InboxKey
from store.domain.message import Address
from store.local import worded
from store.local.addresses import BatchAddresses
from store.local.codec import EPOCH, pack_bytes, pack_evidence, pack_message, storable
from store.local.conversations import LIST_MARK, Begun, Predict, add_begun, begin_line, ensure, facts_of_one
from store.local.indexing import BatchWords
from store.local.registry import Sibling, has_claims, place
from store.local.rows import Cursor, NewMail
from store.local.schema import SECOND_BITS
from store.local.twins import is_another, own_identity
from store.sqlite.connection import Connection, Row

PREVIEW = 2
"""`message.header_only` of a message of which only the header is here."""


class Prepared(msgspec.Struct, frozen=True, array_like=True):
    """A mail with everything that can be computed without the database. Light enough to come from another process."""

    mail: NewMail
    """Without its source and its text, which are in the other fields."""
    second: int
    parsed: bytes
    raw: bytes | None
    words: tuple[bytes, ...]
    """As the index wants them, in UTF-8: `worded.COLUMNS`. Bytes, for they are written out as such here and read as such there."""


def prepare(mail: NewMail) -> Prepared:
    """Compress and fold; safe on any thread."""
    second = max(int((mail.internaldate - EPOCH).total_seconds()), 0)
    raw = None if mail.raw is None else pack_bytes(mail.raw)
    light = msgspec.structs.replace(mail, raw=None, message=msgspec.structs.replace(mail.message, text=""))
    return Prepared(
        light, second, pack_message(mail.message), raw, tuple([words.encode("utf-8", "replace") for words in worded.words_of(mail.message)])
    )


def lack_of(mail: NewMail) -> int:
    """How much of it is missing here: 0 nothing, 1 attachments, 2 all but the header."""
    return PREVIEW if mail.preview else int(mail.header_only)


class Intake:
    """Takes one batch in, and `finish` makes it findable. `touched`: the conversations whose lines must be written anew afterwards."""

    def __init__(self, connection: Connection, inbox: InboxKey, mailbox: str, predict: Predict, *, outgoing: bool) -> None:
        self._connection = connection
        self._inbox = inbox
        self._outgoing = outgoing
        self.predict = predict
        self._has_claims = has_claims(connection)
        self._words = BatchWords(connection)
        self._addresses = BatchAddresses()
        self.touched: set[int] = set()
        self._begun: dict[int, Begun] = {}
        self.left: frozenset[ConversationId] = frozenset()
        """Ids that name a conversation of their own no longer: their thread turned out to be part of another."""
        connection.execute("INSERT INTO mailbox (inbox, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (inbox, mailbox))
        self._mailbox: int = connection.value("SELECT n FROM mailbox WHERE inbox = ? AND name = ?", (inbox, mailbox))

    def take_in(self, one: Prepared) -> None:
        """Store a message, or recognise it: one message may lie in several mailboxes, and come back under another uid."""
        mail = one.mail
        of_this_id = self._connection.execute(
            "SELECT content_sha256, claimed, n, conversation, header_only, outgoing FROM message WHERE inbox = ? AND message_id = ?",
            (self._inbox, mail.message_id),
        )
        identity = mail.content_sha256
        known = next((row for row in of_this_id if row[0] == identity), None)
        if known is not None and is_another(self._connection, known[2], one.raw):
            identity = own_identity(identity, one.raw)
            known = next((row for row in of_this_id if row[0] == identity), None)
        places: list[Row] = []
        previewed_in: int | None = None
        if known is not None and known[4] == PREVIEW and not (mail.preview or known[1]):
            # The text may say better where it belongs, as a bounce's does; only the journal's word stands.
            previewed_in = known[3]
            self.touched.add(previewed_in)
            of_this_id.remove(known)
            places, known = self._withdraw(known[2]), None
        if known is None:
            n = self._insert(one, identity, Sibling.of(of_this_id))
            if previewed_in is not None:
                self._lead_on(previewed_in, n)
        else:
            _, _, n, conversation, header_only, outgoing = known
            if lack_of(mail) < header_only:
                self._complete(n, one)
            if self._outgoing and not outgoing:
                self._connection.execute("UPDATE message SET outgoing = 1 WHERE n = ?", (n,))
            self.touched.add(conversation)
        for mailbox, uid, flags in (*places, (self._mailbox, mail.uid, storable(LIST_MARK.join(mail.flags)))):
            self._put(mailbox, uid, n, flags)

    def _put(self, mailbox: int, uid: int, n: int, flags: str) -> None:
        self._connection.execute(_PUT, (mailbox, uid, n, flags))

    def _withdraw(self, n: int) -> list[Row]:
        """Take a preview out again; returns the places where its mail lies: mailbox, uid, flags."""
        places = self._connection.execute("DELETE FROM location WHERE message = ? RETURNING mailbox, uid, flags", (n,))
        self._words.take_out(n)
        self._connection.execute("DELETE FROM message WHERE n = ?", (n,))
        return places

    def _lead_on(self, row: int, n: int) -> None:
        """Have the name of a conversation that was no more than this message's preview lead to where the message is now: it may have a draft."""
        sql = (
            "SELECT o.id, c.id FROM conversation o, message m JOIN conversation c ON c.n = m.conversation WHERE o.n = ? AND m.n = ? AND c.n <> o.n "
            "AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = o.n) AND NOT EXISTS (SELECT 1 FROM state WHERE conversation = o.n)"
        )
        if (names := self._connection.one(sql, (row, n))) is not None:
            old, now = names
            self._connection.execute("UPDATE thread SET conversation_id = ? WHERE conversation_id = ?", (now, old))
            self._connection.execute("INSERT OR REPLACE INTO thread VALUES (?, ?)", (old, now))
            self.left |= {ConversationId(old)}

    def _insert(self, one: Prepared, identity: str, sibling: Sibling | None) -> int:
        mail, message = one.mail, one.mail.message
        placed = place(self._connection, self._inbox, mail, sibling, claims=self._has_claims)
        n = self._free_number(one.second)
        sender = message.from_[0] if message.from_ else Address("", "")
        first_to = message.to[0] if message.to else Address("", "")
        subject, *people = map(storable, (message.subject, sender.name, sender.address, first_to.name, first_to.address))
        conversation = placed.conversation if placed.begins is None else self._begin(placed.begins, n, subject, people)
        self._connection.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                n,
                conversation,
                self._inbox,
                mail.message_id,
                identity,
                mail.thread_key,
                int(placed.claimed),
                int(self._outgoing),
                lack_of(mail),
                mail.size_bytes,
                len(message.attachments),
                subject,
                *people,
                pack_evidence(placed.evidence),
            ),
        )
        self._connection.execute("INSERT INTO body VALUES (?, ?, ?)", (n, one.parsed, one.raw))
        self._words.put(n, one.words)
        self._addresses.remember(n, message, outgoing=self._outgoing)
        if placed.begins is None:
            self.touched.add(conversation)
        self.touched |= placed.touched
        self.left |= placed.left
        return n

    def _begin(self, id_: ConversationId, n: int, subject: str, people: Sequence[str]) -> int:
        """The row of a conversation that begins with a message."""
        customer = (people[2], people[3]) if self._outgoing else (people[0], people[1])
        facts = facts_of_one(n, subject, customer, outgoing=self._outgoing)
        begun = begin_line(self._connection, id_, self._inbox, facts, self.predict)
        if begun is None:
            row = ensure(self._connection, id_, self._inbox)
            self.touched.add(row)
            return row
        self._begun[begun.n] = begun
        return begun.n

    @property
    def changed(self) -> set[int]:
        """The conversations that are others now: those touched, and those that began and have their lines."""
        return self.touched | self._begun.keys()

    def _complete(self, n: int, one: Prepared) -> None:
        sql = "UPDATE message SET header_only = ?, attachments = ? WHERE n = ?"
        self._connection.execute(sql, (lack_of(one.mail), len(one.mail.message.attachments), n))
        self._connection.execute("UPDATE body SET parsed = ?, raw = ? WHERE message = ?", (one.parsed, one.raw, n))
        self._words.put_anew(n, one.words)

    def _free_number(self, second: int) -> int:
        low = second << SECOND_BITS
        newest: int | None = self._connection.value("SELECT max(n) FROM message WHERE n >= ? AND n < ?", (low, low + (1 << SECOND_BITS)))
        return low if newest is None else newest + 1

    def forget_uids(self) -> None:
        """RFC 9051 2.3.1.1: a new uidvalidity; the messages stay, known by their Message-ID."""
        self._connection.execute("DELETE FROM location WHERE mailbox = ?", (self._mailbox,))

    def remove(self, uids: Sequence[int]) -> None:
        """These lie here no more; the messages stay, for the team's record must not vanish with somebody's clean-up.

        Only of a preview nobody has read a word yet: it goes with its place.
        """
        for uid in uids:
            self._touch(uid)
            self._connection.execute("DELETE FROM location WHERE mailbox = ? AND uid = ?", (self._mailbox, uid))
        if uids:
            sql = "SELECT n FROM message WHERE header_only = 2 AND NOT EXISTS (SELECT 1 FROM location WHERE message = n)"
            for (n,) in self._connection.execute(sql):
                self._withdraw(n)

    def set_flags(self, flags: Mapping[int, tuple[str, ...]]) -> None:
        """Flags of messages that are here already."""
        for uid, words in flags.items():
            self._touch(uid)
            self._connection.execute(
                "UPDATE location SET flags = ? WHERE mailbox = ? AND uid = ?", (storable(LIST_MARK.join(words)), self._mailbox, uid)
            )

    def _touch(self, uid: int) -> None:
        sql = "SELECT m.conversation FROM location l JOIN message m ON m.n = l.message WHERE l.mailbox = ? AND l.uid = ?"
        if (row := self._connection.one(sql, (self._mailbox, uid))) is not None:
            self.touched.add(row[0])

    def finish(self) -> None:
        """Write what waited for the whole batch."""
        add_begun(self._connection, self._begun.values())
        self._words.write()
        self._addresses.write(self._connection)

    def move_cursor(self, cursor: Cursor) -> None:
        """In the same transaction as what it covers, and nowhere else."""
        self._connection.execute(
            "UPDATE mailbox SET uidvalidity = ?, highest_uid = ?, lowest_uid = ?, modseq = ? WHERE n = ?",
            (cursor.uidvalidity, cursor.highest_uid, cursor.lowest_uid, cursor.modseq, self._mailbox),
        )


_PUT = "INSERT INTO location VALUES (?, ?, ?, ?) ON CONFLICT (mailbox, uid) DO UPDATE SET message = excluded.message, flags = excluded.flags"
