"""What can be asked of mails and comments besides words, how hits are sorted and counted, and that nobody waits for what nobody wants."""

from datetime import UTC, datetime, timedelta

import pytest

from store.domain.comment_files import CommentFile
from store.domain.events import CommentAdded, StatusChanged, StatusSaved
from store.domain.ids import CommentId, StatusKey
from store.domain.message import Address, Attachment, DeliveryReport, DeliveryResult, Invitation, Kind, Message, Protection
from store.domain.query import QueryError, parse_query
from store.domain.status import Category, Status
from store.local.finder import open_finder
from store.local.lists import Lists
from store.local.search import Order
from store.local.store import LocalStore
from store.sqlite.errors import ReadGivenUp
from tests.store.local_store_makers import SATO, TANAKA, arrived, at, conversation_of, message_id_of, new_mail, opened, pull, recorded
from tests.waiting import wait_until
from tui.cli.answering import Asked, answer
from tui.cli.output import Output


def mail_of(number: int, **more):
    """A mail with any fields of a message."""
    plain = new_mail(number).message
    values = {name: more.pop(name, getattr(plain, name)) for name in Message.__struct_fields__}
    return new_mail(number, message=Message(**values), **more)


def numbers(store: LocalStore, text: str, **more) -> list[int]:
    """The mails that a search finds, by number, as it sorts them."""
    return [int(str(hit.message_id)[2:].split("@")[0]) for hit in store.search(parse_query(text), limit=1000, **more) if hit.message_id]


def listed(store: LocalStore, text: str) -> set[str]:
    return {row.id for row in store.page(parse_query(text), limit=100).rows}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("サーバーが落ちた", "サーバ"),
        ("サーバが落ちた", "サーバー"),
        ("ｻｰﾊﾞｰが落ちた", "サ－バ－"),
        ("プリンター用", "プリンタ"),
        ("システムエラーが出た", "エラー"),
        ("システムエラが出た", "ｼｽﾃﾑｴﾗｰ"),
        ("ﾊｰﾄﾞｺﾋﾟｰ機", "コピー"),
        ("サーバーが落ちた", "サーバが落ちた"),
        ("サーバが落ち、プリンターも", "サーバーが落ちプリンタも"),
        ("か゛くせい", "がくせい"),
        ("髙橋様、渡邉様、齋藤様", "高橋"),
        ("高橋様、渡辺様、斉藤様", "渡邊"),
        ("斎藤様", "齊藤"),
        ("霞ヶ関", "霞ケ関"),
        ("Ünïcödé naïve", "unicode"),
        ("resume", "résumé"),
        ("Ørsted A/S", "orsted"),
        ("안녕하세요 주문", "주문"),
        ("한글", "\u1112\u1161\u11ab"),
        ("สั่งซื้อสินค้าใหม่", "สินค้า"),
        ("طَلَبِيَّة أحمد", "احمد"),
        ("طلبية", "طَلَبِيَّة"),
        ("طلـبـيـة", "طلبية"),
        ("שָׁלוֹם", "שלום"),
        ("よろしく👍🏽", "👍"),
        ("家族👨‍👩‍👧です", "👩"),
        ("①番 ㈱山田", "(株)山田"),
        ("注文番号 AB-1234-56", "AB-1234-56"),
        ("注文番号 AB-1234-56", "ab123456"),
        ("注文番号 AB-1234-56", "1234"),
        ("注文番号 AB123456", "AB-1234-56"),
        ("AB‐1234‐56", "AB-1234-56"),
        ("注文番号AB123456です", "注文番号AB-1234-56"),
        ("TEL 03-1234-5678", "0312345678"),
        ("TEL 03(1234)5678", "03-1234-5678"),
        ("ＴＥＬ０３－１２３４－５６７８", "0312345678"),
        ("葛\U000e0100飾区", "葛飾"),
        ("soft\u00adhyphen", "softhyphen"),
        ("ご注文\nいただいた", "注文いただ"),
    ],
)
def test_it_is_found_however_it_is_written(store: LocalStore, written: str, asked: str) -> None:
    pull(store, new_mail(1, text=written), new_mail(2, text="無関係"))
    assert numbers(store, f'"{asked}"') == [1]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("ビル", "ビール"),
        ("がん", "ガン"),
        ("ヤマダ", "ヤマタ"),
        ("13個", "3個"),
        ("order", "orde"),
        ("カード", "カド"),
        ("мой", "мои"),
        ("AB-1234", "AB-12"),
        ("item-12 だけ", "https://shop.example/item-12"),
        ("番号は 12-34", '"注文 12-34 の件"'),
        ("番号 12-34", '"34 1234"'),
    ],
)
def test_what_is_another_word_is_not_found(store: LocalStore, written: str, asked: str) -> None:
    pull(store, new_mail(1, text=written))
    assert numbers(store, asked) == []


