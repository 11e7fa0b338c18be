"""What agents type: times, drafts in an editor, pastes; and what is written to the terminal for it."""

import asyncio
from datetime import timedelta

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from store.domain.draft import Draft
from store.domain.ids import ConversationId
from tests.tui.home_builder import NOON
from tui.escaping import EscapeSplitter
from tui.painting import TerminalMemory, difference
from tui.pasting import END, START, PasteSplitter
from tui.screens.asking import Asking
from tui.view.choosing import Choice, matching
from tui.view.editing import Edited, Misread, addresses_in, as_file, from_file
from tui.view.memory import written_at
from tui.view.whens import offered_times, parse_when

UTC_NOON = NOON


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2h", NOON + timedelta(hours=2)),
        ("３０分", NOON + timedelta(minutes=30)),
        ("3d", NOON.replace(day=27, hour=9)),
        ("tomorrow", NOON.replace(day=25, hour=9)),
        ("明日 14:30", NOON.replace(day=25, hour=14, minute=30)),
        ("17:30", NOON.replace(hour=17, minute=30)),
        ("9:00", NOON.replace(day=25, hour=9)),
        ("tomorrow 9", NOON.replace(day=25, hour=9)),
        ("明日9時", NOON.replace(day=25, hour=9)),
        ("+2h", NOON + timedelta(hours=2)),
        ("12/1 10:00", NOON.replace(month=12, day=1, hour=10)),
        ("来週の月曜 10時半", NOON.replace(day=30, hour=10, minute=30)),
        ("12-24 9:00", NOON.replace(month=12, day=24, hour=9)),
        ("2027-01-05", NOON.replace(year=2027, month=1, day=5, hour=9)),
        ("1-5", NOON.replace(year=2027, month=1, day=5, hour=9)),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, meant: object) -> None:
    assert parse_when(typed, NOON, NOON.tzinfo) == meant


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "13-45", "2020-01-01", "0h", "yesterday"])
def test_what_is_no_time_in_the_future_is_none(typed: str) -> None:
    assert parse_when(typed, NOON, NOON.tzinfo) is None


DRAFT = Draft(conversation_id=ConversationId("a"), to=('"Yamada, H." <y@x.example>', "b@x.example"), cc=(), subject="Re: 件名", body="本文\n\nend\n")


def test_a_draft_survives_the_way_through_an_editor() -> None:
    back = from_file(as_file(DRAFT))
    assert isinstance(back, Edited)
    assert (back.to, back.cc, back.subject, back.body) == (DRAFT.to, DRAFT.cc, DRAFT.subject, DRAFT.body)


def test_a_file_without_headers_is_all_text() -> None:
    back = from_file("Hello: world is\nfine\n\nbye")
    assert isinstance(back, Edited)
    assert back.body == "Hello: world is\nfine\n\nbye"


def test_a_header_misspelt_in_an_editor_is_named_with_its_line() -> None:
    back = from_file("To: a@x.example\nSbject: x\n\nbody\n")
    assert isinstance(back, Misread)
    assert (back.line, back.row) == (2, "Sbject: x")
    twice = from_file("Subject: a\nSubject: b\n\nbody\n")
    assert isinstance(twice, Misread)
    assert twice.line == 2


def test_headers_of_an_editor_go_on_over_lines_and_files_stand_one_to_a_line() -> None:
    back = from_file("To: a@x.example,\n b@x.example\nTo: c@x.example\nAttach: ~/見積 書.pdf\nAttach: /tmp/b\nSubject: 件名\n\n本文")
    assert isinstance(back, Edited)
    assert back.to == ("a@x.example", "b@x.example", "c@x.example")
    assert back.attach == ((4, "~/見積 書.pdf"), (5, "/tmp/b"))
    assert (back.subject, back.body) == ("件名", "本文")


def test_a_comma_in_a_quoted_name_parts_no_addresses() -> None:
    assert addresses_in('"Yamada, H." <y@x.example>, b@x.example; ') == ('"Yamada, H." <y@x.example>', "b@x.example")


def test_choosing_ignores_width_case_and_kana() -> None:
    choices = (Choice("a/1", "お詫び"), Choice("b/2", "Delivery date"), Choice("c/3", "ﾊｲｿｳ"))
    assert matching(choices, "ｄｅｌ") == (choices[1],)
    assert matching(choices, "はいそう") == (choices[2],)
    assert matching(choices, "") == choices


@settings(deadline=None, max_examples=100)
@given(st.text("ab\x1b[~1;03あ", max_size=30), st.text("q\x1b", max_size=5), st.lists(st.integers(1, 9), max_size=20))
def test_a_paste_arrives_whole_in_however_many_pieces_it_is_read(text: str, keys: str, cuts: list[int]) -> None:
    text = text.replace(END, "")
    stream = keys.replace("\x1b", "") + START + text + END + "j"
    splitter, heard = PasteSplitter(), [""]
    for size in [*cuts, len(stream)]:
        piece, stream = stream[:size], stream[size:]
        for part in splitter.feed(piece):
            if part.is_pasted:
                heard += [part.text, ""]
            else:
                heard[-1] += part.text
    assert heard == [keys.replace("\x1b", "") + START, text, END + "j"]


