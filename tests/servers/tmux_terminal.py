"""Drive a terminal program as a person does: a tmux of our own, real keys, the screen as text."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from guard import descendants_of
from server_process import ServerProcess, new_folder

# Not "window-size manual": set before there is a session it crashes the tmux 3.3a server.  Without a client the size stays as it is anyway.
# The empty format: "Pane is dead" would push the first line off the screen.
CONFIG = """
set -g status off
set -g remain-on-exit on
set -g remain-on-exit-format ""
set -s escape-time 0
set -g default-terminal tmux-256color
"""
# tmux 3.3a may miss what a program writes just before it ends (6 of 60 times: a traceback, say) and its exit status (6 of 60), so a shell
# waits a little and notes the status in a file.  Its own words ("Killed") stay off the screen.
LINGER = 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; status=$?; sleep 0.2; echo $status >"$0"'


class Terminal:
    """with Terminal(["mado"], columns=80, rows=24) as terminal: terminal.wait_for("窓口"); terminal.press("Down", "Enter")"""

    def __init__(self, command: Sequence[str], *, columns: int = 80, rows: int = 24, env: Mapping[str, str] | None = None, grace_seconds: float = 1):
        self._grace_seconds = grace_seconds  # between the closing of the window and SIGKILL: what a program has to clean up takes its time
        self._folder = new_folder("tx")
        self._socket = self._folder / "tmux"
        self._status = self._folder / "status"
        (self._folder / "tmux.conf").write_text(CONFIG)
        # -D keeps the tmux server a child of its guard; a server that goes its own way outlives a killed test-suite.
        # -u: UTF-8, whatever the locale says.
        self._tmux = ("tmux", "-u", "-S", str(self._socket), "-f", str(self._folder / "tmux.conf"))
        # pytest-xdist sets COLUMNS and LINES, which programs believe more than their terminal.
        server = ["env", "--unset=COLUMNS", "--unset=LINES", *self._tmux, "-D"]
        self._server = ServerProcess(server, self._folder / "tmux.log", unprivileged=False)
        self._server.wait_until(self._socket.exists)
        seen = {"LC_ALL": "C.UTF-8", "COLORTERM": "truecolor"} | dict(env or {})
        variables = [word for name, value in seen.items() for word in ("-e", f"{name}={value}")]
        size = ("-x", str(columns), "-y", str(rows))
        self._begin(["new-session", "-d", *size, *variables, "-c", str(Path.cwd()), "--"], command)

    def _begin(self, session: Sequence[str], command: Sequence[str]) -> None:
        """Start the session, with the program in its one pane."""
        self._run(*session, "sh", "-c", LINGER, str(self._status), *command)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        """End the program (SIGHUP, as when a window is closed) and the terminal."""
        self._server.stop(grace_seconds=self._grace_seconds)
        shutil.rmtree(self._folder)

    def _run(self, *arguments: str, stdin: str | None = None) -> str:
        return subprocess.run([*self._tmux, *arguments], input=stdin, capture_output=True, text=True, check=True).stdout

    def screen(self, *, colours: bool = False) -> str:
        """The screen, a line each; colours keeps the escape sequences, and the blanks at the ends, which have colours too."""
        return self._run("capture-pane", "-p", *(["-e", "-N"] if colours else []))

    def wait_for(self, pattern: str, timeout_seconds: float = 60) -> str:
        """Return the screen as soon as a regular expression is found on it; raise TimeoutError with the screen."""
        until = time.monotonic() + timeout_seconds
        while not re.search(pattern, screen := self.screen()):
            if time.monotonic() > until:
                raise TimeoutError(f"{pattern!r} did not appear within {timeout_seconds} s:\n{screen}")
            time.sleep(0.02)
        return screen

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: "Enter", "Escape", "Tab", "BTab", "Up", "PageDown", "F2", "C-q", "M-x"."""
        self._run("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type text, any script, as it is.  (tmux takes a semicolon at the end for its own unless it is quoted.)"""
        self._run("send-keys", "-l", "--", re.sub(r";$", r"\;", text))

    def paste(self, text: str) -> None:
        """Paste, bracketed when the program asked for that; a line feed arrives as CR, as from most terminals."""
        self._run("load-buffer", "-", stdin=text)
        self._run("paste-buffer", "-p", "-d")

    def resize(self, columns: int, rows: int) -> None:
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def shrink_for_a_moment(self, columns: int, rows: int) -> None:
        """To this size and back, before the program has asked for either."""
        width, height = self._run("display-message", "-p", "#{window_width} #{window_height}").split()
        smaller = ("resize-window", "-x", str(columns), "-y", str(rows))
        self._run(*smaller, ";", "resize-window", "-x", width, "-y", height)

    def cursor(self) -> tuple[int, int]:
        """Column and row, from 0."""
        column, row = self._run("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return int(column), int(row)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send the program a signal; SIGKILL is the crash that leaves it no last word."""
        shell = int(self._run("display-message", "-p", "#{pane_pid}"))
        os.kill(descendants_of(shell)[0], number)

    def exit_status(self) -> int | None:
        """The program's exit status (128 + a signal's number), None while it runs; its last screen stays to be read."""
        noted = self._status.read_text() if self._status.exists() else ""
        return int(noted) if noted else None
