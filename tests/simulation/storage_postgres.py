"""A house on a PostgreSQL, with what can happen to its sessions: cut, refused, ended by a fail-over, and the word of a COMMIT lost."""

import asyncio
import itertools
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from start_postgres import Postgres

from store.clock import Clock
from store.postgres import database, readers, writer
from store.postgres.connection import Connection
from store.postgres.foreign import name_of
from store.postgres.readers import in_one_moment
from store.postgres.writer import _Job
from store.sqlite.connection import Row, SqlValue
from store.sqlite.errors import StoreAway
from store.team.backup import back_up
from store.team.database import open_database
from store.team.restoring import restore
from tests.simulation.fate import Blow, Died, Fate
from tests.simulation.storage import Pen, Work

T = TypeVar("T")

NO_ROOM = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
"""What a full disk says, in the place of the statement that would have needed room."""


class MortalSession(Connection):
    """A real session, which fate may strike before each statement."""

    def __init__(self, url: str, of: "PostgresStorage") -> None:
        self._of = of
        if of.fate.away:
            raise StoreAway(name_of(url))
        super().__init__(url)
        of.sessions.append(self)

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> list[Row]:
        self._strike()
        return super().execute(sql, params)

    def execute_all(self, asked: Sequence[tuple[str, Sequence[SqlValue]]]) -> list[list[Row]]:
        self._strike()
        return super().execute_all(asked)

    def commit(self) -> None:
        super().commit()
        if self._of.fate.takes_the_word():
            self.cut()
            raise StoreAway(self.path)

    def close(self) -> None:
        if self in self._of.sessions:
            self._of.sessions.remove(self)
        super().close()

    def cut(self) -> None:
        """PostgreSQL ends the session, as when it is shut down, fails over, or has waited too long for a process that was stopped."""
        self._of.end_session(self._session.backend_pid)

    def _strike(self) -> None:
        match self._of.fate.draw():
            case Blow.DIES:
                raise Died
            case Blow.CUT:
                self.cut()
            case Blow.FULL:
                super().execute(NO_ROOM)
            case Blow.STOPPED:
                self.cut()
                self._of.fate.meanwhile()
            case _:
                pass


class PostgresPen:
    """The steps of the writer's and the readers' threads, taken by whoever asks."""

    def __init__(self, url: str, fate: Fate) -> None:
        self._fate = fate
        opened: Any = open_database(url)
        self._database: database.PostgresDatabase = opened

    def set_up(self, work: Work[T]) -> T:
        self._fate.moved = True
        return self._database.set_up(work)

    def write(self, work: Work[T]) -> T:
        self._fate.moved = True
        job: _Job[T] = _Job(work, ())
        job.settle(self._database._writer._do_group([job]))
        return job.future.result()

    def read(self, work: Work[T]) -> T:
        return self._database._readers._answer(work)

    def end(self) -> None:
        self._fate.spare()
        self._database._writer._hang_up()
        self._database.close()


class PostgresEye:
    """The onlooker's own session."""

    def __init__(self, url: str) -> None:
        self._session = Connection(url)

    def set_up(self, work: Work[T]) -> T:
        return self.read(work)

    def write(self, work: Work[T]) -> T:
        raise NotImplementedError("an onlooker writes nothing")

    def read(self, work: Work[T]) -> T:
        return in_one_moment(self._session, work)

    def end(self) -> None:
        self._session.close()


class PostgresStorage:
    """A database of a cluster, and another one after each restore. Time is a number here too: who waits for the database waits in it."""

    blows = (Blow.DIES, Blow.DIES, Blow.CUT, Blow.FULL, Blow.FULL, Blow.STOPPED, Blow.WORD_LOST)
    statements = 12

    def __init__(self, folder: Path, cluster: Postgres, template: str, fate: Fate) -> None:
        self._folder = folder
        self._cluster = cluster
        self._count = itertools.count()
        self.fate = fate
        self.sessions: list[MortalSession] = []
        self._url = url_of(cluster, cluster.new_database(template))
        self._admin = Connection(self._url)
        self._waited = 0.0
        self._patches = pytest.MonkeyPatch()
        for module in (writer, readers, database):
            self._patches.setattr(module, "Connection", lambda url: MortalSession(url, self))
        for module in (writer, readers):
            self._patches.setattr(module, "sleep", self._wait)
            self._patches.setattr(module, "monotonic", lambda: self._waited)

    def _wait(self, seconds: float) -> None:
        self._waited += seconds

    def pen(self) -> Pen:
        return PostgresPen(self._url, self.fate)

    def eye(self) -> Pen:
        return PostgresEye(self._url)

    def end_session(self, pid: int) -> None:
        self._admin.begin()
        self._admin.value("SELECT pg_terminate_backend($1::int, 5000)", (pid,))
        self._admin.commit()

    def fall_over(self) -> None:
        """All at once: what was not committed is gone, as at a fail-over to a standby that had every commit."""
        for session in tuple(self.sessions):
            session.cut()

    def back_up(self, now: datetime) -> Path:
        target = self._folder / f"backup{next(self._count)}.db"
        self.fate.stands_still = True
        try:
            back_up(self._url, target, now)
        finally:
            self.fate.stands_still = False
        return target

    def restore(self, backup: Path, clock: Clock) -> None:
        self._admin.close()
        self._url = url_of(self._cluster, self._cluster.new_database())
        self._admin = Connection(self._url)
        self.fate.away = False
        asyncio.run(restore(backup, self._url, clock))
        self.fate.moved = True

    def fill(self, pens: Collection[Pen]) -> None:
        """A full disk strikes as one of the blows."""

    def empty(self, pens: Collection[Pen]) -> None:
        """It was full for a moment."""

    def close(self) -> None:
        self._patches.undo()
        self._admin.close()


def url_of(cluster: Postgres, conninfo: str) -> str:
    """As the settings say it."""
    parts = dict(part.split("=") for part in conninfo.split())
    return f"postgresql:///{parts['dbname']}?host={cluster.root}&port={parts['port']}&user=postgres"
