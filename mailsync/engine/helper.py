"""Has mail read by a process beside this one while much comes in: a key must never wait for a parser, and two cores are better than one."""

import os
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from mailsync.engine.helper_process import Batch, pack_batch, prepare_batch, receive, send, unpack_prepared
from mailsync.engine.own_process import own_process
from mailsync.imap.pull import Fetched
from store.domain.ids import InboxKey
from store.local.intake import Prepared

MANY_MESSAGES = 400
"""So many are read by a helper; for fewer it would hardly have started."""
HELPERS = 2
BESIDE_A_SCREEN = max(1, min(HELPERS, (os.cpu_count() or 1) - 1))
"""Where somebody types, a core stays free for their keys."""
GOODBYE_SECONDS = 2.0
NICE = 10
"""Behind the terminal and everything a person waits for."""


class Helper:
    """Reads for one inbox; for one thread. Where the helper cannot be started or dies, the mails are read right here."""

    def __init__(self, inbox: InboxKey) -> None:
        self._inbox = inbox
        self._process: subprocess.Popen[bytes] | None = None
        self._is_useless = False

    def prepare(self, fetched: Sequence[Fetched], *, of_messages: int) -> list[Prepared]:
        """Read these, of so many that this pull brings."""
        mails = list(fetched)
        if mails and of_messages >= MANY_MESSAGES and not self._is_useless:
            if (prepared := self._ask(mails)) is not None:
                return prepared
            self._is_useless = True
            self.close()
        return prepare_batch(self._inbox, mails)

    def close(self) -> None:
        """End the helper."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            process.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _ask(self, mails: list[Fetched]) -> list[Prepared] | None:
        try:
            process = self._process = self._process or _start()
            if process.stdin is None or process.stdout is None:
                return None
            send(process.stdin, pack_batch(Batch(self._inbox, mails)))
            answer = receive(process.stdout)
        except OSError:
            return None
        return None if answer is None else unpack_prepared(answer)


class Helpers:
    """Several, each asked by a thread of its own; started when they are needed first."""

    def __init__(self, inbox: InboxKey, count: int = HELPERS) -> None:
        self._inbox = inbox
        self._own = threading.local()
        self._all: list[Helper] = []
        self._threads = ThreadPoolExecutor(count, f"read {inbox}")

    def submit(self, fetched: Sequence[Fetched], *, of_messages: int) -> Future[list[Prepared]]:
        """Have these read, of so many that this pull brings."""
        return self._threads.submit(self._prepare, fetched, of_messages)

    def close(self) -> None:
        """Wait for what was asked, and end the helpers."""
        self._threads.shutdown()
        for helper in self._all:
            helper.close()

    def _prepare(self, fetched: Sequence[Fetched], of_messages: int) -> list[Prepared]:
        helper: Helper | None = getattr(self._own, "helper", None)
        if helper is None:
            helper = self._own.helper = Helper(self._inbox)
            self._all.append(helper)
        return helper.prepare(fetched, of_messages=of_messages)


def _start() -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C is not meant for it.
    command = own_process("mailsync.engine.helper_process", nice=NICE)
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, bufsize=1 << 20
    )
