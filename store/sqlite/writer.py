"""The one thread that writes a database: what waits in its queue is committed together, each work in a savepoint of its own."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Generic, TypeVar

from store.sqlite.connection import Connection, connect
from store.sqlite.errors import DiskFailed, StoreClosed, StoreError

T = TypeVar("T")

GROUP_WORKS = 256
GROUP_SECONDS = 0.05
"""A group is closed after this many works or this much time, so that nobody waits long for the slow work of another."""


class _Job(Generic[T]):
    """A work, its future, and its outcome until the group's COMMIT."""

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.future: Future[T] = Future()
        self.result: T
        self.error: BaseException | None = None

    def run(self, connection: Connection, *, alone: bool) -> None:
        """Whatever is raised is kept for the one who asked, and undone: by a savepoint unless the work is `alone` in its transaction."""
        with _Keeping(self):
            with nullcontext() if alone else connection.transaction():
                self.result = self.work(connection)

    def settle(self, group_error: BaseException | None) -> None:
        """Tell the one who asked, after COMMIT or its failure."""
        if (error := self.error or group_error) is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)


class _Undo(Exception):
    """The first work of a group failed: roll back and begin another group."""


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
    """Group commit. The thread starts with the first work, so that a process which only reads pays nothing."""

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        self._path = path
        self._durable = durable
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Have `work` done inside a transaction; the future resolves after COMMIT, and never before.

        An exception of `work` undoes that work alone. When COMMIT itself fails, every work of the group gets the error and none is done.

        Raises:
            StoreClosed: After `close()`.
        """
        job = _Job(work)
        with self._starting:
            if self._closed:
                raise StoreClosed(self._path)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"writer of {self._path.name}", daemon=True)
                self._thread.start()
            self._queue.put(job)
        return job.future

    def write(self, work: Callable[[Connection], T]) -> T:
        """`submit` and wait: returning means committed."""
        return self.submit(work).result()

    def hold(self) -> Future[None]:
        """Open the connection before there is anything to write: what is open can be written whatever becomes of the file's name."""
        return self.submit(lambda _connection: None)

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
        connection: Connection | None = None
        ended = False
        while not ended:
            job = self._queue.get()
            if job is None:
                break
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                connection = connection or connect(self._path, durable=self._durable)
            except StoreError as error:
                job.settle(error)
                continue
            ended = self._commit_group(connection, job)
        if connection is not None:
            connection.close()

    def _commit_group(self, connection: Connection, first: "_Job[Any]") -> bool:
        """Do `first` and what else waits in one transaction; True when the end was reached."""
        done: list[_Job[Any]] = []
        group_error: BaseException | None = None
        ended = False
        try:
            with connection.transaction():
                ended = self._do_all(connection, first, done)
        except _Undo:
            group_error = None
        except StoreError as error:
            group_error = error
        # Without its BEGIN nothing was tried.
        for job in done or [first]:
            job.settle(group_error)
        return ended

    def _do_all(self, connection: Connection, first: "_Job[Any]", done: "list[_Job[Any]]") -> bool:
        close_at = monotonic() + GROUP_SECONDS
        job: _Job[Any] | None = first
        while job is not None:
            alone = not done
            done.append(job)
            job.run(connection, alone=alone)
            if alone and job.error is not None:
                # A savepoint for the first one too would copy every page it touches, and most groups are of one work.
                raise _Undo
            if job.error is not None and not connection.in_transaction:
                # A full disk and its like roll the whole transaction back: nothing of this group is there any more.
                raise job.error if isinstance(job.error, StoreError) else DiskFailed(self._path)
            if len(done) >= GROUP_WORKS or monotonic() >= close_at:
                return False
            try:
                job = self._next_wanted()
            except queue.Empty:
                return False
        return True

    def _next_wanted(self) -> "_Job[Any] | None":
        """The next work that nobody cancelled, or None for the end; raises `queue.Empty`."""
        while (job := self._queue.get_nowait()) is not None:
            if job.future.set_running_or_notify_cancel():
                return job
        return None
