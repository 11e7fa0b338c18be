"""What PostgreSQL's SQLSTATEs mean to us, and how its server is reached; nothing of psycopg's own errors leaves this room."""

from select import POLLIN, POLLOUT, poll
from time import monotonic

from psycopg import Error as PsycopgError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import PGconn, PollingStatus
from psycopg.pq.abc import PGconn as Session

from store.sqlite.errors import (
    CannotOpen,
    ConstraintBroken,
    DiskFailed,
    DiskFull,
    OutOfMemory,
    StoreAway,
    StoreCorrupt,
    StoreError,
    StoreLocked,
    StoreMisused,
)

CONNECT_SECONDS = 5

KEEP_ALIVE: dict[str, str | int] = {
    "application_name": "mado",
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A server that vanished without a word is found out within some 10 s; libpq would wait for hours."""

PAUSED_SECONDS = 5
"""A process of ours that is stopped in the middle of a transaction keeps the pen for so long, then PostgreSQL ends its session."""

SESSION = (
    f"SET idle_in_transaction_session_timeout = '{PAUSED_SECONDS}s'",
    f"SET lock_timeout = '{3 * PAUSED_SECONDS}s'",
    "SET statement_timeout = '60s'",
    "SET client_encoding = 'UTF8'",
    # Whatever a house sets for its cluster: an acknowledged command survives the death of the server.
    "SET synchronous_commit = on",
)

TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})
"""Serialisation failure, deadlock, lock not available: the same transaction may well work now."""

_MEANING: dict[str, type[StoreError]] = {
    "08": StoreAway,
    "23": ConstraintBroken,
    "28": CannotOpen,
    "3D": CannotOpen,
    "42501": CannotOpen,
    "25006": StoreAway,
    "25P03": StoreAway,
    "53100": DiskFull,
    "53200": OutOfMemory,
    "53300": StoreAway,
    "54": OutOfMemory,
    "55P03": StoreLocked,
    "40": StoreLocked,
    "57": StoreAway,
    "57014": StoreLocked,
    "58": DiskFailed,
    "XX": StoreCorrupt,
}
"""By SQLSTATE (PostgreSQL manual, appendix A), or its class. 25006: a standby that was not promoted
yet; 25P03: we were stopped in a transaction; 57: shut down; 57014: it took longer than it may."""


def ours(state: str, where: str, detail: str = "") -> StoreError:
    """What an SQLSTATE means to us; `detail`: only words that hold no value of a row."""
    kind = _MEANING.get(state) or _MEANING.get(state[:2], StoreMisused)
    return kind(where, f"SQLSTATE {state}{f': {detail}' if detail else ''}")


def name_of(url: str) -> str:
    """The database of a URL or a connection string without its password.

    Raises:
        CannotOpen: It is no connection string.
    """
    try:
        parts = conninfo_to_dict(url)
    except PsycopgError as error:
        raise CannotOpen("postgresql://…", "this is no connection string") from error
    return f"postgresql://{parts.get('host') or parts.get('service') or 'localhost'}/{parts.get('dbname') or ''}"


def reach(url: str) -> Session:
    """A new session.

    Raises:
        StoreAway: Nobody answers, or it is starting, stopping or full.
        CannotOpen: No such database, or no right to it.
    """
    where = name_of(url)
    session: Session = PGconn.connect_start(make_conninfo(url, **KEEP_ALIVE).encode())
    ends_at = monotonic() + CONNECT_SECONDS
    # libpq's blocking calls keep Python's lock: whoever waits here must not stop the event loop, so every wait is a poll.
    while (state := session.connect_poll()) not in {PollingStatus.OK, PollingStatus.FAILED}:
        if monotonic() >= ends_at or session.socket < 0:
            session.finish()
            raise StoreAway(where)
        wait_for(session.socket, write=state == PollingStatus.WRITING, seconds=ends_at - monotonic())
    if state == PollingStatus.FAILED:
        said = session.error_message.decode("utf-8", "replace")
        session.finish()
        raise _refused(said, where)
    return session


def wait_for(socket: int, *, write: bool, seconds: float | None) -> None:
    """Until the socket can be read, or written where that is wanted; or the time is over."""
    poller = poll()
    poller.register(socket, POLLIN | (POLLOUT if write else 0))
    poller.poll(None if seconds is None else max(0, int(seconds * 1000) + 1))


def _refused(said: str, where: str) -> StoreError:
    # libpq gives no SQLSTATE for a session that did not begin; PostgreSQL's own words for a login are not translated by it.
    if any(words in said for words in ("does not exist", "authentication failed", "no pg_hba.conf entry", "no password supplied")):
        return CannotOpen(where, "no such database or user, or a wrong password")
    return StoreAway(where)
