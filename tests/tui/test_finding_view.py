"""What a search shows: marks in the list and in the mail, a few words of it, the place of a mistake, offers for Tab."""

from datetime import timedelta

import pytest

from store.domain.query import QueryError, parse_query
from tests.tui.home_builder import NOON
from tests.tui.test_reading_view import mail
from tests.tui.test_rows import READER, ROW, changed
from tui.view.columns import columns_for
from tui.view.completing import Completion, Tabbing, of_words
from tui.view.found import Found
from tui.view.highlight import Matcher, find_in_lines, highlighted
from tui.view.hints import CARET, hint_line, offers_hint, pointing_hint, words_hint
from tui.view.layout import Layout, Manner
from tui.view.matching import query_matcher, words_matcher
from tui.view.query_words import count_words, query_error_words
from tui.view.rows import row_spans
from tui.view.spans import line
from tui.view.trouble import trouble_words
from tui.view.width import columns_of


def matcher(text: str) -> Matcher:
    found = query_matcher(parse_query(text))
    assert found is not None
    return found


def marked(spans: tuple) -> list[str]:
    return [span.text for span in spans if span.tone == "found"]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_what_was_searched_for_is_marked_in_subject_and_customer(width: int) -> None:
    spans = row_spans(ROW, columns_for(width), READER, found=Found(parse_query("納期 山田")))
    assert marked(spans) == ["山田", "納期"] if width > 60 else ["山田"]
    plain = row_spans(ROW, columns_for(width), READER)
    assert "".join(span.text for span in spans) == "".join(span.text for span in plain)


def test_a_hit_in_the_mail_itself_is_shown_behind_the_subject() -> None:
    found = Found(parse_query("返金")).with_snippets({ROW.id: "先日の件ですが、まだ返金されていないようです。ご確認ください。"})
    for width in (80, 100, 160):
        text = "".join(span.text for span in row_spans(ROW, columns_for(width), READER, found=found))
        assert "注文番号" in text
        assert "返金" in text.partition("┊")[2]
        assert columns_of(text) == columns_of("".join(span.text for span in row_spans(ROW, columns_for(width), READER)))


def test_a_subject_that_says_it_already_has_no_snippet() -> None:
    found = Found(parse_query("納期")).with_snippets({ROW.id: "納期について"})
    assert "┊" not in "".join(span.text for span in row_spans(changed(), columns_for(120), READER, found=found))


def test_a_snippet_cannot_steer_the_terminal() -> None:
    found = Found(parse_query("返金")).with_snippets({ROW.id: "\x1b[2J返金\x9b"})
    assert not {"\x1b", "\x9b"} & set("".join(span.text for span in row_spans(ROW, columns_for(120), READER, found=found)))


@pytest.mark.parametrize(("query", "text", "wanted"), [("ﾀﾞｲｱ", "x ﾀﾞｲｱ", ["ﾀﾞｲｱ"]), ("ABC", "ａｂｃ abc", ["ａｂｃ", "abc"]), ("㈱", "㈱北野", ["㈱"])])
def test_widths_and_capitals_make_no_difference(query: str, text: str, wanted: list[str]) -> None:
    assert [text[first:last] for first, last in matcher(query)(text)] == wanted


@pytest.mark.parametrize(
    ("words", "text", "wanted"),
    [
        ("メール", "ﾒｰﾙとメール", ["ﾒｰﾙ", "メール"]),
        ("サーバー", "サーバが", ["サーバ"]),
        ("らーめん", "らーめん", ["らーめん"]),
        ("CAFÉ", "cafe\u0301teria", ["cafe\u0301"]),
        ("お世話 に", "お世話\n  になり", ["お世話\n  に"]),
        ("aa", "aaaa", ["aa", "aa"]),
        (" ", "a b", []),
    ],
)
def test_words_are_looked_for_on_a_page_in_every_spelling(words: str, text: str, wanted: list[str]) -> None:
    assert [text[first:last] for first, last in words_matcher(words)(text)] == wanted


def test_what_must_not_be_there_is_not_marked() -> None:
    assert query_matcher(parse_query("-spam is:tray")) is None


def test_a_word_broken_over_two_lines_is_one_match_in_two_pieces() -> None:
    lines = [line("お問い合わせの請"), line("求書について"), line("请")]
    found = find_in_lines(lines, words_matcher("請求書"))
    assert [[(piece.line, piece.start, piece.end) for piece in each] for each in found.matches] == [[(0, 7, 8), (1, 0, 2)]]
    assert highlighted(lines[1], found.marks(0)[1]).spans[0].tone == "found-here"
    assert highlighted(lines[1], found.marks(None)[1]).spans[0].text == "求書"


