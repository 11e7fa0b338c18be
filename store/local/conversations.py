"""The line of a conversation: written anew from what mail and team know of it, whenever either changes. Runs inside a transaction."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, InboxKey, ThreadKey
from store.domain.read_marks import NOTHING, Personal
from store.domain.status import FINISHED, IN_WORK_TRAY, Category
from store.domain.waiting import waiting_since
from store.local import schema
from store.local.schema import SECOND_BITS
from store.local.states import pack_state, unpack_state
from store.local.times import micros, moment
from store.sqlite.connection import Connection, SqlValue


class Shown(NamedTuple):
    """A conversation as this home shows it: with the waiting commands' effect, whether any waits, and what it is to its agent."""

    state: Conversation
    waits: bool
    mine: Personal


Predict = Callable[[Conversation], Shown]
"""From the mirror's state (`store.local.overlay`)."""

LIST_MARK = schema.LIST_MARK


OF_ANOTHER_EPOCH = -1
"""`state.loading` of what counts its journal otherwise."""
HIDDEN = -2
"""`state.loading` of a conversation that is in an inbox which is not ours: nothing of it is here but mail of our own mailboxes."""


class MailFacts(NamedTuple):
    """What the mailboxes alone say of a conversation."""

    messages: int
    last_at: int
    subject: str
    customer_name: str
    customer_address: str
    waits_since: int | None = None
    """When the first mail came that has no mail of ours behind it."""
    sent: bool = False
    """Whether a mail of ours is among them."""


def number_of(connection: Connection, conversation_id: ConversationId) -> int | None:
    """The row number of a conversation, or None."""
    n: int | None = connection.value("SELECT n FROM conversation WHERE id = ?", (conversation_id,))
    return n


def now_called(connection: Connection, conversation_id: ConversationId) -> ConversationId:
    """The id of the conversation that this one is part of by now; ids are aliases for ever. The same where that is not known."""
    if number_of(connection, conversation_id) is not None:
        return conversation_id
    mapped: str | None = connection.value("SELECT conversation_id FROM thread WHERE key = ?", (conversation_id,))
    return conversation_id if mapped is None else ConversationId(mapped)


def all_called(connection: Connection, conversation_ids: Sequence[ConversationId]) -> list[ConversationId]:
    """The same of many, in their order."""
    sql = (
        "SELECT coalesce((SELECT id FROM conversation WHERE id = given.value),"
        " (SELECT conversation_id FROM thread WHERE key = given.value), given.value) FROM json_each(?) AS given ORDER BY given.key"
    )
    return [ConversationId(row[0]) for row in connection.execute(sql, (json.dumps(conversation_ids),))]


def ensure(connection: Connection, conversation_id: ConversationId, inbox: InboxKey) -> int:
    """The row number of a conversation, made now if there is none; `refresh` must follow."""
    n = number_of(connection, conversation_id)
    if n is None:
        connection.execute("INSERT INTO conversation (id, inbox) VALUES (?, ?)", (conversation_id, inbox))
        n = connection.last_rowid
    return n


def ids_of(connection: Connection, numbers: Iterable[int]) -> frozenset[ConversationId]:
    """The ids behind row numbers."""
    rows = connection.execute("SELECT id FROM conversation WHERE n IN (SELECT value FROM json_each(?))", (str([*numbers]),))
    return frozenset(ConversationId(one) for (one,) in rows)


def load_state(connection: Connection, n: int) -> Conversation | None:
    """The mirror's state, without waiting commands; None: the team does not know it (yet)."""
    packed: bytes | None = connection.value("SELECT packed FROM state WHERE conversation = ? AND loading <> ?", (n, HIDDEN))
    return None if packed is None else unpack_state(packed)


def shown_state(connection: Connection, conversation_id: ConversationId) -> Conversation | None:
    """The mirror's state of one that may be shown, that of a blank one where only the mailbox knows it; without waiting commands."""
    row = connection.one("SELECT n, inbox FROM conversation WHERE id = ? AND shown >= 0", (conversation_id,))
    if row is None:
        return None
    return load_state(connection, row[0]) or blank(conversation_id, InboxKey(row[1]), mail_facts(connection, row[0]))


