"""Schema 2: who does an inbox's work, the audit log, the list of open work, and conversations folded by today's rules."""

from alembic import op

from store.team.connection import Connection
from store.team.migrations.shared import as_declared, fold_anew
from store.team.newcomers import fill_open_work

revision = "2"
down_revision = "1"

NEW_TABLES = ("duties", "last_groups", "audit", "open_work")


def upgrade() -> None:
    """Make the new tables."""
    for table in NEW_TABLES:
        as_declared(op, table)


def convert(connection: Connection) -> None:
    """Fold every conversation anew, and list the open ones."""
    fold_anew(connection)
    fill_open_work(connection)