def test_two_lines_of_words_are_not_run_together() -> None:
    assert not find_in_lines([line("in"), line("voice")], words_matcher("invoice")).matches
    assert find_in_lines([line("the in voice"), line("tube")], words_matcher("voice tube")).matches


def test_a_mistake_is_pointed_at_under_what_was_typed() -> None:
    typed = "返品 status:nwe"
    with pytest.raises(QueryError) as raised:
        parse_query(typed)
    shown = hint_line(pointing_hint(query_error_words(raised.value), typed, raised.value.position), "/", 80).text
    assert columns_of(shown.partition(CARET)[0]) == columns_of("/返品 status:")
    far = hint_line(pointing_hint("it is wrong", "x" * 76, 76), "/", 80).text
    assert columns_of(far) <= 80
    assert far.endswith(CARET)


def test_a_field_that_there_is_not_is_said_once_with_the_one_that_was_meant_as_far_as_there_is_room() -> None:
    typed = "owner:miura statsu:new"
    with pytest.raises(QueryError) as raised:
        parse_query(typed)
    words = query_error_words(raised.value)
    assert words.count("did you mean") == 1
    assert trouble_words(raised.value) == f"Not understood, at character 13 of the search: {words}"
    narrow = hint_line(pointing_hint(words, typed, raised.value.position), "/", 60).text
    assert narrow == " " * 13 + f"{CARET} {words[:44]}…"


@pytest.mark.parametrize("width", [10, 30, 80])
@pytest.mark.parametrize("at", [0, 5, 29, 79, 300])
def test_a_hint_always_says_something(width: int, at: int) -> None:
    assert CARET in hint_line(pointing_hint("this parenthesis is never closed", "y" * at, at), "/", width).text or at > width


def test_the_number_found_is_said_and_many_are_many() -> None:
    assert count_words(0) == "nothing found"
    assert count_words(12) == "12 found"
    assert count_words(1_001) == "1,000+ found"
    assert "12 found" in hint_line(words_hint(count_words(12)), "/", 80).text


def test_tab_goes_through_what_is_offered_and_back_to_the_first() -> None:
    tabbing = Tabbing("a s", (Completion("status:", 2, 3, "状態"), Completion("subject:", 2, 3, "件名")))
    assert [tabbing.text, tabbing.next(1).text, tabbing.next(2).text, tabbing.next(-1).text] == ["a status:", "a subject:", "a status:", "a subject:"]
    assert tabbing.cursor == 9
    assert "状態" in hint_line(offers_hint(tabbing.offers, 0), "/", 80).text


def test_a_command_is_completed_by_its_beginning() -> None:
    assert [each.text for each in of_words(("open", "save", "save-all"))("sa", 2)] == ["save ", "save-all "]
    assert not of_words(("open",))("", 0)


def laid_out(layout: Layout, count: int, **manner: object) -> None:
    mails = [mail(f"text of {index}\n" * 3) for index in range(count)]
    layout.of("a", mails, Manner(80, NOON, **manner), charsets={}, also_in={})


def test_a_long_conversation_is_laid_out_from_its_end_and_nothing_moves_under_the_eye() -> None:
    layout = Layout()
    laid_out(layout, 50)
    layout.lay_out(49, 40)
    assert layout.is_waiting
    first = layout.first_line(49)
    text = layout.lines[first].text
    place = layout.place_of(first)
    while layout.is_waiting:
        layout.lay_out_next()
        assert layout.lines[layout.line_of(place)].text == text
    assert layout.message_at(layout.line_of(place)) == 49
    assert layout.lines[layout.first_line(0)].mark == "message:0"


def test_what_is_laid_out_already_is_kept_until_it_must_look_different() -> None:
    layout = Layout()
    laid_out(layout, 9)
    layout.lay_out(0, 0)
    before = layout.lines
    laid_out(layout, 10)
    layout.lay_out(9, 0)
    assert not layout.is_waiting
    assert layout.lines[0] is before[0]
    laid_out(layout, 10, unfolded=True)
    assert layout.is_waiting
    layout.of("b", [mail("other")], Manner(80, NOON + timedelta(days=1)), charsets={}, also_in={})
    assert len(layout.lines) == 0