def is_hidden(connection: Connection, n: int) -> bool:
    """Whether it is in an inbox that is not ours."""
    return connection.one("SELECT 1 FROM state WHERE conversation = ? AND loading = ?", (n, HIDDEN)) is not None


def save_state(connection: Connection, n: int, state: Conversation, *, loading: int) -> None:
    """Store the mirror's state; `refresh` must follow."""
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", (n, loading, pack_state(state)))


def blank(conversation_id: ConversationId, inbox: InboxKey, facts: MailFacts) -> Conversation:
    """A conversation that only the mailbox knows: new, without a number, at revision 0."""
    return Conversation(
        conversation_id,
        inbox=inbox,
        thread_key=ThreadKey(conversation_id),
        subject=facts.subject,
        customer_name=facts.customer_name,
        customer_address=facts.customer_address,
        last_at=moment(facts.last_at),
    )


def mail_facts(connection: Connection, n: int) -> MailFacts:
    """Read them; the customer is who wrote first from outside, or whom we wrote to first."""
    count, newest = connection.execute("SELECT count(*), max(n) FROM message WHERE conversation = ?", (n,))[0]
    if not count:
        return MailFacts(0, 0, "", "", "")
    columns = "SELECT subject, outgoing, from_name, from_address, to_name, to_address FROM message WHERE conversation = ?"
    first = connection.execute(f"{columns} ORDER BY n LIMIT 1", (n,))[0]
    inbound = first if not first[1] else connection.one(f"{columns} AND outgoing = 0 ORDER BY n LIMIT 1", (n,))
    name, address = inbound[2:4] if inbound else first[4:6]
    # One that is alone, as most are, need not be asked for.
    waits, sent = connection.execute(_UNANSWERED, (n,))[0] if count > 1 else (None, 1) if first[1] else (newest, None)
    return MailFacts(count, _arrived_at(newest), first[0], name, address, None if waits is None else _arrived_at(waits), sent is not None)


_UNANSWERED = """
WITH ours AS MATERIALIZED (SELECT max(n) AS last FROM message WHERE conversation = ?1 AND outgoing = 1)
SELECT min(n), ours.last FROM ours LEFT JOIN message ON conversation = ?1 AND outgoing = 0 AND n > coalesce(ours.last, 0)
"""


def _arrived_at(n: int) -> int:
    return (n >> SECOND_BITS) * 1_000_000


def refresh(connection: Connection, n: int, predict: Predict) -> None:
    """Write the line of one conversation; a line that nothing stands behind any more is removed."""
    sql = "SELECT c.id, c.inbox, s.loading, s.packed FROM conversation c LEFT JOIN state s ON s.conversation = c.n WHERE c.n = ?"
    row = connection.one(sql, (n,))
    if row is None:
        return
    id_, inbox, loading, packed = row
    is_not_ours = loading == HIDDEN
    facts = mail_facts(connection, n)
    state = None if packed is None or is_not_ours else unpack_state(packed)
    if state is None and not facts.messages:
        connection.execute("DELETE FROM conversation WHERE n = ?", (n,))
        return
    empty = blank(ConversationId(id_), InboxKey(inbox), facts)
    if is_not_ours:
        _write_line(connection, n, Shown(empty, waits=False, mine=NOTHING), facts)
        connection.execute("UPDATE conversation SET tray = 0, shown = -1 WHERE n = ?", (n,))
        return
    _write_line(connection, n, predict(state or empty), facts)