def test_every_field_looks_where_it_says(store: LocalStore) -> None:
    pull(
        store,
        mail_of(1, subject="赤", text="青", cc=(Address("監査 花", "audit@example.net"),), reply_to=(Address("", "form@shop.example"),)),
        mail_of(2, subject="青", text="赤", attachments=(Attachment("見積書 2026-11.PDF", "application/pdf", 9, "2"),)),
    )
    expected = {
        "subject:赤": [1],
        "text:赤": [2],
        "cc:audit@example.net": [1],
        "cc:support": [],
        "to:監査": [1],
        "to:support@example.jp": [2, 1],
        "from:form@shop.example": [1],
        "from:shop.example": [1],
        "file:見積書": [2],
        'file:"見積書 2026-11.pdf"': [2],
        "file:pdf": [2],
        "file:202611": [2],
        "text:202611": [],
        "pdf -file:見積": [],
        "has:attachment": [2],
        "-has:attachment": [1],
        "赤 -subject:赤": [2],
        "from:customer1@example.jp,customer2@example.jp": [],
    }
    assert {text: numbers(store, text) for text in expected} == expected


def test_what_a_mail_carries_can_be_asked_for(store: LocalStore) -> None:
    invitation = Invitation("request", "定例会議", None, location="第三会議室")
    report = DeliveryReport((DeliveryResult("lost@example.net", "failed"),), original_subject="お見積り")
    pull(
        store,
        mail_of(1, invitation=invitation, kind=Kind.CALENDAR),
        mail_of(2, report=report, kind=Kind.BOUNCE),
        mail_of(3, protection=Protection.SIGNED),
        mail_of(4, protection=Protection.ENCRYPTED),
        mail_of(5, kind=Kind.AUTO_REPLY),
        mail_of(6, list_id="news.example.org"),
    )
    for text, number in (
        ("has:invitation", 1),
        ("招待 OR 第三会議室", 1),
        ("has:招待 定例会議", 1),
        ("has:report", 2),
        ("is:bounce lost@example.net", 2),
        ("お見積り", 2),
        ("has:signature", 3),
        ("has:encryption", 4),
        ("is:auto", 5),
        ("is:list", 6),
    ):
        assert numbers(store, text) == [number], text
        assert listed(store, text) == {conversation_of(number)}, text
    assert numbers(store, "invitation") == []  # a trait is no word


def test_comments_are_found_by_what_they_say_and_who_said_it(store: LocalStore) -> None:
    pull(store, new_mail(1, text="特急の件"), new_mail(2), new_mail(3))
    events = [opened(1, 2), arrived(2, 2), recorded(3, conversation_of(2), CommentAdded(CommentId("c"), "先方は特急希望 AB-12"), SATO)]
    events += [opened(4, 3), arrived(5, 3), recorded(6, conversation_of(3), CommentAdded(CommentId("d"), "了解"), TANAKA)]
    store.apply_events(events, epoch=1)
    comments = {
        text: [hit.comment_id for hit in store.search(parse_query(text))] for text in ("comment:特急", "特急", "by:sato", "by:tanaka 特急", "ab12")
    }
    assert comments == {"comment:特急": ["c"], "特急": ["c", None], "by:sato": ["c"], "by:tanaka 特急": [], "ab12": ["c"]}
    assert listed(store, "comment:特急") == {conversation_of(2)}
    assert listed(store, "特急") == {conversation_of(1), conversation_of(2)}
    assert listed(store, "by:sato") == listed(store, "本文 by:sato") == {conversation_of(2)}
    assert listed(store, "-comment:特急") == {conversation_of(1), conversation_of(3)}
    assert listed(store, "has:comment") == {conversation_of(2), conversation_of(3)}
    assert store.search_count(parse_query("特急")) == 2
    (hit,) = store.search(parse_query("comment:特急"))
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["特急"]


def test_the_files_of_comments_are_found_by_their_names(store: LocalStore) -> None:
    pull(store, new_mail(1, files=("契約書.pdf",)), new_mail(2, text="見積書を送ってください"), new_mail(3))
    said = CommentAdded(CommentId("c"), "見てください", files=(CommentFile("見積書_2026.xlsx", 3, "0" * 64),))
    store.apply_events([opened(1, 2), arrived(2, 2), recorded(3, conversation_of(2), said, SATO)], epoch=1)
    found = {text: [hit.comment_id for hit in store.search(parse_query(text))] for text in ("file:見積書", "file:xlsx", "file:契約書", "file:見て")}
    assert found == {"file:見積書": ["c"], "file:xlsx": ["c"], "file:契約書": [None], "file:見て": []}
    assert listed(store, "file:見積書") == {conversation_of(2)}
    assert listed(store, "-file:見積書") == {conversation_of(1), conversation_of(3)}
    assert listed(store, "file:pdf") == {conversation_of(1)}
    assert store.search_count(parse_query("file:見積書")) == 1
    (hit,) = store.search(parse_query("file:見積書"))
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["見積書"]
    # As a damaged index is mended: from what the table holds.
    store.ledger.mend(deep=True)
    assert listed(store, "file:見積書") == {conversation_of(2)}


