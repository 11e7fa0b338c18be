"""Taking out of the cache what is no longer this home's to hold: a whole inbox, piece by piece, or what the team said of one conversation.

Everything here runs in a transaction of its caller's.
"""

from collections.abc import Collection

import msgspec

from store.domain.ids import ConversationId, InboxKey
from store.local.conversations import HIDDEN, Predict, refresh
from store.local.holdings import Inboxes
from store.local.people import load_templates
from store.sqlite.connection import Connection

_BETWEEN = "\x1f"
GOING = -2
"""`conversation.shown` of what is in nobody's sight any more, and is taken out piece by piece."""
IS_GOING = "going"
"""The fact that there is such."""
HIDDEN_AT_ONCE = 1_000
TAKEN_AT_ONCE = 100
"""Conversations; others write between two pieces, and wait for one some hundredths of a second."""

_MAIL_OF = "SELECT n FROM message WHERE conversation IN (SELECT value FROM json_each(?1)) AND inbox NOT IN (SELECT value FROM json_each(?2))"
_DROP_ADDRESSES = f"DELETE FROM address WHERE n IN ({_MAIL_OF})"
"""They are all looked through: once for the many conversations that are hidden at once."""
_DROP_MAIL = (
    f"DELETE FROM words WHERE rowid IN ({_MAIL_OF})",
    f"DELETE FROM location WHERE message IN ({_MAIL_OF})",
    f"DELETE FROM message WHERE n IN ({_MAIL_OF})",
)
_DROP_MAILBOXES = (
    "DELETE FROM location WHERE mailbox IN (SELECT n FROM mailbox WHERE inbox NOT IN (SELECT value FROM json_each(?)))",
    "DELETE FROM mailbox WHERE inbox NOT IN (SELECT value FROM json_each(?))",
    "DELETE FROM pulled WHERE inbox NOT IN (SELECT value FROM json_each(?))",
)
_DROP_TALK = (
    "DELETE FROM comment_words WHERE rowid IN (SELECT n FROM comment WHERE conversation = ?)",
    "DELETE FROM mention WHERE comment IN (SELECT n FROM comment WHERE conversation = ?)",
    "DELETE FROM comment WHERE conversation = ?",
)
_DROP_EVENTS = "DELETE FROM event WHERE conversation_id = ?1 OR conversation_id IN (SELECT key FROM thread WHERE conversation_id = ?1)"
_FOREIGN = "SELECT id FROM conversation WHERE inbox <> '' AND inbox NOT IN (SELECT value FROM json_each(?)) AND shown >= 0"
_STILL_TO_GO = (
    "SELECT n FROM conversation c WHERE n > ?2 AND inbox NOT IN (SELECT value FROM json_each(?1)) AND shown <> ?3 AND ("
    "inbox <> '' AND NOT EXISTS (SELECT 1 FROM state WHERE conversation = c.n AND loading = ?4) "
    "OR EXISTS (SELECT 1 FROM message WHERE conversation = c.n AND inbox NOT IN (SELECT value FROM json_each(?1)))) ORDER BY n LIMIT ?5"
)
"""What is hidden already, and of which only mail of our own mailboxes is here, stays."""
# Out of every index that a list is cut from: what is left of the line says nothing.
_HIDE = (
    "UPDATE conversation SET tray = 0, shown = ?, mine = NULL, owner = NULL, urgency = 0, flags = '', unread = 0, woken = 0, folder = '', "
    "comments = 0, own_category = NULL, due_at = NULL, pending = 0, number = NULL WHERE n = ?"
)
_LED_AWAY = (
    "SELECT DISTINCT c.n, c.id FROM thread t JOIN conversation c ON c.id = t.conversation_id "
    "WHERE t.key GLOB '#*' AND NOT EXISTS (SELECT 1 FROM state WHERE conversation = c.n)"
)


def foreign(connection: Connection, held: Collection[InboxKey]) -> frozenset[ConversationId]:
    """The conversations of inboxes that are not held, as far as they can still be seen."""
    return frozenset(ConversationId(row[0]) for row in connection.execute(_FOREIGN, (_listed(held),)))


