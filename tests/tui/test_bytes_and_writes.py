"""The marks of the terminal that do not depend on the machine: bytes and writes a key at both sizes, and time only beside time of the same minute."""

import os
import select
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pty_screen import PtyScreen

from store.local.rows import ConversationRow
from tests.mado_screen import MadoScreen
from tests.tui.at_screen import rests, shown
from tests.tui.home_builder import HomeBuilder
from tui.view.listing import LaidOut, list_lines
from tui.view.memory import TerminalMemory
from tui.view.rows import Reader
from tui.view.tones import painted
from tui.view.window import Window

ENGLISH = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}
PAGE_DOWN = "\x04"
STEPS = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So old that no age changes while a test counts bytes."""
    builder = HomeBuilder(tmp_path_factory.mktemp("marks") / "home")
    builder.many(200, by_now=datetime.now(UTC) - timedelta(days=30, hours=12))
    builder.close()
    return builder.home


@pytest.fixture
def rows(home: Path) -> tuple[ConversationRow, ...]:
    """The first of them, as the list reads them."""
    from store.domain.query import TRAY
    from store.local.glance import glance

    found = glance(home, TRAY, 100)
    assert found is not None
    return tuple(found.page.rows)


@pytest.fixture
def wide(home: Path) -> Iterator[PtyScreen]:
    with MadoScreen(["--home", str(home)], columns=200, rows=50, env=ENGLISH) as screen:
        shown(screen, "Server away", seconds=90)
        screen.settle(patience_seconds=0.5, quiet_seconds=0.4)
        yield screen


def writes(screen: PtyScreen, keys: str) -> list[int]:
    """How many bytes the program wrote in answer, write by write."""
    os.write(screen._terminal, keys.encode())
    found, patience = [], 30.0
    while select.select([screen._terminal], [], [], patience)[0]:
        found.append(len(os.read(screen._terminal, 65536)))
        patience = 0.08
    return found


def test_at_a_wide_terminal_a_step_is_one_write_and_costs_no_more_than_at_a_narrow_one(wide: PtyScreen) -> None:
    """The mail beside the list follows when the cursor rests: it is not part of the step."""
    answers = [writes(wide, "j") for _ in range(STEPS)]
    first = [each[0] for each in answers]
    assert statistics.median(first) <= 300, answers
    assert statistics.median(len(each) for each in answers) <= 1, answers


def test_at_a_wide_terminal_a_page_of_the_list_costs_less_than_its_share_and_rest_nothing(wide: PtyScreen) -> None:
    pages = [writes(wide, PAGE_DOWN)[0] for _ in range(3)]
    assert statistics.median(pages) <= 2_500 * 2, pages
    rests(wide, 2)


def test_a_minute_repaints_nothing_but_the_ages_that_are_others(rows: tuple[ConversationRow, ...]) -> None:
    now = max(row.last_at for row in rows if row.last_at is not None) + timedelta(minutes=2)
    window, width, memory = Window(rows=rows, height=22), 80, TerminalMemory()

    def written(at: datetime) -> str:
        lines = list_lines(window, Reader(None, {}, at), width, 22)
        texts = ["".join(painted(span.text, span.tone) for span in line.spans) for line in lines]
        return "".join(memory.put(y, 0, width, text) for y, text in enumerate(texts))

    assert len(written(now)) > 1_000
    minute = written(now + timedelta(minutes=1))
    # Those of the last hour; the selected line is one piece in one tone.
    assert 0 < len(minute) <= 22 * 18


def test_a_step_at_fifty_lines_takes_little_longer_than_at_ten(rows: tuple[ConversationRow, ...]) -> None:
    def seconds(height: int) -> float:
        window, laid_out, reader = Window(rows=rows, height=height), LaidOut(), Reader(None, {}, datetime.now(UTC))
        list_lines(window, reader, 80, height, laid_out=laid_out)
        began = time.process_time()
        for step in range(200):
            list_lines(window.placed(step % height), reader, 80, height, laid_out=laid_out)
        return time.process_time() - began

    assert seconds(50) < 5 * seconds(10) / 2 + 0.05
