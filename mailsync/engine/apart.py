"""A pull in a process of its own: a first one begins while the terminal still imports its screens, and no key ever waits for what it does.

Imports nothing dear, for it is begun right behind the splash.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Self

from mailsync.engine.own_process import own_process

LOCK_NAME = "sync"
"""Of the lock that whoever pulls a home's mail holds."""
GOODBYE_SECONDS = 1.5
LOOK_SECONDS = 0.01


class Apart:
    """The process, seen from the one that began it. It ends when its work is done, by `end`, and when this process ends, however it does."""

    def __init__(self, pid: int, news: int, leash: int) -> None:
        self.pid = pid
        self._is_gone = False
        self.news = news
        """Descriptor to read what it tells from (`mailsync.engine.apart_news`)."""
        self._leash = leash

    @classmethod
    def begin(cls, home: Path) -> Self | None:
        """Pull all mail of a home once; None where no process can be had, and the pull is left to whoever comes next.

        Where another program pulls this home already it ends at once.
        """
        held, leash = os.pipe()
        news, told = os.pipe()
        command = own_process("mailsync.engine.apart_process", str(home))
        nowhere = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
        try:
            pid = os.posix_spawn(
                sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, held, 0), (os.POSIX_SPAWN_DUP2, told, 1), nowhere]
            )
        except OSError:
            os.close(news)
            os.close(leash)
            return None
        finally:
            os.close(held)
            os.close(told)
        return cls(pid, news, leash)

    def end(self) -> None:
        """Let go of it, and return when it is gone. Ending twice is no error."""
        if self._is_gone:
            return
        self._is_gone = True
        os.close(self._leash)
        until = time.monotonic() + GOODBYE_SECONDS
        while not _is_buried(self.pid):
            if time.monotonic() > until:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(LOOK_SECONDS)


def _is_buried(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
