"""The query language: what people type, paste and mistype."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.domain.query import VIEWS, All, And, Field, Not, Or, QueryError, Word, parse_query, typing_query
from store.domain.query_fields import CATEGORIES, FIELDS, HAS, IS, STATUSES
from store.domain.query_printer import query_to_text
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
        ("－a −b", And((Not(A), Not(B)))),
        ("a−b − c", And((Word("a−b"), Word("−"), C))),
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
        ('subject:"a b"*', Field("subject", "a b", prefix=True)),
        ("件名：“a b”＊ c", And((Field("subject", "a b", prefix=True), C))),
        ('subject:"a b" *', And((Field("subject", "a b"), All()))),
        ("-from:x", Not(Field("from", "x"))),
        ("subject:-5", Field("subject", "-5")),
        ("owner:@Sato", Field("owner", "sato")),
        ("担当：なし", Field("owner", "none")),
        ("status:処理中", Field("status", "in_progress")),
        ("status:hold", Field("status", "hold")),
        ("category:open", Field("category", "open")),
        ("inbox:support 場所：Sent", And((Field("inbox", "support"), Field("in", "Sent")))),
        ("status:new,保留", Or((Field("status", "new"), Field("status", "hold")))),
        ("-owner:sato、me", Not(Or((Field("owner", "sato"), Field("owner", "me"))))),
        ('tag:"a,b"', Field("tag", "a,b")),
        ('in:"Sent Items",INBOX a', And((Or((Field("in", "Sent Items"), Field("in", "INBOX"))), A))),
        ("状態：“On hold”、new", Or((Field("status", "hold"), Field("status", "new")))),
        ('tag:x,"a,b","c d"', Or((Field("tag", "x"), Field("tag", "a,b"), Field("tag", "c d")))),
        ('tag:"a"b', And((Field("tag", "a"), B))),
        ("from:a,b", Field("from", "a,b")),
        ('"red app"*', Word("red app", phrase=True, prefix=True)),
        ("cc:x text:y file:z.pdf comment:急", And((Field("cc", "x"), Field("text", "y"), Field("file", "z.pdf"), Field("comment", "急")))),
        ("添付：見積*", Field("file", "見積", prefix=True)),
        ("date:2026/11/1..2026-11-30", Field("date", "2026-11-01..2026-11-30")),
        ("after:昨日 older:３ｄ", And((Field("after", "yesterday"), Field("older", "3d")))),
        ("due:期限切れ", Field("due", "overdue")),
        ("due:＜12/24 -due:なし", And((Field("due", "<12-24"), Not(Field("due", "none"))))),
        ("due:overdue,今日", Or((Field("due", "overdue"), Field("due", "today")))),
        ("by:@Sato is:完了 has:招待", And((Field("by", "sato"), Field("is", "done"), Field("has", "invitation")))),
        ("#12", Field("number", "12")),
        ("番号：＃１２", Field("number", "12")),
        ("#order", Word("#order")),
        ("after:2026/01/31 before:2026-02", And((Field("after", "2026-01-31"), Field("before", "2026-02")))),
        ("urgency:大至急", Field("urgency", "very_urgent")),
        ("is:unowned has:attachment", And((Field("is", "unowned"), Field("has", "attachment")))),
        ("Re: a", And((Word("Re"), A))),
        ("Re:見積 の件", And((Word("Re:見積"), Word("の件")))),
        ("FW:re:x", Word("FW:re:x")),
        ("Fwd:subject:x", Word("Fwd:subject:x")),
        ("Ｒｅ：見積", Word("Ｒｅ:見積")),
        ("-Re:見積*", Not(Word("Re:見積", prefix=True))),
        ('Re:"a b"*', Word("Re:a b", phrase=True, prefix=True)),
        ("AW:x OR SV:x", Or((Word("AW:x"), Word("SV:x")))),
        ("mailto:a@b.c?subject=x", Word("a@b.c", phrase=True)),
        ("ＭＡＩＬＴＯ：a@b.c", Word("a@b.c", phrase=True)),
        ("TEL:03-1234-5678", Word("TEL:03-1234-5678")),
        ("C:\\x", Word("C:\\x")),
        ("10:30", Word("10:30")),
        ("https://a.example/b", Word("https://a.example/b")),
        ("https:/", Word("https:/")),
        ("date:2026.11.1..2026.11", Field("date", "2026-11-01..2026-11")),
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
        ("before:someday", 7),
        ("older:soon", 6),
        ("due:<", 4),
        ("due:2h", 4),
        ("due:<1..2", 4),
        ("status:new,gone", 11),
        ("status:,", 7),
        ('status:"On hold",nwe', 17),
        ('status:"nwe",new', 8),
        ("👍 ｶﾞ 状態：未処理、処理済", 12),
        ('tag:" "', 4),
        ("number:many", 7),
        ('""', 0),
        ("(" * 60 + "a" + ")" * 60, 41),
        ("a " * 1500, 2000),
        ("tag:ship*", 8),
        ("status:new,open*", 15),
        ("older:3d＊", 8),
    ],
)
def test_a_slip_is_told_with_its_place(text, position):
    with pytest.raises(QueryError) as error:
        parse_query(text)
    assert error.value.position == position
    assert error.value.problem
    assert error.value.position + error.value.length <= max(len(text), position + 1)
    assert isinstance(error.value, BadInput)


@pytest.mark.parametrize(("text", "hint"), [("form:x", "from"), ("subjet:x", "subject"), ("ownr:x", "owner"), ("fro:x", "from"), ("zzz:x", "")])
def test_a_mistyped_field_is_told_what_may_have_been_meant(text, hint):
    with pytest.raises(QueryError) as error:
        parse_query(text)
    assert error.value.hint == hint
    assert (hint in error.value.problem) or not hint


def test_while_it_is_typed_the_last_word_may_go_on():
    assert typing_query("red app") == And((Word("red"), Word("app", prefix=True)))
    assert typing_query("from:yam") == Field("from", "yam", prefix=True)
    assert typing_query("red ") == Word("red")
    assert typing_query("cafe\u0301") == Word("cafe\u0301", prefix=True)
    assert typing_query("नमस्") == Word("नमस्", prefix=True)
    assert typing_query("طَلَبِ") == Word("طَلَبِ", prefix=True)
    assert typing_query("red -app") == And((Word("red"), Not(Word("app"))))
    assert typing_query('"red app"') == Word("red app", phrase=True)
    assert typing_query("status:new") == Field("status", "new")


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


TYPED = st.text(alphabet='ab"“()（）:：-－*＊ 　#,、注', max_size=30) | st.lists(
    st.sampled_from(
        [
            "a",
            "注文",
            "-",
            "NOT ",
            "OR",
            "(",
            ")",
            '"a b"',
            '"a b"*',
            'subject:"a b"*',
            "Re:見積*",
            'Re:"a b"*',
            "mailto:-5",
            'Re:a"b c"',
            "x*",
            "status:new,hold",
            "from:",
            "in:Sent",
            'tag:"x, y"',
            "#12",
            "date:..昨日",
            ":",
            " ",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(TYPED)
def test_a_printed_query_is_read_as_the_same_query(text):
    try:
        tree = parse_query(text)
    except QueryError:
        return
    assert parse_query(query_to_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("状態：保留,未処理", "status:hold,new"),
        ("a AND (b OR c)", "a (b OR c)"),
        ("NOT (a b)", "-(a b)"),
        ("件名：“a b”＊", 'subject:"a b"*'),
        ("差出人：“山田 花子”", 'from:"山田 花子"'),
        ("a OR (b OR c)", "a OR (b OR c)"),
        ("NOT NOT a", "NOT -a"),
        ("", ""),
    ],
)
def test_a_query_is_printed_as_somebody_would_type_it(text, printed):
    assert query_to_text(parse_query(text)) == printed


def test_the_page_about_finding_names_every_field_and_value():
    page = (Path(__file__).parents[2] / "docs/search.md").read_text("utf-8")
    for name in FIELDS:
        assert f"`{name}:`" in page, name
    for value in {*STATUSES.values(), *CATEGORIES, *HAS.values()} | (set(IS.values()) - set(CATEGORIES)):
        assert f"`{value}`" in page, value
