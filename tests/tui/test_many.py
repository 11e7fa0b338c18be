"""Sorting many at a pseudo-terminal, while the server is away: marks, the preview, one undo, and what a step costs then."""

import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pty_screen import PtyScreen

from store.domain.events import OwnerChanged
from store.local.store import LocalStore
from tests.mado_screen import MadoScreen
from tests.tui.at_screen import shown
from tests.tui.home_builder import TANAKA, HomeBuilder
from tests.waiting import wait_until

ENGLISH = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}


def after(screen: PtyScreen, keys: str, *wanted: str) -> str:
    screen.press(keys)
    return shown(screen, *wanted)


def test_marked_lines_are_done_after_a_preview_taken_back_by_one_key_and_cost_a_step_nothing(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    ids = builder.many(121, by_now=datetime.now(UTC) - timedelta(days=30, hours=12))
    builder.tell(ids[3], OwnerChanged(None, TANAKA), by=TANAKA)
    builder.close()
    with MadoScreen(["--home", str(builder.home)], env=ENGLISH) as screen:
        shown(screen, "Invoice", "Server away", seconds=120)
        screen.settle(patience_seconds=0.5, quiet_seconds=0.4)
        text = after(screen, "xjjv", "4 marked")
        assert [line[0] for line in text.splitlines()[1:6]] == ["x", "x", "x", "x", " "]
        shown_box = after(screen, "i", "It is yours", "4 conversations change", "do it to these 4")
        assert "Enter picks" in shown_box
        after(screen, "\x1b", "Nothing was changed", "x N")
        after(screen, "e", "4 conversations change", "4 of them, never answered, as no reply needed")
        after(screen, "\r", "4 wait for the server", "(5)")
        text = after(screen, "u", "(0)", "(3)")
        assert "marked" not in text
        # What the preview said of many is asked of one.
        after(screen, ".", "No reply was ever sent")
        after(screen, "\x1b", "(3)")
        # Typed in one stroke, each is done to the line it was typed at.
        assert "佐藤" in after(screen, "ggjij", "佐藤").splitlines()[2]
        # What is done to one is repeated on the next, which the cursor has gone on to.
        after(screen, "gge", "No reply was ever sent")
        after(screen, "n", "queued")
        after(screen, ".", "(2)")
        after(screen, ":mark all\r", "marked")
        screen.settle(patience_seconds=0.5, quiet_seconds=0.4)
        costs = [screen.press("j") for _ in range(12)]
        assert statistics.median(costs) <= 260, costs
        after(screen, "\x1b", "Work tray 1")
        # Thirty conversations are thirty keys, and thirty commands that wait: nothing is lost of what is typed ahead.
        before = waiting(builder.home)
        screen.press("." * 30)
        wait_until(lambda: waiting(builder.home) == before + 30, "thirty more to wait for the server", 60)


def waiting(home: Path) -> int:
    store = LocalStore.open(home, readonly=True)
    try:
        return len(store.pending())
    finally:
        store.close()
