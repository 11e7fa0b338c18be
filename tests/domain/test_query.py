"""The query language: what people type, paste and mistype."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.domain.query import VIEWS, All, And, Field, Not, Or, QueryError, Word, parse_query
from store.errors import BadInput

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All()),
        (" 　", All()),
        ("a", A),
        ("a b", And((A, B))),
        ("a　b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a ＯＲ b", Or((A, B))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("（a OR b）c", And((Or((A, B)), C))),
        ("-a", Not(A)),
        ("NOT a b", And((Not(A), B))),
        ("-(a b)", Not(And((A, B)))),
        ("a-b", Word("a-b")),
        ("a - b", And((A, Word("-"), B))),
        ("order*", Word("order", prefix=True)),
        ("注文＊", Word("注文", prefix=True)),
        ("*", All()),
        ('"a b"', Word("a b", phrase=True)),
        ("“返品 希望”", Word("返品 希望", phrase=True)),
        ("from:sato", Field("from", "sato")),
        ("from:sato@*", Field("from", "sato@", prefix=True)),
        ("差出人：佐藤", Field("from", "佐藤")),
        ('subject:"a b" c', And((Field("subject", "a b"), C))),
        ("-from:x", Not(Field("from", "x"))),
        ("subject:-5", Field("subject", "-5")),
        ("owner:@Sato", Field("owner", "sato")),
        ("担当：なし", Field("owner", "none")),
        ("status:処理中", Field("status", "in_progress")),
        ("status:hold", Field("status", "hold")),
        ("category:open", Field("category", "open")),
        ("in:support", Field("inbox", "support")),
        ("#12", Field("number", "12")),
        ("番号：＃１２", Field("number", "12")),
        ("#order", Word("#order")),
        ("after:2026/01/31 before:2026-02", And((Field("after", "2026-01-31"), Field("before", "2026-02-01")))),
        ("urgency:大至急", Field("urgency", "very_urgent")),
        ("is:unowned has:attachment", And((Field("is", "unowned"), Field("has", "attachment")))),
        ("Re: a", And((Word("Re"), A))),
        ("10:30", Word("10:30")),
        ("https://a.example/b", Word("https://a.example/b")),
        ("ご注文：12", Word("ご注文:12")),
    ],
)
def test_what_people_type_means_what_they_think(text, tree):
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('a "b', 2),
        ("(a", 0),
        ("a)", 1),
        ("()", 1),
        ("OR a", 0),
        ("a OR", 4),
        ("a OR OR b", 5),
        ("nobody:x", 0),
        ("from:", 0),
        ("from: a", 0),
        ("status:closed", 7),
        ("is:nothing", 3),
        ("before:tomorrow", 7),
        ("number:many", 7),
        ('""', 0),
        ("(" * 60 + "a" + ")" * 60, 41),
        ("a " * 1500, 2000),
    ],
)
def test_a_slip_is_told_with_its_place(text, position):
    with pytest.raises(QueryError) as error:
        parse_query(text)
    assert error.value.position == position
    assert error.value.problem
    assert isinstance(error.value, BadInput)


def test_me_is_whoever_asks():
    assert parse_query("owner:me", me="sato") == parse_query("担当：自分", me="sato") == Field("owner", "sato")
    assert parse_query("owner:me") == Field("owner", "me")


def test_the_views_are_queries():
    assert [parse_query(query) for query in VIEWS.values()] == [Field("is", "tray"), Field("is", "mine"), All()]


@given(st.text(alphabet='ab"“”()（）:：-－* 　#ORNOTfrom注', max_size=40) | st.text(max_size=60))
def test_any_text_is_a_query_or_says_where_it_is_not(text):
    position = 0
    try:
        parse_query(text)
    except QueryError as error:
        position = error.position
    assert 0 <= position <= len(text)
