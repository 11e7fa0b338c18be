"""Statements are written once and compiled once for each dialect: to SQL text, and the names of its parameters in order."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import BindParameter, Insert, Table, bindparam
from sqlalchemy.dialects import postgresql, registry, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from store.team.tables import metadata

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

DIALECTS: dict[str, Dialect] = {
    SQLITE: registry.load("sqlite")(paramstyle="qmark"),
    POSTGRESQL: registry.load("postgresql.psycopg")(paramstyle="format"),
}
"""The parameter styles of apsw and psycopg."""


class Text(NamedTuple):
    """A compiled statement. Parameters not named in a call have the value they were declared with."""

    sql: str
    names: tuple[str, ...]
    declared: dict[str, object]


class Upsert(NamedTuple):
    """INSERT, and where the key is there already: replace the rest, or leave the row as it is."""

    table: Table
    keep: bool = False

    def insert(self, dialect: str) -> Insert:
        """The dialects spell it alike, but SQLAlchemy has one class for each."""
        keys = [column.name for column in self.table.primary_key.columns]
        values: dict[str, BindParameter[object]] = {column.name: bindparam(column.name) for column in self.table.columns}
        rest = [name for name in values if name not in keys]
        if dialect == POSTGRESQL:
            theirs = postgresql.insert(self.table).values(values)
            if self.keep:
                return theirs.on_conflict_do_nothing(index_elements=keys)
            return theirs.on_conflict_do_update(index_elements=keys, set_={name: theirs.excluded[name] for name in rest})
        ours = sqlite.insert(self.table).values(values)
        if self.keep:
            return ours.on_conflict_do_nothing(index_elements=keys)
        return ours.on_conflict_do_update(index_elements=keys, set_={name: ours.excluded[name] for name in rest})


class Statement:
    """One statement of the server's; every one is in `ALL`, so that a test can compile them all for both dialects."""

    def __init__(self, written: ClauseElement | Upsert) -> None:
        self._written = written
        self._texts: dict[str, Text] = {}
        ALL.append(self)

    def text(self, dialect: str = SQLITE) -> Text:
        """The statement in a dialect; compiled at the first asking."""
        found = self._texts.get(dialect)
        if found is None:
            found = self._texts[dialect] = self._compile(dialect)
        return found

    def _compile(self, dialect: str) -> Text:
        element = self._written.insert(dialect) if isinstance(self._written, Upsert) else self._written
        compiled = element.compile(dialect=DIALECTS[dialect])
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"{element} is no statement with parameters")
        return Text(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))

    def bind(self, given: dict[str, object], dialect: str = SQLITE) -> tuple[str, Sequence[object]]:
        """The text and its parameters in order.

        Raises:
            KeyError: A parameter was given that the statement does not have.
        """
        text = self.text(dialect)
        for name in given:
            if name not in text.declared:
                raise KeyError(name)
        return text.sql, [given[name] if name in given else text.declared[name] for name in text.names]


ALL: list[Statement] = []


def schema(dialect: str = SQLITE, there: Collection[str] = ()) -> tuple[str, ...]:
    """The statements that make every table and index, but those of tables that are `there`."""
    using = DIALECTS[dialect]
    made: list[str] = []
    for table in metadata.sorted_tables:
        if table.name in there:
            continue
        made.append(str(CreateTable(table).compile(dialect=using)))
        made.extend(str(CreateIndex(index).compile(dialect=using)) for index in sorted(table.indexes, key=lambda index: index.name or ""))
    return tuple(made)
