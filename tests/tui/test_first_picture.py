"""The first list is there before Textual is; what is typed meanwhile is not lost; whatever ends the start gives the terminal back."""

import os
import signal
import sys
import termios
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pty_screen import PtyScreen

from store.domain.events import CommentAdded, LeaseTaken, OwnerChanged
from store.domain.ids import CommentId, Revision
from store.domain.lease import Token
from store.domain.query import TRAY, VIEWS, parse_query
from store.local.glance import glance
from store.local.opening import mark_damaged
from store.sqlite.connection import connect
from tests.tui.at_screen import ended, shown
from tests.tui.home_builder import SATO, TANAKA, HomeBuilder
from tui.view.pane_sizes import list_place
from tui.view.width import cut

ROOT = Path(__file__).parents[2]
MADO = [sys.executable, "-m", "tui.entry", "--home"]
ENGLISH = {"MADO_LANG": "en", "PYTHONPATH": str(ROOT)}

LONG_AGO = datetime.now(UTC) - timedelta(days=30, hours=12)
"""So old that no age changes from one picture to the next."""

WITHOUT_APP = """
import sys, time
import tui.entry, tui.splash, tui.taking, tui.first_picture
tui.splash.splash()
tui.splash.prepare_environment()
taken = tui.taking.take()
try:
    picture = tui.first_picture.paint_first_picture(sys.argv[1])
    with open(sys.argv[2] + ".part", "w") as told:
        told.write("\\n".join(sys.modules) if picture else "")
    import os
    os.rename(sys.argv[2] + ".part", sys.argv[2])
    while True:
        time.sleep(1)
finally:
    taken.give_back()
"""
"""The start as far as the first picture, and then nothing more."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A colleague writes in one conversation and calls me in another."""
    builder = HomeBuilder(tmp_path_factory.mktemp("start") / "home")
    ids = builder.many(61, by_now=LONG_AGO)
    builder.tell(ids[1], LeaseTaken(TANAKA, Token(1, 1), Revision(2), "t"), OwnerChanged(None, TANAKA), by=TANAKA)
    builder.tell(ids[2], CommentAdded(CommentId("c1"), "@sato 確認をお願いします", (SATO,)), by=TANAKA)
    builder.close()
    return builder.home


def first_picture(home: Path, folder: Path, columns: int, rows: int) -> tuple[str, set[str]]:
    """What stands on the terminal, and which modules were loaded for it."""
    told = folder / "modules"
    with PtyScreen([sys.executable, "-c", WITHOUT_APP, str(home), str(told)], columns=columns, rows=rows, env=ENGLISH) as screen:
        text = shown(screen, "Work tray")
        until = time.monotonic() + 30
        while not told.exists():
            assert time.monotonic() < until
            screen.settle(patience_seconds=0.05, limit_seconds=0.1)
        return text, set(told.read_text().split())


def test_the_first_list_needs_neither_textual_nor_a_network(home: Path, tmp_path: Path) -> None:
    text, modules = first_picture(home, tmp_path, 80, 24)
    assert "Work tray 61" in text
    assert "✎Tanak" in text
    foreign = {"textual", "aiohttp", "imapclient", "asyncio", "zstandard", "email", "ssl", "tomllib"}
    assert not {name.partition(".")[0] for name in modules} & foreign
    ours = {name for name in modules if name.startswith(("mailsync.", "tui.screens", "tui.actions", "tui.widgets"))}
    assert not ours
    assert "store.domain.query_parser" not in modules
    assert parse_query(VIEWS["tray"]) == TRAY


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (50, 13), (200, 50), (167, 30)])
def test_the_app_goes_on_from_the_first_picture_and_writes_its_lines_no_second_time(home: Path, tmp_path: Path, columns: int, rows: int) -> None:
    early, _ = first_picture(home, tmp_path, columns, rows)
    with PtyScreen([*MADO, str(home)], columns=columns, rows=rows, env=ENGLISH) as screen:
        shown(screen, "Server away")
        # The banner has pushed the list down by a line, and beside a wide list there is the mail now, and the side bar.
        (left, width), until = list_place(columns), time.monotonic() + 30
        expected = [line[left:].rstrip() for line in early.splitlines()[: rows - 2]]
        # The banner's line may be read before the rest of the same picture.
        while (late := [cut(line[left:], width).rstrip() for line in screen.text().splitlines()[1 : rows - 1]]) != expected:
            assert time.monotonic() < until, (late, expected)
            screen.settle(patience_seconds=0.1, quiet_seconds=0.02, limit_seconds=0.3)


def test_until_the_server_is_missed_the_app_writes_less_than_a_line(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(40, by_now=LONG_AGO)
    builder.close()
    # Without inboxes and server nothing happens behind the list.
    (builder.home / "settings.toml").write_text("")
    with PtyScreen([*MADO, str(builder.home)], env=ENGLISH) as screen:
        shown(screen, "Work tray 40")
        early, before = screen.text(), screen.bytes_written
        screen.press("j")
        # What the terminal is told at the start, one step of the cursor, and no list.
        assert screen.bytes_written - before < 500
        assert screen.text() == early


def test_a_key_typed_at_once_is_acted_upon_and_never_echoed(home: Path) -> None:
    with PtyScreen([*MADO, str(home)], env=ENGLISH) as screen:
        until = time.monotonic() + 30
        while echoes(screen):
            assert time.monotonic() < until
        os.write(screen._terminal, b"jj")
        shown(screen, "Work tray 61")
        os.write(screen._terminal, b"j\r")
        # Three lines down, and in.
        shown(screen, "> ", "customer3@")
        assert "jj" not in screen.text()


def echoes(screen: PtyScreen) -> bool:
    return bool(termios.tcgetattr(screen._terminal)[3] & termios.ECHO)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_start_that_is_cut_short_gives_the_terminal_back(home: Path, tmp_path: Path, number: int) -> None:
    with PtyScreen([sys.executable, "-c", WITHOUT_APP, str(home), str(tmp_path / "modules")], env=ENGLISH) as screen:
        shown(screen, "Work tray 61")
        assert not echoes(screen)
        os.kill(screen._pid, number)
        ended(screen)
        assert echoes(screen)


def test_the_terminal_is_left_as_it_was_found(home: Path) -> None:
    with PtyScreen([*MADO, str(home)], env=ENGLISH) as screen:
        shown(screen, "Server away")
        screen.press("q")
        ended(screen)
        assert echoes(screen)


@pytest.mark.parametrize("what", ["nothing", "newer", "damaged", "marked", "empty"])
def test_what_cannot_be_shown_at_once_is_left_to_the_app(tmp_path: Path, what: str) -> None:
    home = tmp_path / "home"
    if what != "nothing":
        builder = HomeBuilder(home)
        if what != "empty":
            builder.many(3)
        builder.close()
    cache = home / "cache" / "mail.db"
    if what == "newer":
        connection = connect(cache)
        connection.set_user_version(99)
        connection.close()
    if what == "damaged":
        cache.write_bytes(b"no database" * 1000)
    if what == "marked":
        mark_damaged(cache)
    found = glance(home, parse_query(VIEWS["tray"]), 10)
    assert found is None or (what == "empty" and not found.page.rows)
