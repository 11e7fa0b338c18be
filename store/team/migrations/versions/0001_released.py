"""Schema 1, as first released: made whole by the program of that time."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Nothing: this is where every step starts."""
