"""What is typed behind `:`."""

import pytest

from tui.view.commanding import Asked, Numbered, Unreadable, command_hint, narrow, read_command
from tui.view.hints import NO_HINT, Hint

NAMES = ("status", "snooze", "split", "pipe", "pipe-raw", "search", "done")


def why_not(name: str) -> str | None:
    return "It is done already." if name == "done" else None


def values(name: str) -> tuple[str, ...] | None:
    return ("done", "hold") if name == "status" else None


def hint(typed: str) -> Hint:
    return command_hint(typed, NAMES, why_not, values)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("status done", Asked("status", "done")),
        ("ｓｔａｔｕｓ　ｄｏｎｅ", Asked("status", "done")),
        (" :sta done ", Asked("status", "done")),
        ("pipe tr Ａ a", Asked("pipe", "tr Ａ a")),
        ("４７１１", Numbered(4711)),
        ("#12", Numbered(12)),
        ("", None),
        (" ： ", None),
    ],
)
def test_a_command_is_read_whatever_the_input_method_made_of_it(typed: str, meant: object) -> None:
    assert read_command(typed, NAMES) == meant


def test_a_beginning_that_several_have_names_them_and_one_that_none_has_says_so() -> None:
    several, none = read_command("s", NAMES), read_command("x", NAMES)
    assert isinstance(several, Unreadable)
    assert "status snooze split" in several.words
    assert isinstance(none, Unreadable)
    for slip in ("serach", "Search", "snoooze"):
        near = read_command(slip, NAMES)
        assert isinstance(near, Unreadable)
        assert f", but {slip.lower().replace('serach', 'search').replace('ooo', 'oo')};" in near.words


def test_what_is_wrong_is_pointed_at_while_it_is_typed() -> None:
    assert hint("") is hint("sta") is hint("status d") is hint("search anything") is hint("47") is NO_HINT
    assert hint("zz").under == ""
    assert hint("  zz x").under == "  "
    assert hint("status  jam").under == "status  "
    assert "done hold" in hint("status jam").spans[0].text
    assert hint("done x").spans[0].text == "It is done already."


def test_narrowing_moves_no_character() -> None:
    for text in ("ｱﾞ㍿株式会社", "ＡＢＣ　１２", "…㌔", "abc"):
        assert len(narrow(text)) == len(text)
