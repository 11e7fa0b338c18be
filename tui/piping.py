"""A person's own command, fed with a message: what it writes is read, within limits of time and length, beside the event loop."""

import asyncio
import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

SECONDS = 30.0
"""A command that says nothing for so long is ended, with all it started."""
MOST_BYTES = 2_000_000
"""So much of what it writes is kept."""
GOODBYE_SECONDS = 2.0
"""So long the end of one that was killed is waited for."""
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Piped:
    """What came of it. `code` None: it was ended when its time was over."""

    output: str
    code: int | None
    cut_off: bool = False


async def pipe(command: str, content: bytes, *, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> Piped:
    """Run it with the shell, in the person's home; what it says on either of its outputs, in order.

    Raises:
        OSError: There is no shell.
    """
    process = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        start_new_session=True, cwd=Path.home(),
    )  # fmt: skip
    feeding = asyncio.create_task(_feed(process, content))
    said = bytearray()
    code: int | None = None
    try:
        async with asyncio.timeout(seconds):
            await _read(process, said, most_bytes)
            if len(said) <= most_bytes:
                code = await process.wait()
    except TimeoutError:
        pass
    finally:
        feeding.cancel()
        if process.returncode is None:
            _end(process)
            await _bury(process)
    cut_off = len(said) > most_bytes
    return Piped(said[:most_bytes].decode("utf-8", "replace"), 0 if cut_off else code, cut_off)


async def _feed(process: asyncio.subprocess.Process, content: bytes) -> None:
    assert process.stdin is not None
    # A command may leave before it has read everything: `head` does.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()


async def _read(process: asyncio.subprocess.Process, said: bytearray, most_bytes: int) -> None:
    assert process.stdout is not None
    while len(said) <= most_bytes and (piece := await process.stdout.read(_PIECE)):
        said += piece


async def _bury(process: asyncio.subprocess.Process) -> None:
    """asyncio tells of its end only when its output was read to the end; and that somebody who has left its group may hold open."""
    assert process.stdout is not None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            while await process.stdout.read(_PIECE):
                pass
            await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    """With all it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
