"""Search: messages and comments that match, newest first or by relevance, each with the place of its hit; and how many there are.

By relevance only mails are weighed: a comment is short, and found by its day. Those stand behind the mails.
"""

import heapq
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache

import msgspec

from store.clock import local_now
from store.domain.ids import ConversationId
from store.domain.message import Address
from store.domain.query import Query
from store.local.codec import unpack_bytes
from store.local.conditions import Around, Condition, condition, row_bounds
from store.local.expressions import Target, asked_of_comments, expression, names_field, names_junk, sayable, split
from store.local.hits import Hit
from store.local.matches import pattern_of, spans_of
from store.local.schema import SECOND_BITS
from store.local.shelf import Shelf
from store.local.snippet import snippet
from store.local.times import EPOCH, moment
from store.sqlite.connection import Connection, Row

RANKED = 2_000
"""By relevance the newest so many hits are weighed against each other: of more, nobody can say which is the one."""
LOOKED_AT_FIRST = 1_000
"""Mails that are asked for what is not in them, before all are."""
HALF_LIFE_SECONDS = 180 * 86_400
"""A hit this much older counts half."""
WEIGHTS = (8.0, 5.0, 2.0, 1.0, 1.0, 4.0, 1.0)
"""Of `worded.COLUMNS`: a word in the subject says more than one in the text."""

_MESSAGE = "m.n, c.id, m.message_id, m.subject, m.from_name, m.from_address, b.parsed"
_REACH = "WITH reach AS MATERIALIZED (SELECT min(n) AS oldest FROM (SELECT n FROM message ORDER BY n DESC LIMIT ?))"
_JOINS = "JOIN conversation c ON c.n = m.conversation AND c.shown >= 0 JOIN body b ON b.message = m.n"


class Order(StrEnum):
    """How hits are sorted."""

    NEWEST = "newest"
    RELEVANCE = "relevance"


class Search:
    """Finding, junk included: who looks for a lost mail wants it wherever it is. `now` says the time in the zone of whoever asks."""

    def __init__(self, files: Shelf, now: Callable[[], datetime] = local_now) -> None:
        self._files = files
        self._now = now

    def search(self, query: Query, limit: int, order: Order, *, marked: bool = True) -> tuple[Hit, ...]:
        """See `LocalStore.search`. Not `marked`: without the spans, for whoever cannot show them."""
        query = sayable(query)
        on_mail, on_comment = self._around(query, Target.MESSAGE), self._around(query, Target.COMMENT)

        def work(connection: Connection) -> tuple[Hit, ...]:
            comments = [_comment_hit(row, query, marked=marked) for row in _comments(connection, query, on_comment, limit)]
            if order is Order.RELEVANCE and isinstance(split(query, Target.MESSAGE)[0], str):
                return (*_relevant(connection, query, on_mail, limit, marked=marked), *comments)[:limit]
            reading = _Reading(query, marked=marked)
            messages = [reading.hit(row) for row in _messages(connection, query, on_mail, limit)]
            newest_first = heapq.merge(messages, comments, key=lambda hit: hit.date, reverse=True)
            return tuple(newest_first)[:limit]

        return self._files.read(work)

    def count(self, query: Query, most: int) -> int:
        """See `LocalStore.search_count`."""
        query = sayable(query)
        on_mail, on_comment = self._around(query, Target.MESSAGE), self._around(query, Target.COMMENT)

        def work(connection: Connection) -> int:
            count = 0
            for source, wanted in (_message_source(query, on_mail), _comment_source(query, on_comment)):
                if count <= most and source:
                    sql = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {wanted.sql} LIMIT ?)"
                    count += int(connection.value(sql, (*wanted.params, most + 1 - count)))
            return count

        return self._files.read(work)

    def best(self, query: Query, limit: int) -> tuple[ConversationId, ...] | None:
        """The conversations of the mails that answer best, then of comments, junk only where it is asked for; None: there are no words to weigh."""
        query = sayable(query)
        on_mail, on_comment, junk_too = self._around(query, Target.MESSAGE), self._around(query, Target.COMMENT), names_junk(query)
        if not isinstance(split(query, Target.MESSAGE)[0], str):
            return None

        def work(connection: Connection) -> tuple[ConversationId, ...]:
            found: dict[ConversationId, None] = {}
            sql = "SELECT c.id FROM message m JOIN conversation c ON c.n = m.conversation WHERE m.n = ? AND (c.shown = 1 OR ? AND c.shown >= 0)"
            for n in _by_relevance(connection, query, on_mail):
                found.update((row[0], None) for row in connection.execute(sql, (n, junk_too)))
                if len(found) == limit:
                    return tuple(found)
            source, wanted = _comment_source(query, on_comment)
            if source:
                sql = f"SELECT c.id FROM {source} WHERE {wanted.sql} AND (c.shown = 1 OR ?) ORDER BY k.at DESC LIMIT ?"
                found.update((row[0], None) for row in connection.execute(sql, (*wanted.params, junk_too, RANKED)))
            return tuple(found)[:limit]

        return self._files.read(work)

    def _around(self, query: Query, target: Target) -> Around:
        drafts: list[Row] = []
        if names_field(query, frozenset({"has"})):
            drafts = self._files.kept(lambda connection: connection.execute("SELECT conversation_id FROM draft"))
        return Around(self._files.me, target, self._now(), tuple(row[0] for row in drafts))


