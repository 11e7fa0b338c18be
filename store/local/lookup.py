"""From what a person types to the conversation they mean."""

from store.domain.ids import ConversationId
from store.sqlite.connection import Connection

SHORTEST_PREFIX = 4
LARGEST_NUMBER = 2**63 - 1


def resolve(connection: Connection, text: str) -> ConversationId | None:
    """An id, an alias (a thread's key), `#12` or `12`, or the beginning of one id only, of four letters or more."""
    text = text.strip()
    if found := connection.value("SELECT id FROM conversation WHERE id = ? AND shown >= 0", (text,)):
        return ConversationId(found)
    if found := connection.value(
        "SELECT c.id FROM thread t JOIN conversation c ON c.id = t.conversation_id WHERE t.key = ? AND c.shown >= 0", (text,)
    ):
        return ConversationId(found)
    digits = text.removeprefix("#")
    # The number of a conversation that is part of another by now is such an alias too.
    if found := connection.value(
        "SELECT c.id FROM thread t JOIN conversation c ON c.id = t.conversation_id WHERE t.key = ? AND c.shown >= 0", (f"#{digits}",)
    ):
        return ConversationId(found)
    if digits.isascii() and digits.isdigit() and int(digits) <= LARGEST_NUMBER:
        found = connection.value("SELECT id FROM conversation WHERE number = ? ORDER BY id LIMIT 1", (int(digits),))
        if found is not None or text != digits:
            return None if found is None else ConversationId(found)
    if len(text) < SHORTEST_PREFIX:
        return None
    rows = connection.execute("SELECT id FROM conversation WHERE id >= ? AND id < ? || char(1114111) AND shown >= 0 LIMIT 2", (text, text))
    return ConversationId(rows[0][0]) if len(rows) == 1 else None
