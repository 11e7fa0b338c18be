"""Which conversation a message belongs to: what the team's journal says of that very message, else of its thread, else the thread's own."""

from collections.abc import Sequence
from typing import NamedTuple

from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, InboxKey, MessageId, ThreadKey
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.thread_roots import Joined
from store.domain.threading import Link
from store.local.codec import pack_evidence, unpack_evidence
from store.local.conversations import ensure, number_of
from store.local.rows import NewMail
from store.local.threads import join_thread
from store.sqlite.connection import Connection, Row


class Placed(NamedTuple):
    """Where a message goes. `claimed`: the journal names it. `touched`, `left`: rows that gained or lost others because of it, and old ids."""

    conversation: int
    claimed: bool
    evidence: ThreadEvidence
    touched: frozenset[int] = frozenset()
    left: frozenset[ConversationId] = frozenset()
    begins: ConversationId | None = None
    """The id of a conversation that is not here yet and begins with this message; `conversation` is 0 then."""


class Sibling(NamedTuple):
    """A message that bears the same Message-ID but has other content, such as a copy through a mailing list."""

    conversation: int
    claimed: bool

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Sibling | None":
        """From rows that hold `claimed` second and `conversation` fourth: one that the journal named, if any is."""
        row = max(rows, key=lambda row: int(row[1]), default=None)
        return None if row is None else cls(row[3], bool(row[1]))


def has_claims(connection: Connection) -> bool:
    """Whether the journal has named any message that was not pulled yet."""
    return connection.one("SELECT 1 FROM claim LIMIT 1") is not None


def place(connection: Connection, inbox: InboxKey, mail: NewMail, sibling: Sibling | None, *, claims: bool) -> Placed:
    """Find the conversation of a message that is about to be stored; an open claim is used up, if there are any (`has_claims`).

    Where the message shows that two threads are one, what only the mailbox knows of them comes together.
    """
    joined, chain = join_thread(connection, inbox, mail)
    claim = _claim_of(connection, inbox, mail.message_id) if claims else None
    evidence = ThreadEvidence(By.SAME_ID, id=mail.message_id) if sibling else joined.evidence
    home: int | None = None
    if claim is not None:
        home = ensure(connection, ConversationId(claim[0]), inbox)
        evidence = evidence if claim[1] is None else unpack_evidence(claim[1])
    elif sibling is not None and sibling.claimed:
        home = sibling.conversation
    claimed = home is not None
    if joined.thread == joined.own and not joined.were:
        if home is not None:
            return Placed(home, claimed, evidence)
        named = _mapped(connection, joined.own)
        there = number_of(connection, named)
        return Placed(0, claimed, evidence, begins=named) if there is None else Placed(there, claimed, evidence)
    return _gather(connection, inbox, joined, chain, Placed(home or 0, claimed, evidence))


def _claim_of(connection: Connection, inbox: InboxKey, message_id: MessageId) -> Row | None:
    """Use up the open claim for a message. Looked for first: to delete nothing takes three times as long, and most mail has none."""
    named = (inbox, message_id)
    claim = connection.one("SELECT conversation_id, evidence FROM claim WHERE inbox = ? AND message_id = ?", named)
    if claim is not None:
        connection.execute("DELETE FROM claim WHERE inbox = ? AND message_id = ?", named)
    return claim


def home_of_thread(connection: Connection, inbox: InboxKey, key: ThreadKey) -> int:
    """The row of a thread's conversation; it is made where there is none."""
    return ensure(connection, _mapped(connection, key), inbox)


def _mapped(connection: Connection, key: ThreadKey) -> ConversationId:
    found: str | None = connection.value("SELECT conversation_id FROM thread WHERE key = ?", (key,))
    return ConversationId(found or key)


class _Row(NamedTuple):
    n: int
    id: ConversationId
    by_team: bool
    number: int


def _gather(connection: Connection, inbox: InboxKey, joined: Joined, chain: tuple[Link, ...], placed: Placed) -> Placed:
    """One conversation for a thread of several keys: the team's where it has one, else that of the thread's key."""
    keys = tuple(dict.fromkeys((joined.own, joined.thread, *joined.were)))
    found = {key: row for key in keys if (row := _row(connection, _mapped(connection, key))) is not None}
    home = placed.conversation or _of_team(connection, inbox, found, joined, chain) or _of_mailbox(connection, inbox, found, joined)
    home_id: str = connection.value("SELECT id FROM conversation WHERE n = ?", (home,))
    gone = [row for row in found.values() if row.id != home_id and not row.by_team]
    for row in gone:
        if row.n != home:
            connection.execute("UPDATE message SET conversation = ? WHERE conversation = ? AND NOT claimed", (home, row.n))
            connection.execute("UPDATE thread SET conversation_id = ? WHERE conversation_id = ?", (home_id, row.id))
    for key in keys:
        if key != home_id and (key not in found or not found[key].by_team):
            connection.execute("INSERT OR REPLACE INTO thread VALUES (?, ?)", (key, home_id))
    connection.execute("DELETE FROM thread WHERE key = conversation_id AND key = ?", (home_id,))
    return placed._replace(conversation=home, touched=frozenset({home, *(row.n for row in gone)}), left=frozenset(row.id for row in gone))


def _row(connection: Connection, conversation_id: ConversationId) -> _Row | None:
    sql = "SELECT n, id, EXISTS (SELECT 1 FROM state WHERE conversation = n), coalesce(number, 0) FROM conversation WHERE id = ?"
    row = connection.one(sql, (conversation_id,))
    return None if row is None else _Row(row[0], ConversationId(row[1]), bool(row[2]), row[3])