def _message_source(query: Query, around: Around) -> tuple[str, Condition]:
    """FROM and WHERE of the messages; "" where there are none."""
    words, rest = split(query, Target.MESSAGE)
    if words is False:
        return "", Condition("0")
    wanted = condition(rest, around)
    if words is True or words is None:
        return "message m JOIN conversation c ON c.n = m.conversation AND c.shown >= 0", wanted
    bounds = row_bounds(rest, around, "words.rowid")
    source = "words CROSS JOIN message m ON m.n = words.rowid JOIN conversation c ON c.n = m.conversation AND c.shown >= 0"
    return source, Condition(f"words MATCH ? AND {bounds.sql} AND {wanted.sql}", (words, *bounds.params, *wanted.params))


def _messages(connection: Connection, query: Query, around: Around, limit: int) -> list[Row]:
    source, wanted = _message_source(query, around)
    if not source:
        return []
    if not source.startswith("words"):
        return _from_newest(connection, query, around, limit)
    sql = f"SELECT {_MESSAGE} FROM {source} JOIN body b ON b.message = m.n WHERE {wanted.sql} ORDER BY words.rowid DESC LIMIT ?"
    return connection.execute(sql, (*wanted.params, limit))


def _from_newest(connection: Connection, query: Query, around: Around, limit: int) -> list[Row]:
    """What no word leads to: mails are looked at from the newest on, and only where too few of the first ones fit all are."""
    look = f"SELECT {_MESSAGE} FROM message m {_JOINS} WHERE"
    checking = condition(query, around.looking_at_each())
    sql = f"{_REACH} {look} m.n >= (SELECT oldest FROM reach) AND {checking.sql} ORDER BY m.n DESC LIMIT ?"
    rows = connection.execute(sql, (LOOKED_AT_FIRST, *checking.params, limit))
    if len(rows) == limit:
        return rows
    wanted = condition(query, around)
    return connection.execute(f"{look} {wanted.sql} ORDER BY m.n DESC LIMIT ?", (*wanted.params, limit))


def _relevant(connection: Connection, query: Query, around: Around, limit: int, *, marked: bool) -> tuple[Hit, ...]:
    sql = f"SELECT {_MESSAGE} FROM message m {_JOINS} WHERE m.n = ?"
    reading = _Reading(query, marked=marked)
    best = _by_relevance(connection, query, around)[:limit]
    return tuple(reading.hit(row) for n in best for row in connection.execute(sql, (n,)))


def _by_relevance(connection: Connection, query: Query, around: Around) -> list[int]:
    """The newest `RANKED` mails, the best first: where the words stand, how often, and how long ago."""
    source, wanted = _message_source(query, around)
    connection.teach_relevance(WEIGHTS)
    sql = f"SELECT words.rowid, relevance(words) FROM {source} WHERE {wanted.sql} ORDER BY words.rowid DESC LIMIT ?"
    newest = connection.execute(sql, (*wanted.params, RANKED))
    now = int((around.now - EPOCH).total_seconds())
    newest.sort(key=lambda hit: hit[1] * 0.5 ** (max(0, now - (hit[0] >> SECOND_BITS)) / HALF_LIFE_SECONDS), reverse=True)
    return [n for n, _ in newest]


def _comment_source(query: Query, around: Around) -> tuple[str, Condition]:
    asked = asked_of_comments(query)
    # False: something that only mail has is asked for beside it.
    if asked is None or expression(asked, Target.COMMENT) is False:
        return "", Condition("0")
    return "comment k JOIN conversation c ON c.n = k.conversation AND c.shown >= 0", condition(asked, around)


def _comments(connection: Connection, query: Query, around: Around, limit: int) -> list[Row]:
    source, wanted = _comment_source(query, around)
    if not source:
        return []
    sql = f"SELECT k.id, c.id, c.subject, k.by, k.at, k.text FROM {source} WHERE {wanted.sql} ORDER BY k.at DESC LIMIT ?"
    return connection.execute(sql, (*wanted.params, limit))


_IN_TEXT = frozenset({"text", "file"})
_IN_SUBJECT = frozenset({"subject"})
_IN_COMMENT = frozenset({"comment", "file"})


class _Reading:
    """Makes hits of the messages that one search found. What it looks for in each is made up once."""

    def __init__(self, query: Query, *, marked: bool) -> None:
        self._marked = marked
        self._in_subject, self._in_text = pattern_of(query, _IN_SUBJECT), pattern_of(query, _IN_TEXT)
        self._read = _text_reader().decode

    def hit(self, row: Row) -> Hit:
        """A row of `_MESSAGE` as a hit."""
        n, conversation_id, message_id, subject, from_name, from_address, parsed = row
        at = moment((n >> SECOND_BITS) * 1_000_000) or EPOCH
        subject_spans = spans_of(subject, self._in_subject) if self._marked and self._in_subject is not None else ()
        in_text = self._in_text
        seen = bool(subject_spans) or (in_text is not None and in_text.search(f"{from_name} {subject}") is not None)
        found = snippet(self._read(unpack_bytes(parsed)).text, in_text, thorough=not seen, marked=self._marked)
        sender = Address(from_name, from_address)
        return Hit(conversation_id, message_id, subject, sender, at, found.text, spans=found.spans, subject_spans=subject_spans)


class _Text(msgspec.Struct, frozen=True):
    """As much of a stored message as a snippet needs."""

    text: str


@cache
def _text_reader() -> msgspec.json.Decoder[_Text]:
    return msgspec.json.Decoder(_Text)


def _comment_hit(row: Row, query: Query, *, marked: bool) -> Hit:
    comment_id, conversation_id, subject, by, at, text = row
    found = snippet(text, pattern_of(query, _IN_COMMENT), marked=marked)
    return Hit(conversation_id, None, subject, Address(by, ""), moment(at) or EPOCH, found.text, comment_id, found.spans)