def test_a_comment_is_found_by_its_words_whatever_else_would_do_and_by_relevance_behind_the_mails(store: LocalStore) -> None:
    pull(store, new_mail(1, text="特急便"), new_mail(2), new_mail(3))
    told = [opened(1, 2), arrived(2, 2), recorded(3, conversation_of(2), CommentAdded(CommentId("c"), "先方は特急希望"), SATO)]
    store.apply_events([*told, recorded(4, conversation_of(2), CommentAdded(CommentId("d"), "電話済み"), SATO)], epoch=1)
    for text, wanted in {
        "特急 OR status:done": ["c"],
        "status:new (特急 OR urgency:urgent)": ["c"],
        "(特急 OR -status:new) -電話": ["c"],
        "特急 subject:件名": [],
        "status:new": [],
        "-特急 OR is:pending": [],
        "-comment:特急": ["d"],
    }.items():
        hits = store.search(parse_query(text), limit=100)
        assert [hit.comment_id for hit in hits if hit.comment_id] == wanted, text
        assert store.search_count(parse_query(text)) == len(hits), text
    best = store.search(parse_query("特急"), order=Order.RELEVANCE)
    assert [hit.comment_id for hit in best] == [None, "c"]
    assert [hit.comment_id for hit in store.search(parse_query("電話"), order=Order.RELEVANCE)] == ["d"]
    assert [row.id for row in store.best(parse_query("特急"), limit=5) or ()] == [conversation_of(1), conversation_of(2)]


def test_days_are_those_of_whoever_asks(store: LocalStore) -> None:
    tokyo = datetime(2026, 1, 10, 9, 0, tzinfo=UTC).astimezone().tzinfo
    noon = datetime(2026, 1, 10, 12, 0, tzinfo=tokyo)
    ages = {1: timedelta(hours=1), 2: timedelta(days=1), 3: timedelta(days=3), 4: timedelta(days=40)}
    pull(store, *(new_mail(number, internaldate=noon - age) for number, age in ages.items()))
    lists = Lists(store._files, lambda: noon)
    expected = {
        "date:today": {1},
        "date:昨日": {2},
        "after:3d": {1, 2, 3},
        "before:today": {2, 3, 4},
        "newer:36h": {1, 2},
        "older:1か月": {4},
        "date:2026-01-09..2026-01-10": {1, 2},
        "date:..2025-12": {4},
        "date:2026": {1, 2, 3},
        "本文 before:2026": {4},
    }
    for text, wanted in expected.items():
        page = lists.page(parse_query(text), limit=9, after=None, before=None, from_end=False)
        assert {row.id for row in page.rows} == {conversation_of(number) for number in wanted}, text


def test_a_mailbox_and_what_was_sent_can_be_asked_for(store: LocalStore) -> None:
    pull(store, new_mail(1))
    pull(store, new_mail(2), mailbox="保存箱")
    pull(store, new_mail(3), mailbox="Sent Items", outgoing=True)
    for text, wanted in (
        ("in:INBOX", [1]),
        ("in:inbox", [1]),
        ("in:保存箱", [2]),
        ("in:sent", [3]),
        ("is:sent", [3]),
        ("in:support", [3, 2, 1]),
        ("in:gone", []),
    ):
        assert numbers(store, text) == wanted, text
        assert listed(store, text) == {conversation_of(number) for number in wanted}, text
    assert store.mailbox_names() == ("INBOX", "Sent Items", "保存箱")


def test_by_relevance_the_subject_says_more_than_the_text_and_yesterday_more_than_years_ago(store: LocalStore) -> None:
    year = 365 * 86_400
    pull(
        store,
        new_mail(1, "返品について", "詳細", internaldate=at(0)),
        new_mail(2, "別件", "返品の話も少し", internaldate=at(60)),
        new_mail(3, "別件", "返品 返品 返品 返品", internaldate=at(120)),
        new_mail(4, "別件", "返品の話も少し", internaldate=at(0) - timedelta(seconds=3 * year)),
    )
    assert numbers(store, "返品") == [3, 2, 1, 4]
    assert numbers(store, "返品", order=Order.RELEVANCE) == [1, 3, 2, 4]


def test_hits_are_counted_no_further_than_anybody_reads(store: LocalStore) -> None:
    pull(store, *(new_mail(number) for number in range(1, 31)))
    assert store.search_count(parse_query("本文"), most=10) == 11
    assert store.search_count(parse_query("本文"), most=30) == 30
    assert store.count(parse_query("本文"), most=10) == 11
    assert store.count(parse_query("本文 is:tray"), most=100) == 30


