"""Finding: Japanese words of any length, any width and case, and nothing that is not there."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.domain.events import CommentAdded, StatusChanged
from store.domain.ids import CommentId, StatusKey
from store.domain.query import Word, parse_query
from store.local.matches import matches_in, pattern_of
from store.local.normalise import LONG, folded_plain, indexed, letters, settled, shortened, words_in
from store.local.snippet import LOOKED_AT_FIRST, SNIPPET_CHARACTERS, snippet
from store.local.store import LocalStore
from tests.store.local_store_makers import SATO, arrived, at, conversation_of, message_id_of, new_mail, opened, pull, recorded

TEXTS = st.text(alphabet="aAéßİ１-ー－～ｶﾞｰﾊカが゛ｱキサバ漢髙한ที่👍🏽\u200b\u3099（㈱)\n 。", max_size=12) | st.text(max_size=8)


def found(store: LocalStore, text: str) -> set[str]:
    return {hit.message_id for hit in store.search(parse_query(text), limit=1000) if hit.message_id}


def test_every_way_of_writing_it_finds_it(store: LocalStore) -> None:
    pull(store, new_mail(1, "請求書の件", "株式会社ﾔﾏﾀﾞの第３四半期、㈱と①も。Straße, CAFÉ, Москва"))
    for text in (
        "請",
        "求書",
        "請求書",
        "請求書の件",
        "ヤマダ",
        "ﾔﾏﾀﾞ",
        "第3四半期",
        "第３四半期",
        "(株)",
        "STRASSE",
        "café",
        "cafe",
        "м*",
        "subject:請求",
        '"四半期、㈱"',
    ):
        assert found(store, text) == {message_id_of(1)}, text
    for text in ("請書", "求請", "ヤマタ", "caf", "subject:ヤマダ", "請求 -株式"):
        assert found(store, text) == set(), text


def test_what_is_pasted_from_a_subject_finds_that_subject(store: LocalStore) -> None:
    subjects = ("Re:見積の件", "FW: Re: 見積の件", "Fwd：ご注文", "C:\\temp が開けない", "Re:Fwd:【至急】order no. 5")
    pull(store, *(new_mail(number, subject, "mail@x.example へ") for number, subject in enumerate(subjects, 1)))
    for number, subject in enumerate(subjects, 1):
        assert message_id_of(number) in found(store, subject), subject
    assert found(store, "Re:見積") == {message_id_of(1), message_id_of(2)}
    assert found(store, "mailto:mail@x.example") == {message_id_of(number) for number in range(1, 6)}
    assert found(store, 'subject:"order n"*') == {message_id_of(5)}
    assert found(store, 'subject:"order n"') == set()


def test_people_files_and_comments_are_found(store: LocalStore) -> None:
    pull(store, new_mail(1, name="田中 花子", files=("見積書_2026.pdf",)), new_mail(2))
    store.apply_events([opened(1, 2), arrived(2, 2), recorded(3, conversation_of(2), CommentAdded(CommentId("c"), "先方は特急希望"), SATO)], epoch=1)
    assert found(store, "from:花子") == {message_id_of(1)}
    assert found(store, "from:customer2@example.jp") == {message_id_of(2)}
    assert found(store, "to:support@example.jp") == {message_id_of(1), message_id_of(2)}
    assert found(store, "見積書") == {message_id_of(1)}
    (hit,) = store.search(parse_query("特急"))
    assert (hit.comment_id, hit.message_id, hit.conversation_id, hit.from_.name) == ("c", None, conversation_of(2), "sato")
    assert [row.id for row in store.page(parse_query("特急"), limit=5).rows] == [conversation_of(2)]
    assert store.count(parse_query("has:comment")) == 1


def test_parts_of_a_query_are_weighed_as_they_are_written(store: LocalStore) -> None:
    pull(store, new_mail(1, text="red apple"), new_mail(2, text="green apple"), new_mail(3, text="red pear"))
    one, two, three = (message_id_of(n) for n in (1, 2, 3))
    expected = {
        "apple red": {one},
        "apple OR pear": {one, two, three},
        "apple -green": {one},
        "-apple": {three},
        '"red apple"': {one},
        '"apple red"': set(),
        "app*": {one, two},
        "app": set(),
        "(green OR pear) -apple": {three},
        "status:new apple": {one, two},
        "status:done OR pear": {three},
        "-status:new": set(),
        "after:2026-01-01 before:2026-01-02 pear": {three},
        "after:2026-01-02 pear": set(),
        "red NOT (apple OR plum)": {three},
    }
    assert {text: found(store, text) for text in expected} == expected


@pytest.mark.parametrize(
    "text", ["red - apple", "red & apple", "red 、 apple 。", '"red" + "apple"', "- red apple", "(red -) apple", "red -plum – apple"]
)
def test_what_has_no_letters_says_nothing_beside_words_that_have(store: LocalStore, text: str) -> None:
    pull(store, new_mail(1, text="red apple"), new_mail(2, text="green apple"))
    assert found(store, text) == {message_id_of(1)}
    assert store.search_count(parse_query(text)) == 1
    assert [row.id for row in store.page(parse_query(text), limit=5).rows] == [conversation_of(1)]


@pytest.mark.parametrize("text", ["-", "。", "- -", "status:new -“-” 。"])
def test_nothing_but_signs_finds_nothing_but_what_else_is_asked_for(store: LocalStore, text: str) -> None:
    pull(store, new_mail(1, text="red - apple"))
    assert found(store, text) == ({message_id_of(1)} if "status" in text else set())


def test_the_best_conversations_are_each_there_once_and_junk_only_where_it_is_asked_for(store: LocalStore) -> None:
    pull(store, new_mail(1, "refund", "refund, please"), new_mail(2, text="no refund"), new_mail(3, text="refund", thread=1), new_mail(4, "refund"))
    store.apply_events([opened(1, 4), recorded(2, conversation_of(4), StatusChanged(StatusKey("new"), StatusKey("junk")))], epoch=1)
    best = store.best(parse_query("refund"), limit=10)
    assert best is not None
    assert [row.id for row in best] == [conversation_of(1), conversation_of(2)]
    assert [row.id for row in store.best(parse_query("refund status:junk"), limit=10) or ()] == [conversation_of(4)]
    assert [row.id for row in store.best(parse_query("refund - please"), limit=1) or ()] == [conversation_of(1)]
    assert store.best(parse_query("is:tray"), limit=10) is None
    assert store.best(parse_query("-refund"), limit=10) is None


def test_a_list_of_drafts_is_empty_while_there_are_none(store: LocalStore) -> None:
    pull(store, new_mail(1))
    for text in ("has:draft", "has:draft apple", "is:tray has:draft", "has:draft OR status:done"):
        assert store.page(parse_query(text), limit=5).rows == (), text
        assert store.count(parse_query(text), most=5) == 0, text
    assert store.count(parse_query("-has:draft")) == 1


def test_the_newest_hits_come_first_and_no_more_than_asked_for(store: LocalStore) -> None:
    pull(store, *(new_mail(n, text="毎日の報告") for n in random.Random(1).sample(range(1, 60), 59)))
    hits = store.search(parse_query("報告"), limit=10)
    assert [hit.date for hit in hits] == [at(n) for n in range(59, 49, -1)]


@pytest.mark.parametrize("text", ['"', "!!", "*", "（", "🎉", "a" * 5000, "\0", '"unclosed', "NEAR(", "col:umn", "^", "a AND", "\ud800"])
def test_no_text_that_is_typed_breaks_the_search(store: LocalStore, text: str) -> None:
    pull(store, new_mail(1))
    assert store.search(Word(text)) == ()
    assert store.page(Word(text), limit=5).rows == ()


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60) | TEXTS)
def test_what_is_indexed_is_cut_into_the_very_words_that_are_looked_for(text: str) -> None:
    # As SQLite's tokenizer `ascii` does it.
    assert re.findall("[0-9A-Za-z\x80-\U0010ffff]+", indexed(text)) == words_in(text)


def test_every_two_letters_of_a_japanese_text_are_found_in_it(store: LocalStore) -> None:
    text = "平素より大変お世話になっております。先日ご注文いただいたノートパソコンの配送状況について、お問い合わせ致します"
    pull(store, new_mail(1, text=text), new_mail(2, text="無関係"))
    for start in range(len(text) - 1):
        pair = text[start : start + 2]
        if all(letter not in "。、" for letter in pair):
            assert found(store, pair) == {message_id_of(1)}, pair


def snippet_of(text: str, query: str) -> str:
    """The snippet with what is marked in brackets."""
    found = snippet(text, pattern_of(parse_query(query), frozenset({"text"})))
    return _marked(found.text, found.spans)


def _marked(text: str, spans) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def test_a_snippet_is_not_misled_by_a_word_that_goes_on_where_it_first_stops_looking() -> None:
    before = "x " * ((LOOKED_AT_FIRST - 3) // 2) + " "
    text = f"{before[: LOOKED_AT_FIRST - 3]}category, and much later the cat itself"
    assert "the [cat] itself" in snippet_of(text, "cat")


@given(st.text(st.sampled_from("ぁあがーヶケア亜亞国國髙高A~aZ９。、「 ・-0ｱ①é")))
def test_plain_text_is_folded_in_the_short_way_as_it_is_in_the_long_one(text: str) -> None:
    plain = folded_plain(text)
    if plain is not None and not text.isascii():
        assert plain == LONG.sub(shortened, letters(settled(text)))


def test_a_snippet_shows_the_hit_in_its_own_spelling() -> None:
    text = "長い前置き" * 40 + "ここにﾔﾏﾀﾞの名がある" + "長い後書き" * 40
    line = snippet_of(text, "ヤマダ")
    assert "[ﾔﾏﾀﾞ]の名" in line
    assert len(line) <= SNIPPET_CHARACTERS + 4
    assert snippet_of("short\n text", "nothing") == "short text"
    assert "the [INVOICE] is here" in snippet_of("x " * 500 + "the INVOICE is here", "invoice")
    assert "[ｻｰﾊﾞ]" in snippet_of("あ" * 9_000 + "①ｻｰﾊﾞが" + "あ" * 99, "サーバー")


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("㈱ﾔﾏﾀﾞのｻｰﾊﾞ-", "ヤマダ サーバ", "㈱[ﾔﾏﾀﾞ]の[ｻｰﾊﾞ-]"),
        ("システムエラー、エラ", "エラー", "システム[エラー]、エラ"),
        ("ｻｰﾊﾞが、サーバーが", "サーバが", "[ｻｰﾊﾞが]、[サーバーが]"),
        ("番号AB1234の件", '"番号AB-12-34の件"', "[番号AB1234の件]"),
        ("طلـبـية", "طلبية", "[طلـبـية]"),
        ("髙橋様、高橋様", "高橋", "[髙橋]様、[高橋]様"),
        ("Café CAFE\u0301 cafeteria", "cafe", "[Café] [CAFE\u0301] cafeteria"),
        ("Cafe cafeteria", "caf*", "[Caf]e [caf]eteria"),
        ("ご注文\n番号", "注文番号", "ご[注文\n番号]"),
        ("番号 AB-1234-56 です", "ab123456", "番号 [AB-1234-56] です"),
        ("番号 AB123456 です", "AB-1234-56", "番号 [AB123456] です"),
        ("TEL03-1234-5678、TEL０３１２３４５６７８", "0312345678", "TEL[03-1234-5678]、TEL[０３１２３４５６７８]"),
        ("12 と 1-2 と 1 2", '"1 2"', "12 と [1-2] と [1 2]"),
        ("03ー1234ー5678へ", "0312345678", "[03ー1234ー5678]へ"),
        ("red green", "red -green", "[red] green"),
        ("👍🏽 了解", "👍", "[👍🏽] 了解"),
        ("мой и я", "я", "мой и [я]"),
        ("мой и я", "м*", "[м]ой и я"),
        ("か゛んばる", "がん", "[か゛ん]ばる"),
        ("請求書と請求", "請求 OR 請求書", "[請求書]と[請求]"),
        ("a subject", "subject:a", "a subject"),
        ("①②③", "1", "①②③"),
        ("①、②", "1", "[①]、②"),
        ("nothing", "status:new", "nothing"),
    ],
)
def test_what_was_found_is_marked_where_it_is_written(text: str, query: str, marked: str) -> None:
    assert _marked(text, matches_in(text, parse_query(query))) == marked


@settings(max_examples=150, deadline=None)
@given(before=TEXTS, needle=TEXTS, after=TEXTS)
def test_whatever_the_index_finds_is_marked_too(before: str, needle: str, after: str) -> None:
    text = f"{before} {needle} {after}"
    query = Word(needle)
    if words_in(needle):
        spans = matches_in(text, query)
        assert spans
        assert all(0 <= start < end <= len(text) for start, end in spans)
