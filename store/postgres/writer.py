"""The one thread of a process that writes to PostgreSQL: it takes the pen, does all that waits in its queue, and commits it together.

The pen is the lock on one row. While a process holds it no other one of the house writes, so a work sees what every earlier one left,
and what it decides stands: no two servers ever decide from the same state.
"""

import queue
import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from time import monotonic, sleep, time
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeVar

from store.postgres.connection import Connection, TryAgain
from store.sqlite.connection import Question
from store.sqlite.errors import StoreAway, StoreClosed, StoreError

T = TypeVar("T")

GROUP_WORKS = 256
GROUP_SECONDS = 0.05
"""As of `store.sqlite.writer`."""
AHEAD_WORKS = 64
"""So many works' first questions are asked for the wait of one. From then on the database writes while the next work thinks."""
PATIENCE_SECONDS = 30.0
"""How long a group is tried again while the database is away, or another one's transaction undoes ours."""
BETWEEN_TRIES_SECONDS = 0.1
CHANNEL = "mado"

BELL = f"NOTIFY {CHANNEL}"


class Rites(NamedTuple):
    """The statements around a group. `there` gives NULL while no tables were made. `pen` locks the row and gives names and values of the
    counters that only its holder moves; `mark` keeps a mark for a writer (writer, mark, microseconds since 1970); `mark_of` gives it back.
    """

    there: str
    pen: str
    mark: str
    mark_of: str