def test_addresses_are_known_by_their_beginning_the_latest_first(store: LocalStore) -> None:
    pull(
        store,
        mail_of(1, from_=(Address("山田 花子", "hanako@example.jp"),)),
        mail_of(2, from_=(Address("Hans", "hans@example.jp"),)),
        mail_of(3, from_=(Address("YAMADA Hanako", "Hanako@example.jp"),)),
    )
    pull(store, mail_of(4, to=(Address("", "written.to@example.jp"),)), mailbox="Sent", outgoing=True)
    assert [one.address for one in store.known_addresses("han")] == ["hanako@example.jp", "hans@example.jp"]
    assert [one.name for one in store.known_addresses("yama")] == ["YAMADA Hanako"]
    assert [one.address for one in store.known_addresses("writ")] == ["written.to@example.jp"]
    assert [one.address for one in store.known_addresses("")] == ["Hanako@example.jp", "hans@example.jp", "hanako@example.jp"]
    assert store.known_addresses("zz") == ()
    assert len(store.known_addresses("", 1)) == 1


@pytest.mark.parametrize("typed", ["はなこ", "ハナコ", "ﾊﾅｺ", "ｈａｎａ", "ささき", "佐々", "ササキ ハ"])
def test_a_name_is_found_by_any_of_its_words_in_whichever_kana_and_width(store: LocalStore, typed: str) -> None:
    names = ("ササキ　ハナコ", "ささき はなこ", "株式会社サンプル 佐々木 花子", "SASAKI Hanako", "田中 太郎")
    pull(store, *(mail_of(number, from_=(Address(name, f"x{number}@example.jp"),)) for number, name in enumerate(names, 1)))
    found = [one.name for one in store.known_addresses(typed)]
    assert found
    assert set(found) <= ({"SASAKI Hanako"} if typed == "ｈａｎａ" else {names[2]} if typed == "佐々" else {names[0], names[1]})
    assert len(found) == (1 if typed in {"ｈａｎａ", "佐々"} else 2)


def test_who_the_team_writes_to_comes_before_who_only_wrote(store: LocalStore) -> None:
    pull(store, mail_of(1, to=(Address("田中 花子", "Old@partner.example"),)), mailbox="Sent", outgoing=True)
    pull(store, *(mail_of(number, from_=(Address("田中 通信", f"news{number}@ads.example"),)) for number in range(2, 6)))
    found = [one.address for one in store.known_addresses("田中")]
    assert found == ["old@partner.example", "news5@ads.example", "news4@ads.example", "news3@ads.example", "news2@ads.example"]


def test_a_search_that_nobody_waits_for_any_more_gives_way(store: LocalStore) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    running = store.ask(lambda: store._files.read(lambda connection: connection.value(endless)))
    wait_until(running.running, "the outdated search runs")
    wait_until(lambda: not running.cancel() and running.done(), "it gives way")
    assert isinstance(running.exception(), ReadGivenUp)
    assert store.ask(lambda: store.count(parse_query(""))).result(timeout=30) == 0


def test_a_home_is_searched_without_opening_the_rest_of_its_store(store: LocalStore, home) -> None:
    pull(store, new_mail(1, text="特急便"))
    finder = open_finder(home)
    try:
        (hit,) = finder.search(parse_query("特急"))
        assert (hit.message_id, hit.snippet) == (message_id_of(1), "特急便")
        assert finder.search_count(parse_query("特急")) == 1
        assert finder.me() is None
        assert not isinstance(finder, LocalStore)
    finally:
        finder.close()


def test_a_status_of_the_teams_own_is_understood_where_only_a_search_is_opened(store: LocalStore, home, capfd) -> None:
    pull(store, new_mail(1), new_mail(2))
    own = Status(StatusKey("interim"), Category.OPEN, "つなぎ（済）", "Interim reply sent", "i", 25)
    moved = recorded(3, conversation_of(1), StatusChanged(StatusKey("new"), own.key, own_category=Category.OPEN), SATO)
    store.apply_events([recorded(1, None, StatusSaved(own)), opened(2, 1), moved], epoch=1)
    finder = open_finder(home)
    try:
        for asked in ("状態：“つなぎ（済）”", 'status:"interim reply sent",done', "status:interim -status:new"):
            assert answer(Output(json=True), finder, Asked(asked)) == 1, asked
            assert message_id_of(1) in capfd.readouterr().out
        with pytest.raises(QueryError):
            answer(Output(json=True), finder, Asked("status:unknown"))
    finally:
        finder.close()


def test_a_home_without_a_store_gets_one_to_be_searched(tmp_path) -> None:
    finder = open_finder(tmp_path / "new")
    assert finder.search(parse_query("x")) == ()
    finder.close()
