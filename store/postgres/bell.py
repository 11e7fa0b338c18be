"""Hears that another server has committed something, and what it says beside; hints only, for everybody looks each second all the same."""

import threading
from collections.abc import Callable
from contextlib import suppress

from store.postgres.connection import Connection
from store.postgres.foreign import wait_for
from store.postgres.speaker import WORDS_CHANNEL
from store.postgres.writer import CHANNEL
from store.sqlite.errors import StoreError

LOOK_SECONDS = 0.5
"""How soon `close` is noticed."""
AGAIN_SECONDS = 1.0


class Bell:
    """A thread with a session that listens. A line that breaks is made anew, for ever."""

    def __init__(self, url: str, rung: Callable[[], None], told: Callable[[str], None]) -> None:
        """`rung` and `told` are called on the thread; `told` with "" when words may have been missed."""
        self._url = url
        self._rung = rung
        self._told = told
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bell of the team's database", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hear of nothing any more."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            with suppress(StoreError):
                self._listen()
            self._ended.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        connection = Connection(self._url)
        try:
            for channel in (CHANNEL, WORDS_CHANNEL):
                connection.execute(f"LISTEN {channel}")
            connection.settle()
            # What was committed, and said, while nobody listened.
            self._rung()
            self._told("")
            while not self._ended.is_set():
                wait_for(connection.socket, write=False, seconds=LOOK_SECONDS)
                came = connection.notified()
                if any(channel == CHANNEL for channel, _ in came):
                    self._rung()
                for channel, word in came:
                    if channel == WORDS_CHANNEL:
                        self._told(word)
        finally:
            connection.close()