ESCAPES = [
    (["\x1b:"], ["\x1b", ":"]),
    (["\x1b5"], ["\x1b", "5"]),
    (["\x1b\r"], ["\x1b", "\r"]),
    (["\x1b\t"], ["\x1b", "\t"]),
    (["\x1bjj\r"], ["\x1b", "jj\r"]),
    (["\x1bあ"], ["\x1b", "あ"]),
    (["a\x1bb"], ["a", "\x1b", "b"]),
    (["\x1bb"], ["\x1bb"]),
    (["\x1b\x7f"], ["\x1b\x7f"]),
    (["\x1b", "b"], ["\x1b", "b"]),
    (["\x1b\x1b"], ["\x1b", "\x1b"]),
    (["\x1b["], ["\x1b", "["]),
    (["\x1b]"], ["\x1b", "]"]),
    (["\x1bO"], ["\x1b", "O"]),
    (["\x1b]]k"], ["\x1b", "]]k"]),
    (["\x1b[A"], ["\x1b[A"]),
    (["\x1b", "[", "A"], ["\x1b[A"]),
    (["j\x1b[1;3Bk"], ["j", "\x1b[1;3B", "k"]),
    (["\x1bOPx"], ["\x1bOP", "x"]),
    (["\x1b\x1b[A"], ["\x1b", "\x1b[A"]),
    (["\x1b[<0;5;6M"], ["\x1b[<0;5;6M"]),
    (["\x1b[?2026;2$y"], ["\x1b[?2026;2$y"]),
    (["\x1b[1;2Xq"], ["q"]),
    (["\x1b]11;rgb:0/0/0\x1b\\q"], ["q"]),
    (["\x1b[20", "0~"], ["\x1b[200~"]),
    (["\x1b[1;"], []),
]
"""What a terminal sends, piece by piece, and then nothing for a while; what it means."""


@pytest.mark.parametrize(("pieces", "meant"), ESCAPES, ids=lambda value: ascii("|".join(value)))
def test_escape_is_a_key_whatever_comes_behind_it_in_the_same_piece(pieces: list[str], meant: list[str]) -> None:
    splitter = EscapeSplitter(frozenset(ANSI_SEQUENCES_KEYS))
    tokens = [token for piece in pieces for token in splitter.feed(piece)]
    assert [*tokens, *splitter.waited()] == meant
    assert not splitter.is_waiting


@settings(deadline=None, max_examples=100)
@given(st.text("\x1b[]O5;~Aj:\r", max_size=20), st.lists(st.integers(1, 9), max_size=20))
def test_no_key_behind_escape_waits_for_ever_or_comes_twice(text: str, cuts: list[int]) -> None:
    splitter, tokens, rest = EscapeSplitter(frozenset(ANSI_SEQUENCES_KEYS)), [], text
    for size in [*cuts, len(text)]:
        piece, rest = rest[:size], rest[size:]
        tokens += splitter.feed(piece)
    tokens += splitter.waited()
    assert not splitter.is_waiting
    plain = iter(text)
    assert all(letter in plain for letter in "".join(tokens))


CONSOLE = Console()


def painted(memory: TerminalMemory, *lines: str) -> str:
    strips = [[Strip([Segment(line)])] for line in lines]
    update = difference(LayoutUpdate(strips, Region(0, 0, 10, len(lines))), memory, CONSOLE)
    return update.render_segments(CONSOLE) if update else ""


def test_what_stands_on_the_terminal_is_not_written_again() -> None:
    memory = TerminalMemory()
    assert "one" in painted(memory, "one       ", "two       ")
    assert painted(memory, "one       ", "two       ") == ""
    assert painted(memory, "one       ", "2         ") == "\x1b[2H2\x1b[9X"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("返品" + " " * 20 + "46w", "返品\x1b[20X\x1b[20C46w"),
        ("a" + " " * 10 + "b", "a" + " " * 10 + "b"),
        ("\x1b[7ma" + " " * 20 + "b\x1b[0m" + " " * 12 + "c", "\x1b[7ma" + " " * 20 + "b\x1b[m\x1b[12X\x1b[12Cc"),
        ("\x1b[1;91mN \x1b[0m\x1b[90m- \x1b[0mx", "\x1b[1;91mN \x1b[;90m- \x1b[mx"),
    ],
    ids=["a gap", "too short to gain", "a gap in reverse stays", "a reset and a style"],
)
def test_a_line_is_written_in_fewer_bytes_and_looks_the_same(text: str, written: str) -> None:
    assert written_at(3, 2, text) == f"\x1b[4;3H{written}"
    assert seen_over_old_text(written_at(3, 2, text)) == seen_over_old_text(f"\x1b[4;3H{text}")


def seen_over_old_text(written: str) -> list[tuple[str, str, bool, bool]]:
    screen = pyte.Screen(80, 5)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[4;1H\x1b[0m" + "古" * 40 + written)
    return [(cell.data, cell.fg, cell.bold, cell.reverse) for cell in (screen.buffer[3][x] for x in range(80))]


def test_after_something_else_wrote_there_everything_is_written() -> None:
    memory = TerminalMemory()
    painted(memory, "one       ")
    memory.forget()
    assert "one" in painted(memory, "one       ")


def test_a_piece_written_over_another_is_not_taken_for_still_there() -> None:
    memory = TerminalMemory()
    assert memory.put(0, 0, 10, "whole line")
    assert memory.put(0, 4, 3, "box")
    assert memory.put(0, 0, 10, "whole line")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_time_that_is_offered_can_be_typed_as_it_is_shown(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_LANG", language)
    offered = offered_times(NOON)
    assert len(offered) == 7
    assert all(parse_when(words, NOON) == at for words, at in offered)
    assert any("明日" in words for words, _at in offered) == (language == "ja")


async def test_a_command_that_ends_late_does_not_let_go_what_is_typed_for_the_next_ones_question() -> None:
    said: list[str] = []
    asking = Asking(lambda: said.append("held"), lambda: said.append("let go"))
    search, command = (asyncio.get_running_loop().create_future() for _each in range(2))
    asking.begin(search)
    asking.begin(command)
    search.set_result(None)
    await asyncio.sleep(0)
    assert said == ["held", "held"]
    command.set_result(None)
    await asyncio.sleep(0)
    assert said == ["held", "held", "let go"]
