"""What stands on the terminal is written no second time: of a line that was there only what is another, and the screen is as if all were written."""

from itertools import pairwise

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.view.anchoring import is_unsure
from tui.view.memory import TerminalMemory
from tui.view.spans import Span, clipped
from tui.view.tones import TONES, painted
from tui.view.width import columns_of, fit

WIDTH = 40
TONED = st.tuples(st.sampled_from(["", "", "bar", "new", "quiet", "other"]), st.text("ab1 m[;0…注文のｶ́🙂ー", max_size=12))
LINE = st.lists(TONED, max_size=6)


def line(pieces: list[tuple[str, str]]) -> str:
    """As wide as the screen, as a list's line is."""
    spans = tuple(Span(text, tone) for tone, text in pieces if text)
    return "".join(painted(span.text, span.tone) for span in clipped(spans, WIDTH))


def looks(written: list[str]) -> list[tuple[object, ...]]:
    """The first line of a terminal that got all that: its letters and how they look, but not how what is blank would look."""
    screen = pyte.Screen(WIDTH, 2)
    stream = pyte.Stream(screen)
    for each in written:
        stream.feed(each)
    cells = [screen.buffer[0][x] for x in range(WIDTH)]
    return [(cell.data, cell.reverse, None if cell.data == " " else (cell.fg, cell.bold)) for cell in cells]


@given(st.lists(LINE, min_size=2, max_size=4))
@example([[("", "ab"), ("new", "1")], [("", "ab"), ("quiet", "1")]])
@example([[("bar", "ab  1")], [("bar", "ab  2")]])
def test_the_terminal_looks_as_if_every_line_were_written_whole(lines: list[list[tuple[str, str]]]) -> None:
    memory = TerminalMemory()
    written = [memory.put(0, 0, WIDTH, line(each)) for each in lines]
    assert looks(written) == looks([TerminalMemory().put(0, 0, WIDTH, line(lines[-1]))])


def test_an_age_that_is_another_costs_its_own_letters() -> None:
    memory = TerminalMemory()
    ages = [line([("new", "N"), ("", "  山田 花子   注文番号 4711 の納期  "), ("quiet", age)]) for age in (" 3m", " 4m", " 5m")]
    costs = [len(memory.put(0, 0, WIDTH, each)) for each in ages]
    assert costs[0] > 40
    assert all(0 < cost <= 20 for cost in costs[1:])
    assert memory.put(0, 0, WIDTH, ages[-1]) == ""


@pytest.mark.parametrize("subject", ["नमस्ते, मेरा ऑर्डर कहाँ है?", "สินค้ายังไม่มาถึง", "👨👩👧👦家族 👍 ❤ é", "שלום 123", "か\u3099き\u3099"])
@pytest.mark.parametrize("columns", [1, 2])
def test_what_stands_behind_a_subject_is_in_its_column_however_wide_the_terminal_takes_it_to_be(
    subject: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyte.screens.wcwidth", lambda letter: columns if is_unsure(letter) else columns_of(letter))
    before, now = (line([("", "N "), ("new", fit(each, 34)), ("quiet", " #6d")]) for each in ("x" * 34, subject))
    memory = TerminalMemory()
    screen = pyte.Screen(WIDTH, 2)
    # As Textual asks of it.
    screen.reset_mode(pyte.modes.DECAWM)
    for each in (memory.put(0, 0, WIDTH, before), memory.put(0, 0, WIDTH, now)):
        pyte.Stream(screen).feed(each)
    assert screen.display[0].startswith("N ")
    assert "".join(screen.buffer[0][x].data for x in range(36, WIDTH)) == " #6d"
    assert "x" not in screen.display[0]
    pyte.Stream(screen).feed(memory.put(0, 0, WIDTH, line([("", "N "), ("new", fit("50 MB", 34)), ("quiet", " #6d")])))
    assert screen.display[0].rstrip() == f"N {'50 MB':34} #6d"


def test_every_tone_is_written_so_that_the_next_one_starts_from_nothing() -> None:
    for tone, other in pairwise(TONES):
        memory = TerminalMemory()
        first, second = line([(tone, "注文"), (other, "の件")]), line([(tone, "注文"), (other, "の物")])
        assert looks([memory.put(0, 0, WIDTH, first), memory.put(0, 0, WIDTH, second)]) == looks([TerminalMemory().put(0, 0, WIDTH, second)])
