"""The demo's team server: the real one, as a child process that cannot outlive its parent."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from functools import partial
from pathlib import Path
from typing import Self

import msgspec

from mailsync.demo.errors import TeamServerFailed
from mailsync.demo.process import die_with

READY_SECONDS = 20.0
STOP_SECONDS = 12.0


class _Ready(msgspec.Struct, frozen=True):
    """The line of `mado server run`."""

    url: str
    ready: bool = False


class TeamProcess:
    """A running `mado server run`. Made by `start`."""

    def __init__(self, process: Process, url: str) -> None:
        self._process = process
        self.url = url

    @classmethod
    async def start(cls, home: Path) -> Self:
        """Start the server of a home; returns when it takes calls.

        Raises:
            TeamServerFailed: It ended, or said nothing in time; with its last words.
        """
        with (home / "server.err").open("wb") as words:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tui.entry", "--home", str(home), "server", "run"),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=words,
                # A session of its own: Ctrl-C in the terminal is for the demo, which ends the server in its turn.
                start_new_session=True,
                preexec_fn=partial(die_with, os.getpid()),
            )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(READY_SECONDS):
                line = await process.stdout.readline()
            ready = msgspec.json.decode(line, type=_Ready)
        except (TimeoutError, msgspec.MsgspecError) as error:
            await _end(process)
            last = (home / "server.err").read_text("utf-8", "replace").strip().splitlines()
            raise TeamServerFailed(last[-1] if last else "it said nothing") from error
        return cls(process, ready.url)

    async def failed(self) -> None:
        """Wait for an end that nobody asked for.

        Raises:
            TeamServerFailed: That is how it returns.
        """
        code = await self._process.wait()
        raise TeamServerFailed(f"it ended by itself (exit code {code})")

    async def stop(self) -> None:
        """End it: gracefully, then not."""
        await _end(self._process)


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
