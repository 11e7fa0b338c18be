"""What the steps of a migration share."""

from typing import Any

from sqlalchemy.schema import CreateIndex, CreateTable

from store.team.tables import metadata


def as_declared(op: Any, name: str) -> None:
    """Make a table as `tables.py` declares it, with its indexes.

    Good for a step that no release has carried yet. A table that changes after that release is written out in the step that made it.
    """
    table = metadata.tables[name]
    op.execute(CreateTable(table))
    for index in sorted(table.indexes, key=lambda index: index.name or ""):
        op.execute(CreateIndex(index))
