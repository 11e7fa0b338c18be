"""Schema 2: who does an inbox's work, and conversations folded by today's rules."""

from alembic import op

from store.team.connection import Connection
from store.team.migrations.shared import as_declared, fold_anew

revision = "2"
down_revision = "1"

NEW_TABLES = ("duties", "last_groups")


def upgrade() -> None:
    """Make the new tables."""
    for table in NEW_TABLES:
        as_declared(op, table)


def convert(connection: Connection) -> None:
    """Fold every conversation anew."""
    fold_anew(connection)
