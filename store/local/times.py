"""How times lie in the database: as whole microseconds since 1970."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime | None) -> int:
    """Whole microseconds since 1970; None is 0, older than everything."""
    return 0 if at is None else (at - EPOCH) // MICROSECOND


def moment(value: int | None) -> datetime | None:
    """The other way; 0 and NULL are None."""
    return EPOCH + value * MICROSECOND if value else None