def drop_mailboxes(connection: Connection, held: Collection[InboxKey]) -> None:
    """The first step out: mailboxes of inboxes that are not held, with their cursors, and templates. An inbox that comes back is pulled anew."""
    # Overwritten with zeros, not just given free.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("INSERT OR REPLACE INTO fact VALUES (?, 1)", (IS_GOING,))
    for sql in _DROP_MAILBOXES:
        connection.execute(sql, (_listed(held),))
    for (key,) in connection.execute("SELECT key FROM fact WHERE key GLOB ?", (f"*{_BETWEEN}*",)):
        if InboxKey(key.split(_BETWEEN)[1]) not in held:
            connection.execute("DELETE FROM fact WHERE key = ?", (key,))
    for template in load_templates(connection):
        if template.inboxes and set(template.inboxes).isdisjoint(held):
            connection.execute("DELETE FROM template WHERE key = ?", (template.key,))


def hide_some(connection: Connection, held: Collection[InboxKey], above: int) -> int | None:
    """The second: the next conversations of such inboxes are in nobody's sight. Returns the last row; None: that was all."""
    connection.execute("PRAGMA secure_delete = ON")
    rows = connection.execute(_STILL_TO_GO, (_listed(held), above, GOING, HIDDEN, HIDDEN_AT_ONCE))
    connection.execute(_DROP_ADDRESSES, (_listed([n for (n,) in rows]), _listed(held)))
    connection.execute_many(_HIDE, [(GOING, n) for (n,) in rows])
    return rows[-1][0] if rows else None


def take_out_some(connection: Connection, held: Inboxes, above: int, predict: Predict) -> int | None:
    """The last: mail, words and talk of the next of them. Returns the last row; None: there is nothing left.

    What came back meanwhile is shown again. Mail that is part of a conversation which is held elsewhere stays.
    """
    connection.execute("PRAGMA secure_delete = ON")
    rows = connection.execute("SELECT n, id, inbox FROM conversation WHERE n > ? AND shown = ? ORDER BY n LIMIT ?", (above, GOING, TAKEN_AT_ONCE))
    gone = {n: ConversationId(conversation_id) for n, conversation_id, inbox in rows if held is not None and inbox not in held}
    for sql in _DROP_MAIL if gone else ():
        connection.execute(sql, (_listed(gone), _listed(held or ())))
    for n, conversation_id in gone.items():
        hide(connection, n, conversation_id)
    for n, *_ in rows:
        refresh(connection, n, predict)
    if not rows:
        connection.execute("DELETE FROM fact WHERE key = ?", (IS_GOING,))
    return rows[-1][0] if rows else None


def hide(connection: Connection, n: int, conversation_id: ConversationId) -> None:
    """What the team said of it goes. Mail of it that lies in mailboxes which are held stays, and is shown nowhere; `refresh` must follow."""
    connection.execute("PRAGMA secure_delete = ON")
    for sql in _DROP_TALK:
        connection.execute(sql, (n,))
    connection.execute(_DROP_EVENTS, (conversation_id,))
    connection.execute("DELETE FROM claim WHERE conversation_id = ?", (conversation_id,))
    if connection.one("SELECT 1 FROM message WHERE conversation = ?", (n,)) is None:
        connection.execute("DELETE FROM state WHERE conversation = ?", (n,))
        connection.execute("DELETE FROM thread WHERE conversation_id = ?", (conversation_id,))
        return
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?, x'')", (n, HIDDEN))


def hide_led_away(connection: Connection) -> set[int]:
    """What was here and is part of a conversation that nobody told us of: that one is of an inbox which is not ours. Returns rows."""
    rows = [(n, ConversationId(conversation_id)) for n, conversation_id in connection.execute(_LED_AWAY)]
    for n, conversation_id in rows:
        hide(connection, n, conversation_id)
    return {n for n, _ in rows}


def _listed(values: Collection[InboxKey] | Collection[int]) -> str:
    return msgspec.json.encode(tuple(values)).decode()
