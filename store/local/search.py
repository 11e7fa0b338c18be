"""Search: messages and comments that match, newest first, each with the place of its hit."""

import heapq
from collections.abc import Iterable

from store.domain.message import Address
from store.domain.query import And, Field, Not, Or, Query, Word
from store.local.codec import EPOCH, moment, unpack_message
from store.local.conditions import TEXT_COLUMNS, Around, condition, split
from store.local.files import Files
from store.local.rows import Hit
from store.local.schema import SECOND_BITS
from store.local.snippet import snippet
from store.sqlite.connection import Connection, Row

_MESSAGE = "m.n, c.id, m.message_id, m.subject, m.from_name, m.from_address, b.parsed"
_JOINS = "JOIN conversation c ON c.n = m.conversation JOIN body b ON b.message = m.n"


class Search:
    """Finding, junk included: who looks for a lost mail wants it wherever it is."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def search(self, query: Query, limit: int) -> tuple[Hit, ...]:
        """See `LocalStore.search`."""
        terms = tuple(words_in(query))

        def work(connection: Connection) -> tuple[Hit, ...]:
            around = Around(self._files.me, of_messages=True)
            words, rest = split(query)
            messages = [_message_hit(row, terms) for row in _messages(connection, words, rest, around, limit)]
            comments = [] if words is None else [_comment_hit(row, terms) for row in _comments(connection, words, rest, around, limit)]
            newest_first = heapq.merge(messages, comments, key=lambda hit: hit.date, reverse=True)
            return tuple(newest_first)[:limit]

        return self._files.read(work)


def words_in(query: Query) -> Iterable[str]:
    """The texts a snippet may show, in the order in which they were asked for."""
    match query:
        case Word(text=text):
            yield text
        case Field(name=name, value=value) if name in TEXT_COLUMNS:
            yield str(value)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from words_in(part)
        case Not():
            return


def _messages(connection: Connection, words: str | None, rest: Query, around: Around, limit: int) -> list[Row]:
    wanted = condition(rest, around)
    if words is None:
        sql = f"SELECT {_MESSAGE} FROM message m {_JOINS} WHERE {wanted.sql} ORDER BY m.n DESC LIMIT ?"
        return connection.execute(sql, (*wanted.params, limit))
    sql = (
        f"SELECT {_MESSAGE} FROM words CROSS JOIN message m ON m.n = words.rowid {_JOINS} "
        f"WHERE words MATCH ? AND {wanted.sql} ORDER BY words.rowid DESC LIMIT ?"
    )
    return connection.execute(sql, (words, *wanted.params, limit))


def _comments(connection: Connection, words: str, rest: Query, around: Around, limit: int) -> list[Row]:
    wanted = condition(rest, Around(around.me, of_messages=False))
    sql = (
        "SELECT k.id, c.id, c.subject, k.by, k.at, k.text FROM comment k JOIN conversation c ON c.n = k.conversation "
        f"WHERE k.n IN (SELECT rowid FROM comment_words WHERE comment_words MATCH ?) AND {wanted.sql} ORDER BY k.at DESC LIMIT ?"
    )
    return connection.execute(sql, (words, *wanted.params, limit))


def _message_hit(row: Row, terms: tuple[str, ...]) -> Hit:
    n, conversation_id, message_id, subject, from_name, from_address, parsed = row
    at = moment((n >> SECOND_BITS) * 1_000_000) or EPOCH
    return Hit(conversation_id, message_id, subject, Address(from_name, from_address), at, snippet(unpack_message(parsed).text, terms))


def _comment_hit(row: Row, terms: tuple[str, ...]) -> Hit:
    comment_id, conversation_id, subject, by, at, text = row
    return Hit(conversation_id, None, subject, Address(by, ""), moment(at) or EPOCH, snippet(text, terms), comment_id)