def _of_team(connection: Connection, inbox: InboxKey, found: dict[ThreadKey, _Row], joined: Joined, chain: tuple[Link, ...]) -> int | None:
    """The team's conversation that the server will most likely name: that of the own key, of the nearest message named, of another key."""
    own = found.get(joined.own)
    if own is not None and own.by_team:
        return own.n
    for link in reversed(chain):
        near: int | None = connection.value(
            "SELECT conversation FROM message WHERE inbox = ? AND message_id = ? AND claimed LIMIT 1", (inbox, link.id)
        )
        if near is not None:
            return near
    return next((row.n for row in sorted(found.values(), key=lambda row: row.number) if row.by_team), None)


def _of_mailbox(connection: Connection, inbox: InboxKey, found: dict[ThreadKey, _Row], joined: Joined) -> int:
    """The row under the thread's key; a row of an earlier key is given that name, for moving a long thread would cost."""
    thread = ConversationId(joined.thread)
    there = number_of(connection, thread)
    if there is not None:
        return there
    earlier = next(iter(found.values()), None)
    if earlier is None:
        return ensure(connection, thread, inbox)
    connection.execute("UPDATE conversation SET id = ? WHERE n = ?", (thread, earlier.n))
    connection.execute("UPDATE thread SET conversation_id = ? WHERE conversation_id = ?", (thread, earlier.id))
    connection.execute("INSERT OR REPLACE INTO thread VALUES (?, ?)", (earlier.id, thread))
    return earlier.n


def claim_message(
    connection: Connection, inbox: InboxKey, message_id: MessageId, conversation_id: ConversationId, evidence: ThreadEvidence | None = None
) -> set[int]:
    """The journal says that this message belongs there, and why; the answer is the rows of the conversations that gained or lost it."""
    rows = connection.execute("SELECT n, conversation, claimed FROM message WHERE inbox = ? AND message_id = ?", (inbox, message_id))
    packed = None if evidence is None else pack_evidence(evidence)
    if not rows:
        connection.execute("INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?)", (inbox, message_id, conversation_id, packed))
        return set()
    target = ensure(connection, conversation_id, inbox)
    touched: set[int] = set()
    for n, conversation, claimed in rows:
        if conversation != target or not claimed:
            connection.execute(
                "UPDATE message SET conversation = ?, claimed = 1, evidence = CASE WHEN ? THEN ? ELSE evidence END WHERE n = ?",
                (target, evidence is not None, packed, n),
            )
            touched |= {conversation, target}
    return touched


def map_thread(connection: Connection, inbox: InboxKey, thread_key: ThreadKey, conversation_id: ConversationId) -> set[int]:
    """The journal says that this thread's mail goes there from now on.

    Messages that the journal has named stay where it put them: a follow-up takes only what comes after it.
    """
    if not thread_key:
        return set()
    if str(conversation_id) == str(thread_key):
        connection.execute("DELETE FROM thread WHERE key = ?", (thread_key,))
    else:
        connection.execute("INSERT OR REPLACE INTO thread VALUES (?, ?)", (thread_key, conversation_id))
    rows = connection.execute(
        "SELECT DISTINCT conversation FROM message WHERE thread_key = ? AND inbox = ? AND NOT claimed AND conversation IS NOT "
        "(SELECT n FROM conversation WHERE id = ?)",
        (thread_key, inbox, conversation_id),
    )
    if not rows:
        return set()
    target = ensure(connection, conversation_id, inbox)
    connection.execute("UPDATE message SET conversation = ? WHERE thread_key = ? AND inbox = ? AND NOT claimed", (target, thread_key, inbox))
    return {target, *(row[0] for row in rows)}


def lead_on(connection: Connection, n: int, state: Conversation, into: ConversationId) -> set[int]:
    """The journal says that this conversation is part of another by now: its id and its number lead there, and its row ends."""
    target = ensure(connection, into, state.inbox)
    connection.execute("UPDATE message SET conversation = ? WHERE conversation = ?", (target, n))
    connection.execute("UPDATE comment SET conversation = ? WHERE conversation = ?", (target, n))
    connection.execute("UPDATE claim SET conversation_id = ? WHERE conversation_id = ?", (into, state.id))
    connection.execute("UPDATE thread SET conversation_id = ? WHERE conversation_id = ?", (into, state.id))
    for alias in (state.id, f"#{state.number}"):
        connection.execute("INSERT OR REPLACE INTO thread VALUES (?, ?)", (alias, into))
    # The row's own end is the refresh's: nothing stands behind it any more.
    connection.execute("DELETE FROM state WHERE conversation = ?", (n,))
    return {n, target}


def let_go(connection: Connection, state: Conversation, other: ConversationId) -> set[int]:
    """The journal says that this one is a conversation of its own again: its names lead to it, and its messages and comments are its own."""
    for alias in (state.id, f"#{state.number}"):
        connection.execute("DELETE FROM thread WHERE key = ?", (alias,))
    target = ensure(connection, state.id, state.inbox)
    touched = {target}
    if state.thread_key and str(state.thread_key) != str(state.id):
        touched |= map_thread(connection, state.inbox, state.thread_key, state.id)
    for message in state.messages:
        touched |= claim_message(connection, message.inbox or state.inbox, message.message_id, state.id)
    for comment in state.comments:
        connection.execute("UPDATE comment SET conversation = ? WHERE id = ?", (target, comment.id))
    if (from_ := number_of(connection, other)) is not None:
        touched.add(from_)
    return touched
