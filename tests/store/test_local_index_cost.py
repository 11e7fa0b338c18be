"""What a search has to read of its index."""

import apsw

from store.local.schema import CACHE_SCHEMA
from store.local.worded import COLUMNS, INSERT

MAILS = 20_000
TOP = 50


def pages_read(connection: apsw.Connection, expression: str) -> int:
    before = connection.status(apsw.SQLITE_DBSTATUS_CACHE_HIT)[0]
    found = connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?", (expression, TOP)).fetchall()
    assert [n for (n,) in found] == list(range(MAILS, MAILS - TOP, -1))
    return connection.status(apsw.SQLITE_DBSTATUS_CACHE_HIT)[0] - before


def test_the_newest_of_a_beginning_are_found_without_all_words_that_begin_so():
    connection = apsw.Connection(":memory:")
    connection.execute(CACHE_SCHEMA)
    empty = ("",) * (len(COLUMNS) - 1)
    with connection:
        # Each mail has an order number of its own, as at a desk.
        connection.executemany(INSERT, ((n, f"ab{n * 7919 % 100_003:06d} order", *empty) for n in range(1, MAILS + 1)))
    assert pages_read(connection, '"ab"*') <= 2 * pages_read(connection, '"order"')
