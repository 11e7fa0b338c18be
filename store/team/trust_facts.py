"""What somebody who looks for a break-in wants to read: log-ins, failures, what changed about people. One function, called in the transaction."""

from datetime import datetime

from store.domain.ids import MemberKey
from store.team import audit
from store.team.connection import Connection


def note(connection: Connection, now: datetime, who: MemberKey, what: str, where_from: str, **facts: str | int | bool | None) -> None:
    """Tell that `who` did `what` from an address or socket. Never a secret: names, counts and ends only."""
    audit.note(connection, now, who, what, where_from, dict(facts))
