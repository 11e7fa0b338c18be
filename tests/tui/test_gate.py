"""The gate to the terminal, and columns of Japanese."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.view.gate import clean, writable
from tui.view.width import columns_of, cut, fit, shorten, shorten_middle
from tui.view.wrapping import NOT_AT_START, wrap

ANY_TEXT = st.text(st.characters(), max_size=60)
MIXED = st.text("aA b、。「」ー漢字かなｱ☆…é①", max_size=120)


@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
def test_nothing_that_steers_a_terminal_passes(text: str) -> None:
    for lines in (False, True):
        passed = clean(text, lines=lines)
        allowed = {"\n"} if lines else set()
        assert not [each for each in passed if (ord(each) < 32 or 0x7F <= ord(each) < 0xA0) and each not in allowed]
        assert not set(passed) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
        passed.encode()  # no lone surrogate either


def test_an_attack_by_escape_sequence_arrives_as_harmless_letters() -> None:
    assert clean("\x1b]0;owned\x07Hello\x9b31m") == "]0;ownedHello31m"


def test_a_reversed_file_name_shows_what_was_tried() -> None:
    assert clean("invoice\u202efdp.exe") == "invoice[RLO]fdp.exe"


def test_what_each_terminal_gives_another_width_moves_no_column() -> None:
    """tmux gives a skin tone two columns and a Hangul filler too; Rich's table none."""
    assert clean("👍🏽|❤\ufe0f|👨\u200d👩|a\u3164b|\uffa0") == "👍|❤|👨👩|ab|"


def test_line_ends_and_tabs_become_spaces_in_one_line_and_stay_in_many() -> None:
    assert clean("a\r\nb\tc\u2028d") == "a b c d"
    assert clean("a\r\nb\tc\u2028d", lines=True) == "a\nb   c\nd"


@settings(deadline=None, max_examples=100)
@given(MIXED, st.integers(0, 40))
def test_a_fitted_text_takes_exactly_its_columns(text: str, columns: int) -> None:
    assert columns_of(fit(text, columns)) == columns
    assert columns_of(shorten(text, columns)) <= columns
    assert text.startswith(cut(text, columns))


@settings(deadline=None, max_examples=100)
@given(MIXED, st.integers(8, 40))
def test_a_name_without_its_middle_keeps_its_end(text: str, columns: int) -> None:
    name = shorten_middle(text + ".exe", columns)
    assert columns_of(name) <= columns
    assert name.endswith("exe")


def test_a_wide_character_is_never_halved() -> None:
    assert cut("漢字", 3) == "漢"
    assert fit("漢字", 3) == "漢…"


@settings(deadline=None, max_examples=100)
@given(MIXED, st.integers(8, 40))
def test_wrapping_keeps_every_letter_and_no_line_is_too_wide(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(columns_of(each) <= columns for each in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_no_line_begins_with_what_kinsoku_keeps_off_a_beginning() -> None:
    text = "お世話になっております、山田です。ご注文ありがとうございました。" * 3
    for columns in range(10, 40):
        assert not [each for each in wrap(text, columns)[1:] if each[0] in NOT_AT_START]


def test_words_with_spaces_stay_whole_where_they_fit() -> None:
    assert wrap("please confirm the delivery date", 14) == ["please confirm", "the delivery", "date"]


@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
def test_what_is_to_be_edited_and_sent_steers_nothing_either(text: str) -> None:
    passed = writable(text)
    assert not {each for each in passed if unicodedata.category(each) in ("Cc", "Cs")} - set("\n\t")
    assert not set(passed) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\u2029")
    assert writable(passed) == passed


def test_what_people_type_stays() -> None:
    text = "家族 👨\u200d👩\u200d👧 と ❤\ufe0f\n\t字下げ"
    assert writable(text) == text
    assert writable("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"
