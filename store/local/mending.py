"""Finds what is wrong inside the store and puts it in order with itself. Runs inside a transaction; nothing that was fetched is thrown away."""

from collections.abc import Iterator

import msgspec

from store.domain.ids import InboxKey, MessageId, ThreadKey
from store.domain.message import Address, Message
from store.local import worded
from store.local.codec import pack_message, unpack_message
from store.local.conversations import Predict, refresh
from store.local.flaws import CHECKS, LINES_TO_WRITE_ANEW, Check, Flaw, FlawKind
from store.local.indexing import write_anew
from store.local.registry import home_of_thread
from store.sqlite.connection import Connection

LOST_HERE = "The text of this message was lost here; it is fetched again."


def find_flaws(connection: Connection, *, deep: bool = False) -> tuple[Flaw, ...]:
    """What is wrong, in the order in which it is mended. `deep` also reads the whole file and every text: seconds a gigabyte."""
    found = [(check.kind, len(connection.execute(check.find))) for check in CHECKS]
    if deep:
        problems = [row[0] for row in connection.execute("PRAGMA quick_check(100)")]
        unreadable = sum(1 for _ in _unreadable(connection))
        found = [(FlawKind.FILE, len([one for one in problems if one != "ok"])), *found]
        found = [(kind, count + unreadable * (kind is FlawKind.MESSAGES_WITHOUT_TEXT)) for kind, count in found]
    return tuple(Flaw(kind, count) for kind, count in found if count)


def mend_flaws(connection: Connection, predict: Predict, *, deep: bool = False) -> None:
    """Put everything right that can be put right here; what cannot is dropped from its mailbox and comes again from the server."""
    if deep:
        for n in list(_unreadable(connection)):
            connection.execute("DELETE FROM body WHERE message = ?", (n,))
    for check in CHECKS:
        rows = connection.execute(check.find)
        if rows:
            _mend(connection, check, [row[0] for row in rows])
    for (n,) in connection.execute(LINES_TO_WRITE_ANEW):
        refresh(connection, n, predict)


def _mend(connection: Connection, check: Check, rows: list[int]) -> None:
    for statement in check.mend:
        connection.execute(statement)
    match check.kind:
        case FlawKind.MESSAGES_WITHOUT_TEXT:
            for n in rows:
                _stand_in(connection, n)
        case FlawKind.MESSAGES_NOT_INDEXED:
            for n in rows:
                _index_message(connection, n)
        case FlawKind.COMMENTS_NOT_INDEXED:
            for n in rows:
                ((said, files),) = connection.execute("SELECT text, files FROM comment WHERE n = ?", (n,))
                connection.execute(worded.INSERT_COMMENT, (n, *worded.comment_words_of(said, files)))
        case FlawKind.MESSAGES_WITHOUT_LINE:
            for n in rows:
                _give_line(connection, n)
        case _done_by_statements:
            pass


def _unreadable(connection: Connection) -> Iterator[int]:
    # Local import: the codec loads it at the first use only, too.
    from zstandard import ZstdError

    newest = -1
    while rows := connection.execute("SELECT message, parsed FROM body WHERE message > ? ORDER BY message LIMIT 200", (newest,)):
        for n, parsed in rows:
            newest = n
            try:
                unpack_message(parsed)
            except (ZstdError, msgspec.DecodeError):
                yield n


def _stand_in(connection: Connection, n: int) -> None:
    """Keep the message visible by what its row says, and have its source fetched again: without places it is missing here."""
    sql = "SELECT message_id, subject, from_name, from_address, to_name, to_address FROM message WHERE n = ?"
    message_id, subject, from_name, from_address, to_name, to_address = connection.execute(sql, (n,))[0]
    message = Message(
        MessageId(message_id), subject, (Address(from_name, from_address),), (Address(to_name, to_address),), (), (), None, (), (), "",
        warnings=(LOST_HERE,), unparsed=True,
    )  # fmt: skip
    connection.execute("INSERT OR REPLACE INTO body VALUES (?, ?, NULL)", (n, pack_message(message)))
    connection.execute("UPDATE message SET header_only = 1 WHERE n = ?", (n,))
    connection.execute("DELETE FROM location WHERE message = ?", (n,))


def _index_message(connection: Connection, n: int) -> None:
    write_anew(connection, n, worded.words_of(unpack_message(connection.value("SELECT parsed FROM body WHERE message = ?", (n,)))))


def _give_line(connection: Connection, n: int) -> None:
    inbox, thread_key = connection.execute("SELECT inbox, thread_key FROM message WHERE n = ?", (n,))[0]
    conversation = home_of_thread(connection, InboxKey(inbox), ThreadKey(thread_key))
    connection.execute("UPDATE message SET conversation = ? WHERE n = ?", (conversation, n))
