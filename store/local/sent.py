"""What left for somebody lately: copies in Sent, found by their recipients in the index."""

from collections.abc import Collection
from datetime import datetime, timedelta

from store.domain.ids import ConversationId, MessageId
from store.local.codec import EPOCH, unpack_message
from store.local.normalise import phrase
from store.local.rows import SentMail
from store.local.schema import SECOND_BITS
from store.sqlite.connection import Connection

MOST = 20
"""Mails read for one question: a customer gets a few a day, a list that everybody writes to may get thousands."""


def sent_to(connection: Connection, addresses: Collection[str], since: datetime) -> tuple[SentMail, ...]:
    """Whole mails of ours since then that name one of these addresses in To, newest first; at most `MOST`."""
    wanted = {address.casefold() for address in addresses}
    if not wanted:
        return ()
    # The index finds the words of an address wherever they stand, also in a longer one: the mail itself decides.
    words = f"recipients : ({' OR '.join(phrase(address) for address in sorted(wanted))})"
    rows = connection.execute(
        "SELECT m.n, m.message_id, b.parsed, c.id FROM words w JOIN message m ON m.n = w.rowid JOIN body b ON b.message = m.n "
        "JOIN conversation c ON c.n = m.conversation WHERE words MATCH ? AND w.rowid >= ? AND m.outgoing AND m.header_only < 2 "
        "ORDER BY w.rowid DESC LIMIT ?",
        (words, int((since - EPOCH).total_seconds()) << SECOND_BITS, MOST),
    )
    found: list[SentMail] = []
    for n, message_id, parsed, conversation_id in rows:
        message = unpack_message(parsed)
        if wanted & {address.address.casefold() for address in message.to}:
            at = EPOCH + timedelta(seconds=n >> SECOND_BITS)
            found.append(SentMail(ConversationId(conversation_id), MessageId(message_id), message, at))
    return tuple(found)


def latest_texts(connection: Connection, limit: int) -> tuple[tuple[str, str], ...]:
    """The latest mails that came in whole: from which address, and what they say; newest first."""
    rows = connection.execute(
        "SELECT m.from_address, b.parsed FROM message m JOIN body b ON b.message = m.n WHERE m.outgoing = 0 AND m.header_only < 2 "
        "ORDER BY m.n DESC LIMIT ?",
        (limit,),
    )
    return tuple((address, unpack_message(parsed).text) for address, parsed in rows)
