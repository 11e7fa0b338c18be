"""Which conversation a message belongs to: what the team's journal says of that very message, else of its thread, else the thread's own."""

from store.domain.ids import ConversationId, InboxKey, MessageId, ThreadKey
from store.local.conversations import ensure
from store.sqlite.connection import Connection


def conversation_for(connection: Connection, inbox: InboxKey, message_id: MessageId, thread_key: ThreadKey) -> tuple[ConversationId, bool]:
    """Where a message that is pulled now goes, and whether the journal names it; an open claim is used up."""
    claim: str | None = connection.value(
        "DELETE FROM claim WHERE inbox = ? AND message_id = ? RETURNING conversation_id",
        (inbox, message_id),
    )
    if claim is not None:
        return ConversationId(claim), True
    # The same Message-ID with other content, such as a copy through a mailing list, goes with its sibling.
    sibling: str | None = connection.value(
        "SELECT (SELECT id FROM conversation WHERE n = message.conversation) FROM message WHERE inbox = ? AND message_id = ? AND claimed LIMIT 1",
        (inbox, message_id),
    )
    if sibling is not None:
        return ConversationId(sibling), True
    mapped: str | None = connection.value("SELECT conversation_id FROM thread WHERE key = ?", (thread_key,))
    return ConversationId(mapped or thread_key), False


def claim_message(connection: Connection, inbox: InboxKey, message_id: MessageId, conversation_id: ConversationId) -> set[int]:
    """The journal says that this message belongs there; the answer is the rows of the conversations that gained or lost it."""
    rows = connection.execute("SELECT n, conversation, claimed FROM message WHERE inbox = ? AND message_id = ?", (inbox, message_id))
    if not rows:
        connection.execute("INSERT OR REPLACE INTO claim VALUES (?, ?, ?)", (inbox, message_id, conversation_id))
        return set()
    target = ensure(connection, conversation_id, inbox)
    touched: set[int] = set()
    for n, conversation, claimed in rows:
        if conversation != target or not claimed:
            connection.execute("UPDATE message SET conversation = ?, claimed = 1 WHERE n = ?", (target, n))
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
