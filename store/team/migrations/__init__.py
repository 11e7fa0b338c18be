"""From every released schema to today's: one small file a step in `versions/`, ordered by Alembic, run on our own drivers.

A step's `upgrade()` says with Alembic's `op` what changes in the tables; its `convert(connection)`, if it has one, moves what lies in
them, with our own statements. All steps together are one transaction.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from store.team import statements as s
from store.team.connection import Connection
from store.team.rows import run, value
from store.team.sql import ANY_TABLES, DIALECTS
from store.team.tables import SCHEMA

HERE = Path(__file__).parent


def schema_of(connection: Connection) -> int | None:
    """The version of the tables; None: there are none."""
    if not connection.value(ANY_TABLES[connection.dialect]):
        return None
    return int(str(value(connection, s.GET_META, name="schema")))


def migrate(connection: Connection, known: int) -> None:
    """Bring the tables from version `known` to today's, inside the transaction that stands."""
    for step in steps(known, SCHEMA):
        for statement in statements_of(step, connection.dialect):
            connection.execute(statement)
        if hasattr(step, "convert"):
            step.convert(connection)
    run(connection, s.PUT_META, name="schema", value=str(SCHEMA))


def steps(known: int, wanted: int) -> Iterator[Any]:
    """The modules of the steps between two versions, the oldest first."""
    from alembic.script import ScriptDirectory  # start-up cost: a database is old once

    script = ScriptDirectory(str(HERE))
    found = [revision.module for revision in script.iterate_revisions(str(wanted), str(known))]
    yield from reversed(found)


def statements_of(step: Any, dialect: str) -> tuple[str, ...]:
    """What a step does to the tables, as SQL text."""
    from alembic.migration import MigrationContext  # start-up cost: the same
    from alembic.operations import Operations

    said = _Said()
    context = MigrationContext.configure(dialect=DIALECTS[dialect], opts={"as_sql": True, "output_buffer": said})
    with Operations.context(context):
        step.upgrade()
    return tuple(said.statements)


class _Said:
    """Collects what Alembic writes in its offline mode: one statement a write."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def write(self, text: str) -> None:
        """Take one statement."""
        if statement := text.strip().rstrip(";"):
            self.statements.append(statement)

    def flush(self) -> None:
        """Nothing waits."""
