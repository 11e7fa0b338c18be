"""`mado demo`: the whole desk on this machine, nothing to configure; or, headless, its servers and cast for other programs."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from tui.cli.invocation import Invocation, Verb
from tui.words import _

FOLDER_PREFIX = "mado-demo-"
END_SECONDS = 15.0
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
"""The demo's secrets are worth nothing: they go into its own folder, not into a person's keyring."""


@click.command(cls=Verb)
@click.option("--headless", is_flag=True, help="Serve until ended; print the addresses as one line of JSON when everything answers.")
@click.option("--port-file", type=click.Path(dir_okay=False, path_type=Path), help="Write that line into this file, too.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another day.")
@click.option("--tour", is_flag=True, help="Begin with the tour: ten tasks that one plays, five minutes.")
@click.option("--parent", type=int, hidden=True, help="End when this process ends.")
@click.pass_obj
def demo(invocation: Invocation, *, headless: bool, port_file: Path | None, seed: int, tour: bool, parent: int | None) -> int:
    """Try it: a shop's shared mailbox, a day's mail, three colleagues who act on their own."""
    os.environ.update(NO_KEYRING)
    if parent is not None:
        from mailsync.demo.process import die_with  # start-up cost: only the terminal's own child has one

        die_with(parent)
    with _folder(invocation.explicit_home) as folder:
        if headless:
            return _serve(folder, port_file, seed)
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise click.UsageError(_("this needs a terminal; `mado demo --headless` serves without one"))
        return _sit_down(folder, port_file, seed, tour=tour)


@contextlib.contextmanager
def _folder(named: Path | None) -> Iterator[Path]:
    """The folder that was named, which is kept; else one that goes with the demo."""
    if named is not None:
        yield named.expanduser().absolute()
        return
    made = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    try:
        yield made
    finally:
        until = time.monotonic() + END_SECONDS
        shutil.rmtree(made, ignore_errors=True)
        while made.exists() and time.monotonic() < until:
            # Mail that was just coming in is written to the end, and its files may have been made anew behind us.
            time.sleep(0.1)
            shutil.rmtree(made, ignore_errors=True)


def _serve(folder: Path, port_file: Path | None, seed: int) -> int:
    # Start-up cost: the terminal's own process needs none of it.
    from mailsync.demo.desk import Ready, run_demo

    def tell(ready: Ready) -> None:
        line = msgspec.json.encode(ready).decode()
        if port_file is not None:
            # Whole or not at all: whoever waits for the file reads it at once.
            half = port_file.with_name(port_file.name + ".part")
            half.write_text(line + "\n")
            half.replace(port_file)
        click.echo(line)

    asyncio.run(run_demo(folder, tell, seed=seed))
    return 0


def _sit_down(folder: Path, port_file: Path | None, seed: int, *, tour: bool) -> int:
    """Start the servers beside, and open the terminal on the home they make."""
    # Start-up cost: nothing of this is needed headless.
    from tui.splash import UNSPLASH, prepare_environment, splash

    splash()
    prepare_environment()
    words = [sys.executable, "-m", "tui.entry", "--home", str(folder), "demo", "--headless", "--seed", str(seed), "--parent", str(os.getpid())]
    if port_file is not None:
        words += ["--port-file", str(port_file)]
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True)
    try:
        # Textual takes as long to import as the servers to start: both at once.
        from tui.running import run

        assert child.stdout is not None
        line = child.stdout.readline()
        if not line:
            sys.stdout.write(UNSPLASH)
            sys.stdout.flush()
            errors.seek(0)
            sys.stderr.write(errors.read().decode("utf-8", "replace"))
            return child.wait(END_SECONDS) or 1
        return run(msgspec.json.decode(line)["home"], tour=tour)
    finally:
        child.terminate()
        try:
            child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            # Nobody may write into the folder any more when it is removed.
            child.wait()