_LINE = (
    "inbox", "last_at", "number", "revision", "subject", "customer_name", "customer_address", "status", "category", "owner", "suggested_owner",
    "urgency", "tags", "folder", "followers", "wake_at", "own_category", "due_at", "lease_by", "lease_since", "messages", "comments", "pending",
    "waiting_since", "called", "flags", "sent", "tray", "shown", "mine", "seen", "unread", "woken",
)  # fmt: skip
"""What `_values` are of."""
# OR FAIL: whoever writes undoes the whole transaction or savepoint anyway. OR ABORT would have SQLite copy every page that a trigger may
# touch aside first, for each line anew: 40 of 100 writes of a first pull.
_UPDATE = f"UPDATE OR FAIL conversation SET {', '.join(f'{name} = ?' for name in _LINE)} WHERE n = ?"  # noqa: S608 - constants of this file
_INSERT = f"INSERT INTO conversation (id, {', '.join(_LINE)}) VALUES (?{', ?' * len(_LINE)})"  # noqa: S608
_TRAY, _SHOWN, _MINE = map(_LINE.index, ("tray", "shown", "mine"))


class Begun(NamedTuple):
    """A line that was written whole, and what it adds to the counters."""

    n: int
    tray: int
    shown: int


def begin_line(connection: Connection, conversation_id: ConversationId, inbox: InboxKey, facts: MailFacts, predict: Predict) -> Begun | None:
    """Write the line of a conversation that a mail begins, at once as `refresh` would leave it; None, and nothing done, where that does more.

    `add_begun` must follow. Most of a first pull is such lines, and to look up again what was just stored takes longer than to write it.
    """
    values = _values(predict(blank(conversation_id, inbox, facts)), facts)
    if values[_MINE] is not None:
        return None
    connection.execute(_INSERT, (conversation_id, *values))
    return Begun(connection.last_rowid, int(values[_TRAY] == 1), int(values[_SHOWN] == 1))


def add_begun(connection: Connection, begun: Iterable[Begun]) -> None:
    """Count lines that were written whole."""
    lines = list(begun)
    sql = "UPDATE counter SET conversations = conversations + ? WHERE view = ?"
    connection.execute(sql, (sum(one.tray for one in lines), "tray"))
    connection.execute(sql, (sum(one.shown for one in lines), "shown"))


def _write_line(connection: Connection, n: int, line: Shown, facts: MailFacts) -> None:
    connection.execute(_UPDATE, (*_values(line, facts), n))


def _values(line: Shown, facts: MailFacts) -> tuple[SqlValue, ...]:
    shown, category = line.state, line.state.category
    in_work = category not in FINISHED
    return (
        shown.inbox,
        _last_at(shown, facts),
        shown.number or None,
        shown.revision,
        shown.subject or facts.subject,
        shown.customer_name or facts.customer_name,
        shown.customer_address or facts.customer_address,
        shown.status,
        category,
        shown.owner,
        shown.suggested_owner,
        int(shown.urgency),
        LIST_MARK.join(shown.tags),
        shown.folder,
        LIST_MARK.join(one.member for one in shown.followers),
        micros(shown.wake_at) if shown.wake_at and category is Category.WAITING else None,
        shown.own_category,
        None if shown.due_in_work is None else micros(shown.due_in_work),
        shown.lease.by if shown.lease else None,
        micros(shown.lease.since) if shown.lease else None,
        max(facts.messages, len(shown.messages)),
        len(shown.comments),
        int(line.waits),
        _waits_since(shown, facts),
        int(line.mine.called),
        LIST_MARK.join(shown.flags),
        int(facts.sent),
        int(category in IN_WORK_TRAY),
        int(category is not Category.JUNK),
        shown.owner if in_work else None,
        line.mine.seen,
        int(line.mine.unread),
        int(line.mine.woken),
    )


def facts_of_one(n: int, subject: str, customer: tuple[str, str], *, outgoing: bool) -> MailFacts:
    """What `mail_facts` finds where a conversation is this one message."""
    arrived = _arrived_at(n)
    return MailFacts(1, arrived, subject, *customer, None if outgoing else arrived, outgoing)


def _waits_since(shown: Conversation, facts: MailFacts) -> int | None:
    if not shown.revision:
        return facts.waits_since
    since = waiting_since(shown)
    return None if since is None else micros(since)


def _last_at(shown: Conversation, facts: MailFacts) -> int:
    # The server's own time of arrival is the truth; the team's counts while it knows of mail that was not pulled yet.
    team = micros(shown.last_at)
    return facts.last_at if facts.messages >= max(1, len(shown.messages)) else max(facts.last_at, team)
