"""Reading beside the writer: a few threads with a session each; all that one question reads is of one moment."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from time import monotonic, sleep
from typing import TypeVar

from store.postgres.connection import Connection
from store.postgres.writer import BETWEEN_TRIES_SECONDS
from store.sqlite.errors import StoreAway, StoreClosed, StoreError

T = TypeVar("T")

THREADS = 2
PATIENCE_SECONDS = 10.0
"""How long a question is asked again while the database is away."""
ONE_MOMENT = "ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Readers:
    """Answers in the order of asking. The threads start with the first question."""

    def __init__(self, url: str, where: str) -> None:
        self._url = url
        self._where = where
        self._own = threading.local()
        self._all: list[Connection] = []
        self._closed = False
        self._threads = ThreadPoolExecutor(THREADS, "reader of the team's database")

    def ask(self, work: Callable[[Connection], T]) -> Future[T]:
        """Have `work` done on a reader's thread; it may be done again when the line breaks.

        Raises:
            StoreClosed: After `close()`.
        """
        if self._closed:
            raise StoreClosed(self._where)
        return self._threads.submit(self._answer, work)

    def close(self) -> None:
        """End after the questions that are being answered."""
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        for connection in self._all:
            connection.close()

    def _answer(self, work: Callable[[Connection], T]) -> T:
        give_up_at = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                connection = self._connection()
                return in_one_moment(connection, work)
            except StoreAway:
                self._hang_up()
                if self._closed or monotonic() >= give_up_at:
                    raise
                sleep(BETWEEN_TRIES_SECONDS)

    def _connection(self) -> Connection:
        found: Connection | None = getattr(self._own, "connection", None)
        if found is None:
            found = self._own.connection = Connection(self._url)
            self._all.append(found)
        return found

    def _hang_up(self) -> None:
        found: Connection | None = getattr(self._own, "connection", None)
        if found is not None:
            found.close()
            self._all.remove(found)
            self._own.connection = None


def in_one_moment(connection: Connection, work: Callable[[Connection], T]) -> T:
    """Do `work` so that all it reads is of one moment, whatever others commit meanwhile."""
    connection.begin(ONE_MOMENT)
    done = False
    try:
        answer = work(connection)
        connection.commit()
        done = True
        return answer
    finally:
        if not done:
            with suppress(StoreError):
                connection.roll_back()
