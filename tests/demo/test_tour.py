"""The tour of the demo, played at a terminal as a newcomer plays it."""

import re
import shutil
import sys
from collections.abc import Iterator

import pytest
from tmux_terminal import Terminal

MADO = [sys.executable, "-m", "tui.entry"]
PATIENT = 120.0


@pytest.fixture
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    # A short path: a Unix socket's may have 107 bytes.
    folder = tmp_path_factory.mktemp("t")
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MADO_LANG": "en", "TMPDIR": str(folder)}
    with Terminal([*MADO, "demo", "--tour"], columns=80, rows=24, env=env, grace_seconds=30) as opened:
        yield opened
    shutil.rmtree(folder, ignore_errors=True)


def test_ten_tasks_are_played_from_the_first_step_to_the_help(terminal: Terminal) -> None:
    def sees(pattern: str) -> str:
        return terminal.wait_for(pattern, PATIENT)

    def does(*keys: str, then: str) -> None:
        for key in keys:
            terminal.press(key)
        sees(then)

    assert ":tour off" in re.sub(r"\s+", " ", sees("Tour 1/10"))
    sees("Emma Wilson")
    does("j", then="Tour 2/10")
    does("Enter", then="Tour 3/10")
    _takes_a_free_one(terminal)
    does("c", then=r"\^O")
    terminal.type("@ben please look at the size")
    does("Enter", then="Tour 5/10")
    does("r", then=r"\^S send")
    # Above the text, too.
    sees("Tour 5/10")
    does("C-t", then=r"Template \(\d")
    does("Enter", then=r"Subject: (?s:.*)Midori|みどり")
    does("C-s", then="Tour 6/10|send it all the same")
    if "send it all the same" in terminal.screen():
        # A colleague was quicker with a word on it.
        does("s", then="Tour 6/10")
    does("u", then="Tour 7/10")
    # Its text is back.
    sees(r"\^S send")
    does("Escape", then="Kept as a draft")
    does("/", then=r"(?m)^/")
    terminal.type("wood")
    sees(r"(?m)^/wood")
    does("Enter", then="Tour 8/10")
    does("Escape", then="Work tray")
    terminal.type(":tour next")
    does("Enter", then="Tour 9/10")
    does("Escape", "b", then="Enter picks")
    does("Enter", then="(?m)^On hold because")
    terminal.type("waits for parts")
    does("Enter", then="Tour 10/10")
    does("?", then="What works here")
    does("Escape", then="That was the tour")
    does("j", then="(?m)^[^T]*$")


def _takes_a_free_one(terminal: Terminal) -> None:
    """The colleagues of the demo take some too: then the next one."""
    for _ in range(10):
        terminal.press("i")
        screen = terminal.wait_for("Tour 4/10|Reason:|is yours already", PATIENT)
        if "Tour 4/10" in screen:
            return
        terminal.press("Escape")
        terminal.press("J")
    pytest.fail(terminal.screen())
