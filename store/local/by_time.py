"""Lines of a stretch of due times, in the order of lists: two indexes know of them, and which is quicker depends on where they stand."""

from store.local.condition import TRUE, Condition
from store.sqlite.connection import Connection, Row

BY_TIME = "conversation_due"
IN_ORDER = "conversation_dated"
LOOKED_AT = 1_000
"""Of what is due at all so many of the newest lines are looked through first: enough for a page, where most of it is wanted."""
MOST_SORTED = 20_000
"""So many are sorted by their keys in some milliseconds; to skip a million others takes a tenth of a second."""
MOST_FETCHED = 2_000
"""The same where each line itself must be asked whether it is wanted."""


def lines_by_time(connection: Connection, due: Condition, wanted: Condition, columns: str, place: Condition, order: str, limit: int) -> list[Row]:
    """The next lines from a place on that are `due` then, and `wanted`."""
    # Only the index is read for what is skipped, and only the keys of what is sorted.
    reach = f"SELECT c.n, c.due_at FROM conversation c INDEXED BY {IN_ORDER} WHERE c.due_at IS NOT NULL AND {place.sql} {order} LIMIT ?"
    near = f"SELECT c.n AS line FROM ({reach}) c WHERE {due.sql}"
    sql = f"SELECT {columns} FROM ({near}) CROSS JOIN conversation c ON c.n = line WHERE {wanted.sql} LIMIT ?"
    rows = connection.execute(sql, (*place.params, LOOKED_AT, *due.params, *wanted.params, limit))
    if len(rows) == limit:
        return rows
    params = (*due.params, *wanted.params, *place.params)
    if are_few(connection, due, MOST_SORTED if wanted is TRUE else MOST_FETCHED):
        keys = f"SELECT c.n FROM conversation c INDEXED BY {BY_TIME} WHERE {due.sql} AND {wanted.sql} AND {place.sql} {order} LIMIT ?"
        return connection.execute(f"SELECT {columns} FROM conversation c WHERE c.n IN ({keys}) {order}", (*params, limit))
    sql = f"SELECT {columns} FROM conversation c INDEXED BY {IN_ORDER} WHERE {due.sql} AND {wanted.sql} AND {place.sql} {order} LIMIT ?"
    return connection.execute(sql, (*params, limit))


def are_few(connection: Connection, due: Condition, few: int) -> bool:
    """Whether no more than so many are due then."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM conversation c INDEXED BY {BY_TIME} WHERE {due.sql} LIMIT ?)"
    return int(connection.value(sql, (*due.params, few + 1))) <= few
