"""The mirror's share of an erasure: mails, words, events, addresses and comments of a conversation go. Runs inside a transaction."""

from store.domain.erasure import erased_recorded
from store.domain.ids import ConversationId
from store.local.states import pack_event, unpack_event
from store.sqlite.connection import Connection


def erase_copies(connection: Connection, n: int, conversation_id: ConversationId) -> None:
    """Take out what this machine holds of it; the state is folded anew from the event, `refresh` must follow.

    A mail that still lies in the mailbox is not fetched again by a pull, which asks only for what is new there.
    """
    # Overwritten with zeros, not just given free; of a cache only here, for it costs.
    connection.execute("PRAGMA secure_delete = ON")
    for seq, packed in connection.execute("SELECT seq, packed FROM event WHERE conversation_id = ?", (conversation_id,)):
        connection.execute("UPDATE event SET packed = ? WHERE seq = ?", (pack_event(erased_recorded(unpack_event(packed))), seq))
    connection.execute(
        "DELETE FROM address WHERE address IN (SELECT from_address FROM message WHERE conversation = ?1 AND NOT outgoing "
        "UNION SELECT to_address FROM message WHERE conversation = ?1 AND outgoing "
        "UNION SELECT customer_address FROM conversation WHERE n = ?1)",
        (n,),
    )
    for (message,) in connection.execute("SELECT n FROM message WHERE conversation = ?", (n,)):
        connection.execute("DELETE FROM words WHERE rowid = ?", (message,))
        connection.execute("DELETE FROM location WHERE message = ?", (message,))
        connection.execute("DELETE FROM message WHERE n = ?", (message,))
    connection.execute("DELETE FROM claim WHERE conversation_id = ?", (conversation_id,))
