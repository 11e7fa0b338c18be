"""How many lines a list has, leg by leg; or only whether they are more than so many."""

from store.local.selection import Selection
from store.sqlite.connection import Connection, SqlValue


def counted(connection: Connection, selection: Selection, place: str = "", place_params: tuple[SqlValue, ...] = ()) -> int:
    """How many lines a list has; `place`: of those that this also wants."""
    count = 0
    for leg in selection.legs:
        sql = f"SELECT count(*) FROM {leg.source} WHERE {leg.where.sql} AND {selection.wanted.sql}{place}"
        count += int(connection.value(sql, (*leg.where.params, *selection.wanted.params, *place_params)))
    return count


def counted_up_to(connection: Connection, selection: Selection, most: int) -> int:
    """At most one more than `most`. Hits are counted as they come: the first thousand says that there are more."""
    if selection.words is not None:
        legs = " OR ".join(f"({leg.where.sql})" for leg in selection.legs)
        sql = (
            "SELECT count(*) FROM (SELECT DISTINCT c.n FROM words CROSS JOIN message m ON m.n = words.rowid "
            f"CROSS JOIN conversation c ON c.n = m.conversation WHERE words MATCH ? AND ({legs}) AND {selection.besides.sql} LIMIT ?)"
        )
        params = (selection.words, *(value for leg in selection.legs for value in leg.where.params), *selection.besides.params, most + 1)
        if (found := int(connection.value(sql, params))) > most:
            return found
    count = 0
    for leg in selection.legs:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {leg.source} WHERE {leg.where.sql} AND {selection.wanted.sql} LIMIT ?)"
        count += int(connection.value(sql, (*leg.where.params, *selection.wanted.params, most + 1 - count)))
    return count
