"""Schema 2: who does an inbox's work."""

from alembic import op

from store.team.migrations.steps import as_declared

revision = "2"
down_revision = "1"

NEW = ("duties",)


def upgrade() -> None:
    """Make the new tables."""
    for table in NEW:
        as_declared(op, table)
