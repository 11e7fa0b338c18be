"""A list without a line says why it has none."""

from datetime import UTC, datetime

import pytest

from store.domain.query import VIEWS
from tui.view.emptiness import Mail, empty_words
from tui.view.listing import list_lines
from tui.view.rows import Reader, RowFacts
from tui.view.window import Window

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.words._translation", None)
    monkeypatch.setenv("MADO_LANG", "en")


def test_while_mail_is_being_fetched_nobody_is_told_that_there_is_nothing() -> None:
    assert empty_words(Mail.FETCHING) == ("Mail is being fetched; the newest comes first.",)
    assert empty_words(Mail.FETCHING, "▓▓░░░░░░ 14,400 / 50,000") == ("Mail is being fetched; the newest comes first.", "▓▓░░░░░░ 14,400 / 50,000")


@pytest.mark.parametrize("mail", list(Mail))
def test_every_reason_is_said_in_words_that_fit_a_narrow_terminal(mail: Mail) -> None:
    words = empty_words(mail)
    assert all(0 < len(each) <= 70 for each in words)
    nothing: Window[RowFacts] = Window(height=8)
    said = list_lines(nothing, Reader(None, {}, NOW), 80, 8, words)
    assert [each.text.strip() for each in said] == ["", *words]


@pytest.mark.parametrize("query", [*VIEWS.values(), "status:awaiting_check", "is:unowned", "請求 in:all", "from:nobody@example.jp"])
def test_each_empty_list_says_what_to_do(query: str) -> None:
    said = empty_words(Mail.HERE, query=query)
    assert len(said) > 1
    assert all(0 < len(each) <= 70 for each in said)


def test_a_search_that_finds_nothing_and_a_view_where_nothing_is_say_different_things() -> None:
    assert empty_words(Mail.HERE, query="請求書 4711")[0] == "Nothing was found."
    assert empty_words(Mail.HERE, query="is:mine")[0] == "Nothing is yours just now."
    assert empty_words(Mail.HERE, query="is:overdue -status:hold")[0] == "Nothing here."
