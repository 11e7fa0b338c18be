"""Says short words to the other servers of a database (NOTIFY); nothing is kept, and one that is lost is lost."""

import threading
from collections import deque
from contextlib import suppress

from store.postgres.connection import Connection
from store.sqlite.errors import StoreError

WORDS_CHANNEL = "mado_words"
LONGEST_WORD_BYTES = 7900
"""PostgreSQL's own bound is 8,000 (its manual, NOTIFY)."""
MOST_WAITING = 1000
"""While the database is away; beyond it the oldest is dropped."""
AGAIN_SECONDS = 1.0


class Speaker:
    """A thread with a session of its own: never behind the pen, never waiting for the disk. It begins with the first word."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: deque[str] = deque(maxlen=MOST_WAITING)
        self._news = threading.Condition()
        self._ended = False
        self._thread: threading.Thread | None = None

    def say(self, word: str) -> None:
        """Hand a word on; returns at once.

        Raises:
            ValueError: It is longer than PostgreSQL takes.
        """
        if len(word.encode()) > LONGEST_WORD_BYTES:
            raise ValueError("a word for the other servers is too long")
        with self._news:
            if self._ended:
                return
            self._waiting.append(word)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="speaker of the team's database", daemon=True)
                self._thread.start()
            self._news.notify()

    def close(self) -> None:
        """Say what still waits, if the database is there, and no more. Closing twice is no error."""
        with self._news:
            self._ended = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended:
            with suppress(StoreError):
                self._speak()
            with self._news:
                self._news.wait_for(lambda: self._ended, AGAIN_SECONDS)

    def _speak(self) -> None:
        connection = Connection(self._url)
        try:
            # What nobody keeps need not reach the disk.
            connection.execute("SET synchronous_commit = off")
            while (word := self._next()) is not None:
                connection.value("SELECT pg_notify($1, $2)", (WORDS_CHANNEL, word))
                connection.settle()
        finally:
            connection.close()

    def _next(self) -> str | None:
        with self._news:
            self._news.wait_for(lambda: self._ended or self._waiting)
            return self._waiting.popleft() if self._waiting else None
