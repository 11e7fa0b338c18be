"""Schema 2: who does an inbox's work, the audit log, open work, people and trust, and conversations folded by today's rules."""

from alembic import op

from store.team.connection import Connection
from store.team.migrations.shared import as_declared, fold_anew
from store.team.newcomers import fill_open_work

revision = "2"
down_revision = "1"

NEW_TABLES = (
    "duties",
    "last_groups",
    "audit",
    "open_work",
    "session_facts",
    "devices",
    "guesses",
    "second_factors",
    "recovery_codes",
    "certificates",
    "member_networks",
    "handed_out",
    "endings",
    "team_facts",
    "template_uses",
    "files_of_comments",
    "file_pieces",
    "read_marks",
    "mailings",
    "mailing_rows",
    "suppressed",
    "checks",
    "remarks",
)


def upgrade() -> None:
    """Make the new tables, and find the sessions that ended since a moment."""
    for table in NEW_TABLES:
        as_declared(op, table)
    op.create_index("sessions_ended_at", "sessions", ["ended_at"])


def convert(connection: Connection) -> None:
    """Fold every conversation anew, and list the open ones."""
    fold_anew(connection)
    fill_open_work(connection)
