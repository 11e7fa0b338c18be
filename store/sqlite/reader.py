"""Reading beside the writer: one thread that answers the newest request first, and a connection for every thread that asks by itself."""

import heapq
import itertools
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from store.sqlite.connection import Connection, connect
from store.sqlite.errors import CannotOpen, StoreClosed

T = TypeVar("T")

YIELDS = -2
"""The priority of what is given up as soon as anything else is asked: it ends in `ReadGivenUp`, and whoever wants it asks again."""


class _Answer(Future[T]):
    """What will be answered. Cancelled while it is worked at, the statement that runs ends too: nobody waits behind what nobody wants."""

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._reading: Connection | None = None

    def cancel(self) -> bool:
        """As of every future; True only when the work was not begun. Otherwise it ends in `ReadGivenUp`, unless it ends first."""
        if super().cancel():
            return True
        self.give_up()
        return False

    def give_up(self) -> None:
        """End the statement that runs for it, if one does."""
        with self._guard:
            if self._reading is not None:
                self._reading.interrupt()

    def work_through(self, connection: Connection | None) -> None:
        """Say which connection works at it now; None: none does any more."""
        with self._guard:
            self._reading = connection


class _Question(Generic[T]):
    """Somebody's request, and where its answer goes."""

    def __init__(self, work: Callable[[Connection], T], *, yields: bool) -> None:
        self.work = work
        self.yields = yields
        self.future: _Answer[T] = _Answer()


class _Telling:
    """Hands whatever the block raises to a future: it belongs to the asking thread, this one must live on."""

    def __init__(self, future: _Answer[Any]) -> None:
        self._future = future

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is not None:
            self._future.work_through(None)
            self._future.set_exception(error)
        return True


class Readers:
    """Read-only connections to one database. Nobody reads through another's connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._all: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._waiting: list[tuple[int, int, _Question[Any]]] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._at: _Question[Any] | None = None
        self._closed = False

    def ask(self, work: Callable[[Connection], T], priority: int = 0) -> Future[T]:
        """Have `work` done on the reader's thread: higher priority first, and of equals the newest, which is the one still looked at.

        A future cancelled in the queue costs nothing; one cancelled while it is answered is given up. So is what `YIELDS`, by other requests.

        Raises:
            StoreClosed: After `close()`.
        """
        question = _Question(work, yields=priority <= YIELDS)
        with self._wake:
            if self._closed:
                raise StoreClosed(self._path)
            if self._at is not None and self._at.yields and not question.yields:
                self._at.future.give_up()
            heapq.heappush(self._waiting, (-priority, -next(self._order), question))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"reader of {self._path.name}", daemon=True)
                self._thread.start()
            self._wake.notify()
        return question.future

    def now(self, work: Callable[[Connection], T]) -> T:
        """Do `work` here, on this thread's own connection; all it reads is of one moment. Where none can be opened any more, because the file
        was removed, the reader's thread does it, which may have one (`hold`)."""
        try:
            connection = self._connection()
        except CannotOpen:
            if threading.current_thread() is self._thread or self._thread is None:
                raise
            return self.ask(work, priority=1).result()
        with connection.snapshot():
            return work(connection)

    def hold(self) -> Future[None]:
        """Open the thread's connection: what is open can be read whatever becomes of the file's name."""
        return self.ask(lambda _connection: None)

    def close(self) -> None:
        """End the thread after the request it is at; the waiting ones are cancelled."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        for _, _, question in self._waiting:
            question.future.cancel()
        for connection in list(self._all):
            connection.close()

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            if self._closed:
                raise StoreClosed(self._path)
            connection = connect(self._path, readonly=True)
            self._own.connection = connection
            self._all.add(connection)
        return connection

    def _run(self) -> None:
        while (question := self._next()) is not None:
            if question.future.set_running_or_notify_cancel():
                with _Telling(question.future):
                    question.future.work_through(self._connection())
                    answer = self.now(question.work)
                    question.future.work_through(None)
                    question.future.set_result(answer)

    def _next(self) -> _Question[Any] | None:
        with self._wake:
            self._at = None
            self._wake.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            self._at = heapq.heappop(self._waiting)[2]
            return self._at
