"""The desk in lines, for screen readers."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from store.domain.status import DONE, Category
from tests.tui.home_builder import NOON, SATO, TANAKA, HomeBuilder
from tests.tui.test_rows import ROW as PLAIN_ROW
from tui.entry import by_lines
from tui.view.linear import Asked, asked, change_sentences, row_sentence
from tui.view.rows import Reader

ROOT = Path(__file__).parents[2]
ROW = msgspec.structs.replace(PLAIN_ROW, number=12, subject="Invoice", customer_name="Smith")
READER = Reader(SATO, {SATO: "Sato", TANAKA: "Tanaka"}, NOON)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", Asked("read", "#12")),
        ("１２", Asked("read", "#12")),
        ("open 12", Asked("read", "#12")),
        ("take", Asked("take", "#7")),
        ("comment 12 please look", Asked("comment", "#12", "please look")),
        ("comment please look", Asked("comment", "#7", "please look")),
        ("done", Asked("done", "#7")),
        ("/invoice 2", Asked("search", rest="invoice 2")),
        ("search invoice", Asked("search", rest="invoice")),
        ("ｑ", Asked("quit")),
        (":help", Asked("help")),
        ("rep", Asked("reply", "#7")),
        ("re", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_a_line_says_what_is_meant_and_about_which_conversation(typed: str, meant: Asked | None) -> None:
    assert asked(typed, "#7") == meant


def test_a_conversation_is_one_sentence_with_what_asks_for_a_look_first() -> None:
    assert row_sentence(ROW, READER) == "12, Smith: Invoice. New, nobody's, 4m."
    busy = msgspec.structs.replace(ROW, unread=True, mentions_me=True, owner=TANAKA, lease_by=TANAKA)
    assert row_sentence(busy, READER) == "Calls you. Unread. 12, Smith: Invoice. New, owner Tanaka, 4m, Tanaka is writing."


def test_each_change_of_a_list_is_a_sentence() -> None:
    two = msgspec.structs.replace(ROW, id="b", number=13)
    done = msgspec.structs.replace(ROW, status=DONE, category=Category.DONE, owner=SATO)
    later = msgspec.structs.replace(ROW, last_at=NOON)
    assert change_sentences((ROW,), (ROW,), READER) == ()
    assert change_sentences((ROW,), (ROW, two), READER) == ("New in the list: 13, Smith: Invoice. New, nobody's, 4m.",)
    assert change_sentences((ROW,), (done,), READER) == ("12: Done, Sato now.",)
    assert change_sentences((ROW,), (later,), READER) == ("12: there is a new message.",)
    assert change_sentences((ROW, two), (two,), READER) == ("12 has left the list.",)


def test_the_terminal_for_screen_readers_is_asked_for_by_option_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MADO_LINEAR", raising=False)
    assert by_lines(["--linear"]) == ["linear"]
    assert by_lines(["--home", "h", "--linear"]) == ["--home", "h", "linear"]
    assert by_lines([]) == []
    monkeypatch.setenv("MADO_LINEAR", "1")
    assert by_lines([]) == ["linear"]
    assert by_lines(["list"]) == ["list"]


def test_the_desk_is_worked_line_by_line_without_a_single_escape_sequence(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(12, by_now=NOON - timedelta(days=30))
    builder.close()
    env = {**os.environ, "MADO_LANG": "en", "MADO_LINEAR": "1", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    typed = "next\nread 99\n/Invoice\nnonsense\ntake\nhelp\nquit\n"
    command = [sys.executable, "-m", "tui.entry", "--home", str(builder.home)]
    ran = subprocess.run(command, env=env, input=typed, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "\x1b" not in ran.stdout + ran.stderr
    said = ran.stdout
    assert "There are more: next." in said
    assert "That is all." in said or "2 conversations." in said
    assert "Invoice 2026-113 is wrong" in said
    assert "I do not know nonsense. Type help." in said
    assert "You can say: list, next, read" in said
