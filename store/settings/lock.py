"""One process of a kind in a home; the kernel lets go when it dies, however it dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from store.settings.errors import AlreadyRunning


class HomeLock:
    """`with HomeLock(home, "server"):` keeps a second one out. The file `server.lock` stays, for removing it would let two in."""

    def __init__(self, home: Path, name: str) -> None:
        self._home = home
        self._name = name
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()

    def take(self) -> None:
        """Get it at once.

        Raises:
            AlreadyRunning: Another process has it.
        """
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._home / f"{self._name}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20)
            os.close(descriptor)
            raise AlreadyRunning(self._home, self._name, int(holder) if holder.isdigit() else None) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go. Releasing twice is no error."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