class _Job(Generic[T]):
    """A work, its future, and its outcome until the group's COMMIT."""

    def __init__(self, work: Callable[[Connection], T], ahead: Sequence[Question]) -> None:
        self.work = work
        self.ahead = ahead
        self.future: Future[T] = Future()
        self.result: T
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Whatever is raised is kept for the one who asked."""
        self.error = None
        with _Keeping(self):
            self.result = self.work(connection)

    def settle(self, group_error: BaseException | None) -> None:
        """Tell the one who asked."""
        if (error := group_error or self.error) is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)


class _Keeping:
    """Keeps whatever a work raises for its future: it belongs to the asking thread, this one must live on."""

    def __init__(self, job: "_Job[Any]") -> None:
        self._job = job

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        self._job.error = error
        return True


class Writer:
    """Group commit under the pen. A work may be run more than once: only what it leaves in the database counts."""

    def __init__(self, url: str, where: str, rites: Rites) -> None:
        self._url = url
        self._where = where
        self._rites = rites
        self._id = secrets.token_hex(8)
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None

    def submit(self, work: Callable[[Connection], T], ahead: Sequence[Question] = ()) -> Future[T]:
        """Have `work` done inside a transaction; the future resolves after COMMIT, and never before. `ahead`: what it will ask first.

        Raises:
            StoreClosed: After `close()`.
        """
        job = _Job(work, ahead)
        with self._starting:
            if self._closed:
                raise StoreClosed(self._where)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer of the team's database", daemon=True)
                self._thread.start()
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Finish what was submitted, then end. Closing twice is no error."""
        with self._starting:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        jobs: list[_Job[Any]] = []
        try:
            while (job := self._queue.get()) is not None:
                if job.future.set_running_or_notify_cancel():
                    jobs = [job]
                    error = self._do_group(jobs)
                    for each in jobs:
                        each.settle(error)
        finally:
            self._hang_up()
            self._end(jobs)

    def _end(self, jobs: "list[_Job[Any]]") -> None:
        """Nobody waits for ever, even where a bug of ours ended this thread."""
        with self._starting:
            self._closed = True
        while not self._queue.empty():
            if (job := self._queue.get()) is not None and job.future.set_running_or_notify_cancel():
                jobs.append(job)
        for job in jobs:
            if not job.future.done():
                job.settle(StoreClosed(self._where))

    def _do_group(self, jobs: "list[_Job[Any]]") -> StoreError | None:
        """Do them, and what waits behind them, until they are committed; returns why they could not be."""
        give_up_at = monotonic() + PATIENCE_SECONDS
        careful, mark = False, ""
        while True:
            try:
                connection = self._connection = self._connection or Connection(self._url)
                counted = _open(connection, self._rites.pen, careful=careful)
                if mark and connection.value(self._rites.mark_of, (self._id,)) == mark:
                    # Only the word of its COMMIT was lost. Under the pen, so nothing of that try can still be on its way.
                    connection.roll_back()
                    return None
                mark = secrets.token_hex(8)
                connection.execute(self._rites.mark, (self._id, mark, int(time() * 1e6)))
                if self._do_all(connection, jobs, careful=careful):
                    _close(connection, counted)
                    return None
                # Somebody's work failed. Once more, with a savepoint for each, so that it fails alone.
                connection.roll_back()
                careful = True
            except StoreError as error:
                self._recover(error)
                passing = isinstance(error, StoreAway | TryAgain)
                if (careful and not passing) or monotonic() >= give_up_at:
                    return error
                careful = careful or not passing
                sleep(BETWEEN_TRIES_SECONDS)

    def _do_all(self, connection: Connection, jobs: "list[_Job[Any]]", *, careful: bool) -> bool:
        if careful:
            return all(_do(connection, job, self._rites.pen, careful=True) for job in jobs)
        close_at = monotonic() + GROUP_SECONDS
        batch = jobs.copy()
        self._take_waiting(batch, jobs)
        while batch:
            connection.ask_ahead([question for job in batch for question in job.ahead])
            for job in batch:
                if not _do(connection, job, self._rites.pen, careful=False):
                    return False
                connection.push()
            batch = []
            if len(jobs) < GROUP_WORKS and monotonic() < close_at:
                self._take_waiting(batch, jobs)
        return True

    def _take_waiting(self, *to: "list[_Job[Any]]") -> None:
        """What waits in the queue, up to one batch, is part of this group now."""
        with suppress(queue.Empty):
            while len(to[0]) < AHEAD_WORKS:
                job = self._next_wanted()
                for each in to:
                    each.append(job)

    def _next_wanted(self) -> "_Job[Any]":
        """The next work that nobody cancelled; raises `queue.Empty`, also at the end."""
        while (job := self._queue.get_nowait()) is not None:
            if job.future.set_running_or_notify_cancel():
                return job
        self._queue.put(None)
        raise queue.Empty

    def _recover(self, error: StoreError) -> None:
        """Undo what was tried, or give the session up."""
        if not isinstance(error, StoreAway) and self._connection is not None:
            with suppress(StoreError):
                self._connection.roll_back()
                return
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _counters(connection: Connection, pen: str) -> dict[str, int]:
    return {str(name): int(count) for name, count in connection.execute(pen)}


def _open(connection: Connection, pen: str, *, careful: bool) -> dict[str, int]:
    """Begin, and wait for the pen; returns the counters as they are now."""
    connection.careful = careful
    connection.begin()
    connection.counted = _counters(connection, pen)
    return dict(connection.counted)


def _do(connection: Connection, job: "_Job[Any]", pen: str, *, careful: bool) -> bool:
    """One work; False: it failed in a transaction that cannot part it from the others."""
    if not careful:
        job.run(connection)
        if isinstance(job.error, StoreAway | TryAgain):
            raise job.error
        return job.error is None
    connection.execute("SAVEPOINT work")
    job.run(connection)
    if isinstance(job.error, StoreAway | TryAgain):
        raise job.error
    if job.error is not None:
        connection.roll_back("work")
        connection.counted = _counters(connection, pen)
    connection.execute("RELEASE SAVEPOINT work")
    return True


def _close(connection: Connection, counted: dict[str, int]) -> None:
    """Commit, and ring for the others if there is something to hear."""
    if connection.counted != counted:
        connection.execute(BELL)
    connection.commit()
    connection.counted = None
