"""A whole table, row by row, in order of its key and some rows at a time: what is being read may be large."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Table

from store.team.connection import Connection, Row
from store.team.rows import run
from store.team.sql import read_all_of

ROWS_AT_ONCE = 500
LARGE_ROWS_AT_ONCE = 8
"""Of a table of whole mails, each of which may have 30 MB, or of pieces of files."""
LARGE = frozenset({"mime", "content"})


def rows_of(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows of a table, some at a time: by its key, so that no cursor must stay open."""
    statement, most = read_all_of(table), LARGE_ROWS_AT_ONCE if LARGE & set(table.columns.keys()) else ROWS_AT_ONCE
    keys = [column.name for column in table.primary_key.columns]
    places = [place for place, column in enumerate(table.columns) if column.name in keys]
    after: Sequence[object] | None = None
    while True:
        behind = {} if after is None else {f"after_{name}": found for name, found in zip(keys, after, strict=True)}
        rows = run(connection, statement.after if behind else statement.first, most=most, **behind)
        yield from rows
        if len(rows) < most:
            return
        after = [rows[-1][place] for place in places]
