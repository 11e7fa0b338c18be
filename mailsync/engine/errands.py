"""What another program of the home asks of the one that fetches its mail: one pass, and what came of it, over a socket in the home."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from mailsync.engine.reconcile import Verified
from mailsync.engine.reports import PullReport
from store.domain.ids import InboxKey
from store.errors import MadoError
from store.local.flaws import Flaw

SOCKET = "sync.sock"
LONGEST_LINE_BYTES = 4_000_000


class Errand(msgspec.Struct, frozen=True):
    """What is asked: one pass over every mailbox; `verify`: everything is compared as well."""

    verify: bool = False


Work = Callable[[Errand], Awaitable[Sequence[PullReport]]]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it crosses the line; of an error its sentence and its exit code are left."""

    inbox: str
    mailbox: str
    new: int
    changed: int
    gone: int
    seconds: float
    error: tuple[str, int] | None
    verified: Verified | None
    flaws: tuple[Flaw, ...]


class FailedElsewhere(MadoError):
    """What went wrong in the program that fetches, in its own sentence."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


@asynccontextmanager
async def errands_done(home: Path, work: Work) -> AsyncIterator[None]:
    """Inside the block others may ask. Only for the holder of the home's lock; a path too long for a socket leaves it at the lock."""
    path = home / SOCKET
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
            task.add_done_callback(running.discard)
        await _serve(reader, writer, work)

    server = None
    with suppress(OSError):
        # What is there was left by a program that was killed: whoever holds the lock is the only one.
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            server = await asyncio.start_unix_server(serve, path, limit=LONGEST_LINE_BYTES)
        finally:
            os.umask(before)
    try:
        yield
    finally:
        if server is not None:
            server.close()
            path.unlink(missing_ok=True)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, work: Work) -> None:
    try:
        errand = msgspec.json.decode(await reader.readline(), type=Errand)
        reports = [_told(report) for report in await work(errand)]
        writer.write(msgspec.json.encode(reports) + b"\n")
        await writer.drain()
    except (OSError, ValueError, msgspec.MsgspecError):
        return  # whoever asked has gone, or is no program of ours
    finally:
        writer.close()


async def asked(home: Path, *, verify: bool) -> tuple[PullReport, ...] | None:
    """Have the program that fetches do a pass, and wait for it; None: nobody answers there, or not to the end."""
    try:
        reader, writer = await asyncio.open_unix_connection(home / SOCKET, limit=LONGEST_LINE_BYTES)
    except OSError:
        return None
    try:
        writer.write(msgspec.json.encode(Errand(verify)) + b"\n")
        line = await reader.readline()
        return tuple(_report(each) for each in msgspec.json.decode(line, type=list[Told])) if line else None
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _told(report: PullReport) -> Told:
    error = None if report.error is None else (str(report.error), report.error.exit_code)
    return Told(
        inbox=report.inbox,
        mailbox=report.mailbox,
        new=report.new,
        changed=report.changed,
        gone=report.gone,
        seconds=report.seconds,
        error=error,
        verified=report.verified,
        flaws=report.flaws,
    )


def _report(told: Told) -> PullReport:
    error = None if told.error is None else FailedElsewhere(*told.error)
    return PullReport(InboxKey(told.inbox), told.mailbox, told.new, told.changed, told.gone, told.seconds, error, told.verified, told.flaws)
