"""Taking out of the cache what is no longer this home's to hold: a whole inbox, or what the team said of one conversation. In a transaction."""

from collections.abc import Collection

import msgspec

from store.domain.ids import ConversationId, InboxKey
from store.local.conversations import HIDDEN
from store.local.people import load_templates
from store.sqlite.connection import Connection

_BETWEEN = "\x1f"
_FOREIGN_MAIL = (
    "WITH held AS (SELECT value AS inbox FROM json_each(?)), foreign_mail AS (SELECT m.n FROM message m "
    "JOIN conversation c ON c.n = m.conversation WHERE m.inbox NOT IN held AND c.inbox NOT IN held) "
)
"""What lies in inboxes that are not held, and is of no conversation that is held elsewhere."""
_DROP_MAIL = (
    _FOREIGN_MAIL + "DELETE FROM words WHERE rowid IN foreign_mail",
    _FOREIGN_MAIL + "DELETE FROM address WHERE n IN foreign_mail",
    _FOREIGN_MAIL + "DELETE FROM location WHERE message IN foreign_mail",
    _FOREIGN_MAIL + "DELETE FROM message WHERE n IN foreign_mail",
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
_FOREIGN = "SELECT n, id FROM conversation WHERE inbox <> '' AND inbox NOT IN (SELECT value FROM json_each(?))"
_LED_AWAY = (
    "SELECT DISTINCT c.n, c.id FROM thread t JOIN conversation c ON c.id = t.conversation_id "
    "WHERE t.key GLOB '#*' AND NOT EXISTS (SELECT 1 FROM state WHERE conversation = c.n)"
)


def foreign(connection: Connection, held: Collection[InboxKey]) -> dict[int, ConversationId]:
    """The conversations of inboxes that are not held, by their rows."""
    return {n: ConversationId(conversation_id) for n, conversation_id in connection.execute(_FOREIGN, (_listed(held),))}


def drop_inboxes(connection: Connection, held: Collection[InboxKey]) -> frozenset[int]:
    """Everything of inboxes that are not held: conversations, mail, words, templates, cursors. Returns rows; `refresh` must follow.

    Mail of such an inbox that is part of a conversation which is held elsewhere stays.
    """
    # Overwritten with zeros, not just given free.
    connection.execute("PRAGMA secure_delete = ON")
    gone = foreign(connection, held)
    for sql in (*_DROP_MAIL, *_DROP_MAILBOXES):
        connection.execute(sql, (_listed(held),))
    for (key,) in connection.execute("SELECT key FROM fact WHERE key GLOB ?", (f"*{_BETWEEN}*",)):
        if InboxKey(key.split(_BETWEEN)[1]) not in held:
            connection.execute("DELETE FROM fact WHERE key = ?", (key,))
    for template in load_templates(connection):
        if template.inboxes and set(template.inboxes).isdisjoint(held):
            connection.execute("DELETE FROM template WHERE key = ?", (template.key,))
    for n, conversation_id in gone.items():
        hide(connection, n, conversation_id)
    return frozenset(gone)


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


def _listed(held: Collection[InboxKey]) -> str:
    return msgspec.json.encode(tuple(held)).decode()
