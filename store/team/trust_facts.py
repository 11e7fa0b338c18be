"""What somebody who looks for a break-in wants to read: log-ins, failures, what changed about people. One function, called in the transaction."""

import logging
from datetime import datetime

from store.domain.ids import MemberKey
from store.sqlite.connection import Connection

_log = logging.getLogger("store.team.trust")


def note(connection: Connection, now: datetime, who: MemberKey, what: str, where_from: str, **facts: str | int | bool | None) -> None:
    """Tell that `who` did `what` from an address or socket. Never a secret: names, counts and ends only."""
    del connection
    told = " ".join(f"{name}={value}" for name, value in facts.items())
    _log.info("%s %s", what, told, extra={"who": who, "where_from": where_from, "noted_at": now.isoformat()})
