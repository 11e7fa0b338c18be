"""The desk in sentences, for screen readers."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.tui.home_builder import NOON, SATO, TANAKA, HomeBuilder
from tests.tui.test_rows import READER, ROW
from tui.entry import by_lines
from tui.linear.desk import LinearDesk
from tui.session import open_session
from tui.view.keys.keymap import DEFAULT
from tui.view.linear import Order, Unheard, heard, row_sentence, verb_of


def test_a_row_is_a_sentence_that_needs_neither_colour_nor_columns() -> None:
    row = msgspec.structs.replace(ROW, urgency=2, lease_by=TANAKA, owner=SATO, unread=True, mentions_me=True)
    said = row_sentence(row, READER, 2)
    assert said.startswith("2: number 12. New. very urgent. 山田 花子. 注文番号 4711 の納期について. yours. calls you. unread. Tanaka is writing")
    assert said.isprintable()


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("3", Order("open", "3")), ("１２", Order("open", "12")), ("/見積 返品", Order("search", "見積 返品")), ("i", Order("take")),
        ("ｉ", Order("take")), ("j", Order("next")), ("k", Order("previous")),
        ("c 確認します", Order("comment", "確認します")), (":snooze tomorrow 9 x", Order("snooze", "tomorrow 9 x")), ("", None), ("\u3000", None),
    ],
)  # fmt: skip
def test_a_line_is_heard_as_the_key_or_the_name_of_a_command(typed: str, order: Order | None) -> None:
    assert heard(typed, DEFAULT) == order


def test_what_lacks_something_says_what() -> None:
    for order in (Order("assign"), Order("snooze", "soon"), Order("frobnicate"), Order("tag")):
        with pytest.raises(Unheard):
            verb_of(order, "7", NOON)
    with pytest.raises(Unheard, match=r"fold \(open or fold quoted text\) is for the painted desk"):
        verb_of(Order("fold"), "7", NOON)
    assert verb_of(Order("tag", "-返品"), "7", NOON) == ["tag", "7", "返品", "--off"]
    assert verb_of(Order("snooze", "明日9時 仕入先に確認"), "7", NOON)[-1] == "仕入先に確認"


def typing(*lines: str) -> Callable[[str], str]:
    left = list(lines)

    def ask(_prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return ask


def played(home: Path, lines: Sequence[str]) -> None:
    assert LinearDesk(open_session(home), typing(*lines)).run() == 0


def test_a_day_is_listed_read_and_searched_in_order(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.mail("返品の手続き", "手続きを教えてください。\n\x1b[2Jよろしく")
    builder.mail("Invoice is wrong", "Please check.", sender="Ms. Smith <smith@customer.example>", ago=timedelta(hours=3))
    builder.close()
    played(tmp_path / "home", ["1", "next", "next", "3", "o", "/ invoice", "1", "bogus", "more", "quit"])
    said = capfd.readouterr().out
    assert "2 conversations" in said
    assert said.index("1: number") < said.index("手続きを教えてください。") < said.index("Please check.")
    assert "The list ends here" in said
    assert "There is no line 3 in the list." in said
    assert "Type the place of a conversation" in said
    assert "1 conversation\n" in said
    assert "bogus is no command here" in said
    assert "There is nothing more." in said
    assert "\x1b" not in said


def test_the_desk_in_sentences_is_asked_for_by_option_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MADO_LINEAR", raising=False)
    assert by_lines(["--linear"]) == ["linear"]
    assert by_lines(["--home", "h", "--linear"]) == ["--home", "h", "linear"]
    assert by_lines([]) == []
    monkeypatch.setenv("MADO_LINEAR", "1")
    assert by_lines([]) == ["linear"]
    assert by_lines(["list"]) == ["list"]
