"""Completion: what is offered while a query is typed, and which piece of it an offer replaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.domain.ids import MemberKey
from store.domain.message import Address
from store.domain.people import Member
from store.domain.query import QueryError, parse_query
from store.domain.query_completion import MOST, Vocabulary, complete_query

TEAM = Vocabulary(
    members=(Member(MemberKey("sato"), "佐藤 健"), Member(MemberKey("tanaka"), "田中 花"), Member(MemberKey("gone"), "Gone", active=False)),
    inboxes=("support", "Sent Items"),
    tags=("返品", "refund"),
    addresses=(Address("山田花子", "hanako@example.jp"),),
)


def taken(text: str, cursor: int | None = None) -> list[str]:
    """The text after taking each offer."""
    at = len(text) if cursor is None else cursor
    return [text[: one.start] + one.text + text[one.end :] for one in complete_query(text, at, TEAM)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("fr", "from:"),
        ("請求書 -st", "請求書 -status:"),
        ("件", "件名:"),
        ("status:ho", "status:hold"),
        ("状態：保", "状態：hold"),
        ("status:new,ho", "status:new,hold"),
        ("owner:ta", "owner:tanaka"),
        ("担当：田", "担当：tanaka"),
        ("owner:", "owner:me"),
        ("from:hana", "from:hanako@example.jp"),
        ("from:山", "from:hanako@example.jp"),
        ("in:se", 'in:"Sent Items"'),
        ("tag:返", "tag:返品"),
        ("has:招", "has:invitation"),
        ("after:先", "after:last-week"),
        ("(a o", "(a OR"),
    ],
)
def test_the_piece_at_the_cursor_is_completed(typed: str, expected: str) -> None:
    assert expected in taken(typed)


def test_only_the_value_under_the_cursor_is_replaced() -> None:
    assert "status:hold,done a" in taken("status:ho,done a", 9)
    assert "a owner:tanaka b" in taken("a owner:t b", 9)
    assert 'in:"Sent Items",INBOX' in taken('in:"Sent I",INBOX', 9)
    assert 'in:"Sent Items",support' in taken('in:"Sent Items",su')
    assert 'in:support,"Sent Items" a' in taken('in:support,"S" a', 13)


def test_who_has_left_and_what_stands_there_already_are_not_offered() -> None:
    assert not any("gone" in text for text in taken("owner:"))
    assert taken("status:hold") == []


def test_an_offer_says_what_it_is_in_the_other_language() -> None:
    assert {one.text: one.words for one in complete_query("status:", 7, TEAM)}["hold"] == "保留 · On hold"
    assert complete_query("fro", 3, TEAM)[0].words == "差出人"


@given(st.text(alphabet='ab:：,"( -status from保', max_size=20), st.integers(-3, 30))
def test_every_offer_fits_into_the_text_at_any_cursor(text: str, cursor: int) -> None:
    offers = complete_query(text, cursor, TEAM)
    assert len(offers) <= MOST
    assert all(0 <= one.start <= one.end <= len(text) for one in offers)


@pytest.mark.parametrize("field", ["status:", "is:", "has:", "owner:", "due:", "after:", "older:", "urgency:", "category:", "in:", "tag:", "from:"])
def test_whatever_is_offered_is_understood(field: str) -> None:
    assert taken(field)
    for text in taken(field):
        try:
            parse_query(text)
        except QueryError as error:
            pytest.fail(f"{text}: {error}")
