"""A slow line: the list is soon there, a key is seen within a second, and keys that come faster do not queue up.

9,600 bit/s and 300 ms each way are the bench's (`python -m bench.terminal`); this line is two and a half times as quick, so that the test is.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slow_line import SlowScreen

from tests.tui.at_screen import ended, gone, shown
from tests.tui.home_builder import HomeBuilder

MADO = [sys.executable, "-m", "tui.entry", "--home"]
ENGLISH = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}
BYTES_A_SECOND, WAY_SECONDS = 2_400, 0.12
FIRST_LIST_SECONDS = 30.0
SLOWED_DOWN = 8
"""So much longer may a key take on a machine that tests many things at once."""
RUSH = 18
THERE_AND_BACK = 25
"""Before it as many pairs of `j` and `k`: without pacing some 8 kB would wait at the end."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two screens of conversations that grow no older while a test counts bytes."""
    builder = HomeBuilder(tmp_path_factory.mktemp("slow") / "home")
    builder.many(41, by_now=datetime.now(UTC) - timedelta(days=30, hours=12))
    builder.close()
    with (builder.home / "settings.toml").open("a") as settings:
        settings.write("[screen]\nslow_line = true\n")
    return builder.home


def seconds_until_moved(screen: SlowScreen, keys: str) -> float:
    """From the key until the cursor's line is another."""
    before, began = bar_at(screen), time.monotonic()
    os.write(screen._terminal, keys.encode())
    # Between the two lines of a step no line is reversed.
    while bar_at(screen) in (before, -1):
        screen.settle(patience_seconds=0.02, quiet_seconds=0.01, limit_seconds=0.1)
        assert time.monotonic() - began < 20, screen.text()
    return time.monotonic() - began


def bar_at(screen: SlowScreen) -> int:
    """The line of the list that is painted in reverse."""
    rows = screen._screen.buffer
    return next((y for y in range(screen._screen.lines - 1) if rows[y][0].reverse), -1)


def test_the_list_can_be_worked_in_over_a_slow_line(home: Path) -> None:
    began = time.monotonic()
    with SlowScreen([*MADO, str(home)], bytes_a_second=BYTES_A_SECOND, way_seconds=WAY_SECONDS, env=ENGLISH) as screen:
        shown(screen, "Work tray 41")
        assert time.monotonic() - began < FIRST_LIST_SECONDS
        shown(screen, "Server away", seconds=60)
        screen.settle(quiet_seconds=1.0)
        # A machine that does much else at the moment may be late now and then, and not always.
        assert any(seconds_until_moved(screen, "jk"[n % 2]) < 1.0 for n in range(15))
        at, queued = bar_at(screen), 0
        for key in "jk" * THERE_AND_BACK + "j" * RUSH:
            screen.type(key)
            screen.settle(patience_seconds=0.04, quiet_seconds=0.01, limit_seconds=0.04)
            queued = max(queued, screen.queued_bytes)
        assert queued < 2.5 * BYTES_A_SECOND
        sent = time.monotonic()
        while bar_at(screen) != at + RUSH:
            screen.settle(patience_seconds=0.02, quiet_seconds=0.01, limit_seconds=0.1)
            assert time.monotonic() - sent < 20, screen.text()
        assert time.monotonic() - sent < 1.5 * SLOWED_DOWN
        os.write(screen._terminal, b":undo")
        shown(screen, ":undo")
        os.write(screen._terminal, b"\x1b")
        gone(screen, ":undo")
        os.write(screen._terminal, b"q")
        ended(screen)
        # The last question was answered while we were there to hear it.
        assert "0n" not in screen.text()
