"""Where a simulated house keeps its journal: a file, or a PostgreSQL; each behind the real writer, reader, backup and restore.

What a server's threads do is done here by the caller, in the same steps: so a seed plays the same again.
"""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from store.clock import Clock
from store.sqlite.connection import Connection as FileConnection
from store.sqlite.connection import connect
from store.sqlite.writer import Writer as FileWriter
from store.sqlite.writer import _Job as FileJob
from store.team.backup import back_up
from store.team.connection import Connection, Row, SqlValue
from store.team.restoring import restore
from tests.simulation.fate import Blow, Died, Fate

T = TypeVar("T")
Work = Callable[[Connection], T]


class Pen(Protocol):
    """A process's way to the journal, from its start to its end."""

    def set_up(self, work: Work[T]) -> T:
        """The first look."""
        ...

    def write(self, work: Work[T]) -> T:
        """Returning means committed."""
        ...

    def read(self, work: Work[T]) -> T:
        """All of one moment."""
        ...

    def end(self) -> None:
        """As by a kill: what is not committed is gone."""
        ...


class Storage(Protocol):
    """A house's journal in one life after the other: each restore makes another place."""

    fate: Fate
    blows: tuple[Blow, ...]
    """What may strike a writer."""
    statements: int
    """Within how many statements it strikes: about as many as a command needs."""

    def pen(self) -> Pen:
        """For a process that starts."""
        ...

    def eye(self) -> Pen:
        """For the onlooker, whom nothing strikes."""
        ...

    def back_up(self, now: datetime) -> Path:
        """The file of a backup, as `mado server backup` writes it."""
        ...

    def restore(self, backup: Path, clock: Clock) -> None:
        """Another place with that in it, as `mado server restore` does it; the old one is nobody's any more."""
        ...

    def fill(self, pens: Collection[Pen]) -> None:
        """No room on the disk from now on, where that can be played."""
        ...

    def empty(self, pens: Collection[Pen]) -> None:
        """Room again."""
        ...

    def fall_over(self) -> None:
        """Every session ends at this moment, and nobody is let in until `fate.away` says otherwise."""
        ...

    def close(self) -> None:
        """Take everything away."""
        ...


class MortalFile(FileConnection):
    """A real connection, on which the process dies before the statement it is told."""

    def __init__(self, inner: FileConnection, fate: Fate) -> None:
        super().__init__(inner._raw, inner.path)
        self._fate = fate

    def execute(self, sql: str, params: tuple[SqlValue, ...] = ()) -> list[Row]:  # type: ignore[override]
        if self._fate.draw() is not None:
            raise Died
        return super().execute(sql, params)

    def one(self, sql: str, params: tuple[SqlValue, ...] = ()) -> Row | None:  # type: ignore[override]
        if self._fate.draw() is not None:
            raise Died
        return super().one(sql, params)


class FilePen:
    """The steps of `store.sqlite.writer`'s thread, taken by whoever asks."""

    def __init__(self, path: Path, fate: Fate, connection: FileConnection) -> None:
        self._fate = fate
        self.connection = connection
        # What a power cut would lose is for other tests: here processes die.
        connection.execute("PRAGMA synchronous = OFF")
        self._writer = FileWriter(path)

    def set_up(self, work: Work[T]) -> T:
        return self.write(work)

    def write(self, work: Work[T]) -> T:
        self._fate.moved = True
        job: FileJob[T] = FileJob(work)
        self._writer._commit_group(self.connection, job)
        return job.future.result()

    def read(self, work: Work[T]) -> T:
        with self.connection.snapshot():
            return work(self.connection)

    def end(self) -> None:
        self._fate.spare()
        self.connection.close()


class FileStorage:
    """A file, and beside it the list of erasures."""

    blows = (Blow.DIES,)
    statements = 25

    def __init__(self, folder: Path, template: Path, fate: Fate) -> None:
        self._folder = folder
        self._count = itertools.count()
        self.fate = fate
        self._path = self._place()
        shutil.copy(template, self._path)

    def pen(self) -> FilePen:
        return FilePen(self._path, self.fate, MortalFile(connect(self._path), self.fate))

    def eye(self) -> FilePen:
        return FilePen(self._path, self.fate, connect(self._path))

    def back_up(self, now: datetime) -> Path:
        target = self._folder / f"backup{next(self._count)}.db"
        back_up(self._path, target, now)
        return target

    def restore(self, backup: Path, clock: Clock) -> None:
        self._path = self._place()
        asyncio.run(restore(backup, self._path, clock))
        self.fate.moved = True

    def fill(self, pens: Collection[Any]) -> None:
        for pen in pens:
            pages = pen.connection.value("PRAGMA page_count")
            pen.connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    def empty(self, pens: Collection[Any]) -> None:
        for pen in pens:
            pen.connection.execute("PRAGMA max_page_count = 1000000")

    def fall_over(self) -> None:
        """A file is nowhere else."""

    def close(self) -> None:
        """The folder is whose it was given by."""

    def _place(self) -> Path:
        return self._folder / f"team{next(self._count)}.db"
