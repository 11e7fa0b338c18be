"""A team from its backup, in a new place: of a new epoch, with every door shut and every reply that was on its way shown as unknown."""

import asyncio
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from store.clock import Clock
from store.domain.audit import RESTORED as RESTORED_ENTRY
from store.domain.commands import RecordOutcome
from store.domain.decide_outbox import RESTORED
from store.domain.outbox import TERMINAL_STATES, OutboxState
from store.domain.people import SERVER
from store.sqlite.connection import connect
from store.team import people_statements as p
from store.team import statements as s
from store.team.backup import copy_tables, empty_tables, into_new_file, look_into
from store.team.connection import Connection
from store.team.database import Place, is_url, open_database
from store.team.desk import TeamDesk
from store.team.end_dates import doubt_end_dates
from store.team.errors import NoBackup, PlaceTaken
from store.team.migrations import migrate, schema_of
from store.team.rows import run, to_micros, value
from store.team.tables import SCHEMA
from store.team.values import THE_SERVER


class Restored(msgspec.Struct, frozen=True):
    """What came back."""

    epoch: int
    seq: int
    unknown: int
    """Replies of which nobody knows whether they left after the backup was made."""
    sessions: int
    invitations: int
    """Ended, all of them: the backup does not know which were ended, or used, after it was made."""


class _Shut(msgspec.Struct, frozen=True):
    sessions: int
    invitations: int


async def restore(backup: Path, place: Place, clock: Clock) -> Restored:
    """Bring a backup back into a place where nothing is; no server may use it before this returns.

    Raises:
        NoBackup: The file is none, or from a newer program.
        PlaceTaken: There is a team already.
        StoreError: The place cannot be reached or written. Nothing is left behind.
    """
    known = await asyncio.to_thread(look_into, backup)
    if known.schema > SCHEMA:
        raise NoBackup(backup, "a newer madoguchi made it; update this one")
    shut = await asyncio.to_thread(_bring, backup, place, clock.now())
    desk = await asyncio.to_thread(TeamDesk, place, clock)
    try:
        await desk.note(SERVER, RESTORED_ENTRY, facts={"sessions_ended": shut.sessions, "invitations_ended": shut.invitations})
        unknown = await _doubt_what_was_leaving(desk)
        return Restored(desk.epoch, desk.seq, unknown, shut.sessions, shut.invitations)
    finally:
        await desk.close()


def next_epoch(epoch: int, now: datetime) -> int:
    """Greater than the backup's, and another than any that an earlier restore of the same backup was given, also where the clock was set back."""
    micros = to_micros(now)
    return max(epoch + 1 + micros % 1_000_000, micros)


def _bring(backup: Path, place: Place, now: datetime) -> _Shut:
    if not is_url(place):
        return into_new_file(Path(place), lambda part: _prepare(backup, part, now))
    database = open_database(place)
    try:
        # In a file of its own first, and thrown away again: PostgreSQL does not wait in a transaction for what takes long.
        with TemporaryDirectory(prefix="mado-restore-") as folder:
            staged = Path(folder) / "team.db"
            shut = into_new_file(staged, lambda part: _prepare(backup, part, now))
            database.set_up(lambda connection: _into_server(staged, connection, now))
            return shut
    finally:
        database.close()


def _prepare(backup: Path, part: Path, now: datetime) -> _Shut:
    """A copy with today's tables, of a new epoch, in the empty file `part`."""
    source = connect(backup, readonly=True)
    try:
        source.execute("VACUUM INTO ?", (str(part),))
    finally:
        source.close()
    made = connect(part, durable=True)
    try:
        with made.transaction():
            return _renew(made, now)
    finally:
        made.close()


def _into_server(staged: Path, connection: Connection, now: datetime) -> None:
    if schema_of(connection) is not None:
        raise PlaceTaken(connection.path)
    empty_tables(connection, now)
    source = connect(staged, readonly=True)
    try:
        copy_tables(source, connection)
    finally:
        source.close()


def _renew(connection: Connection, now: datetime) -> _Shut:
    known = schema_of(connection)
    if known is not None and known < SCHEMA:
        migrate(connection, known)
    epoch = int(str(value(connection, s.GET_META, name="epoch")))
    run(connection, s.PUT_META, name="epoch", value=str(next_epoch(epoch, now)))
    run(connection, s.PUT_META, name="restored_at", value=str(to_micros(now)))
    doubt_end_dates(connection)
    run(connection, s.FREE_DUTIES)
    return _shut_doors(connection, now)


def _shut_doors(connection: Connection, now: datetime) -> _Shut:
    """What was ended, or used up, after the backup must open nothing again: whoever belongs here comes in anew."""
    sessions = run(connection, p.END_EVERY_SESSION, now_at=to_micros(now))
    return _Shut(len(sessions), len(run(connection, p.DROP_EVERY_OPEN_INVITATION)))


async def _doubt_what_was_leaving(desk: TeamDesk) -> int:
    """Nobody knows which of them left after the backup: a person looks, or the copy in Sent says it."""
    doubted = 0
    for state in OutboxState:
        if state in TERMINAL_STATES or state is OutboxState.UNKNOWN:
            continue
        for item in await desk.submissions_in(state):
            outcome = RecordOutcome(
                conversation_id=item.conversation_id,
                submission_id=item.submission.id,
                state=OutboxState.UNKNOWN,
                why=RESTORED,
            )
            await desk.execute(THE_SERVER, None, outcome)
            doubted += 1
    return doubted
