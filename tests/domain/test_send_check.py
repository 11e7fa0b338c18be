"""The send check, check by check: where a finding is, what it is not taken in by, and that it explains itself."""

import statistics
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from store.domain.checks.draft_text import DraftText
from store.domain.checks.explained import EXPLAINED
from store.domain.checks.facts import Attached, Facts
from store.domain.checks.language import language_of, newest_language
from store.domain.checks.naming import companies_in, personal
from store.domain.checks.wording import folded
from store.domain.draft import Draft
from store.domain.house_words import HouseWord
from store.domain.ids import ConversationId, InboxKey
from store.domain.message import Address
from store.domain.send_check import BY_CODE, CHECKS, check, explain

SATO = Address("佐藤 花子", "sato@aoi.example")
FACTS = Facts(own_addresses=frozenset({"support@example.jp"}), people=(SATO,), today=date(2026, 11, 28))
DRAFT = Draft(conversation_id=ConversationId("c"), to=("佐藤 花子 <sato@aoi.example>",), subject="注文")


def found(body, facts=FACTS, **changes):
    return check(replace(DRAFT, body=body, **changes), facts)


def test_every_code_explains_itself_and_is_in_the_table_once():
    assert [one.code for one in CHECKS] == list(dict.fromkeys(one.code for one in CHECKS))
    assert set(BY_CODE) == set(EXPLAINED)
    for one in CHECKS:
        assert all((one.explained.sentence, one.explained.reason, one.explained.remedy)), one.code
    assert explain("attachment_missing").severity == "error"
    assert explain("nonsense") is None


@pytest.mark.parametrize(
    ("body", "code", "line", "column", "said"),
    [
        ("佐藤様\n\n  見積書を添付いたします。", "attachment_missing", 3, 7, "添付"),
        ("佐藤様\n納期は12月4日(木)です。", "wrong_weekday", 2, 4, "12月4日(木)"),
        ("佐藤様\n１２月４日（木）です。", "wrong_weekday", 2, 1, "１２月４日（木）"),
        ("佐藤様\n\n〇〇日です。", "template_remnant", 3, 1, "〇〇"),
        ("佐藤様\n11月31日です。", "impossible_date", 2, 1, "11月31日"),
        ("佐藤様様\n\nお世話になっております。", "honorific_doubled", 1, 3, "様様"),
        ("佐藤 花子\n\nお世話になっております。", "honorific_missing", 1, 1, "佐藤 花子"),
    ],
)
def test_a_finding_says_where_it_is_in_the_text_as_it_was_typed(body, code, line, column, said):
    (one,) = found(body)
    assert (one.code, one.where, one.line, one.column) == (code, "body", line, column)
    assert body.split("\n")[line - 1][column - 1 : column - 1 + one.length] == said


@pytest.mark.parametrize(
    "below",
    [
        "> 見積書を添付いたします。{{name}} ○○様 11月31日",
        "-- \n鈴木\n添付ファイルをご確認ください",
        "━━━━━━━━\n株式会社まどぐち\n添付ファイルをご確認ください\nTEL 03-0000-0000",
        "-----Original Message-----\n添付ファイルをご確認ください。○○様",
        "差出人: 佐藤\n送信日時: 2026年11月31日\n\n添付ファイルをご確認ください。",
        "2026年11月31日 佐藤 花子:\n> 前の文",
        "署名の一行目 ○○様\n署名の二行目 添付ファイルをご確認ください",
    ],
)
def test_quotation_heading_and_signature_are_not_checked(below):
    facts = replace(FACTS, signature="署名の一行目 ○○様\n署名の二行目 添付ファイルをご確認ください")
    assert found(f"佐藤様\n\n承知いたしました。\n\n{below}\n", facts) == ()


def test_a_sentence_over_a_line_s_end_is_read_as_one():
    (one,) = found("佐藤様\n\n見積書を添付\nいたしますのでご確認ください。")
    assert (one.code, one.line, one.column) == ("attachment_missing", 3, 5)


def test_a_year_that_is_not_said_is_the_one_near_today():
    assert found("佐藤様\n1月4日(月)からです。") == ()
    assert found("佐藤様\n1月4日(月)からです。", replace(FACTS, today=date(2026, 5, 1)))[0].code == "wrong_weekday"
    assert found("佐藤様\n2月29日に行います。")[0].code == "impossible_date"
    assert found("佐藤様\n2月29日に行います。", replace(FACTS, today=date(2028, 1, 1))) == ()
    assert found("佐藤様\n11月31日です。", replace(FACTS, today=None)) == ()


def test_what_is_cited_is_nobody_s_slip():
    assert found("佐藤様\n「11月31日」とのご記載ですが、11月30日(月)でよろしいでしょうか。") == ()
    assert found("佐藤様\n「添付資料をご確認ください」というメールにご注意ください。") == ()
    assert found("佐藤様\n件名は「○○の件」とお書きください。https://x.example/2026-11-31") == ()


def test_another_customer_who_is_named_in_this_conversation_is_none():
    others = replace(FACTS, others=("田中 太郎",), other_companies=("株式会社ベツノ",))
    assert [one.code for one in found("田中様\n\n承知いたしました。", others)] == ["other_customer"]
    assert found("田中様\n\n承知いたしました。", replace(others, said="ベツノの田中に代わりました。")) == ()
    assert found("田中様\n\n承知いたしました。", replace(others, own_names=("田中 恵",))) == ()
    assert found("田中様\n\n承知いたしました。", others, to=("田中 太郎 <t@b.example>",)) == ()
    assert [one.code for one in found("佐藤様\n\nベツノ社と株式会社ベツノの件です。", others)] == ["other_name"]
    assert found("佐藤様\n\n株式会社ベツノの件です。", replace(others, said="株式会社ベツノの紹介です")) == ()


def test_the_house_s_words_are_found_however_they_are_written():
    words = (HouseWord("ダメ", "error", "いけません"), HouseWord("asap"), HouseWord("別窓口", "error", inbox=InboxKey("sales")))
    facts = replace(FACTS, words=words, inbox=InboxKey("support"))
    for text, column in (("それはだめです", 4), ("それはﾀﾞﾒです", 4), ("ＡＳＡＰでお願いします", 1)):
        (one,) = found(f"佐藤様\n{text}", facts)
        assert (one.line, one.column) == (2, column)
    (one,) = found("佐藤様\nそれはダメです", facts)
    assert (one.code, one.words) == ("forbidden_word", ("ダメ", "いけません"))
    assert found("佐藤様\nasapple です。別窓口です。\n> ダメ", facts) == ()
    assert found("佐藤様\nダメ", replace(facts, words=(replace(words[0], removed=True),))) == ()


def test_strangers_are_only_named_where_the_address_book_is_known():
    cc = {"cc": ("new@other.example",)}
    assert found("佐藤様\n承知いたしました。", **cc) == ()
    (one,) = found("佐藤様\n承知いたしました。", replace(FACTS, seen=frozenset()), **cc)
    assert (one.code, one.where, one.line, one.words) == ("new_address", "cc", 1, ("new@other.example",))


def test_files_are_named_one_by_one_and_letters_by_their_first_place():
    files = (Attached("a.pdf", None), Attached("b.exe", 9), Attached("c.pdf", 30 * 1024**2))
    codes = [(one.code, one.line) for one in found("佐藤様\n添付いたします。", replace(FACTS, attachments=files))]
    assert codes == [("attachment_gone", 1), ("attachments_too_large", 1), ("attachment_executable", 2)]
    (one,) = found("佐藤様\n髙橋です。①髙", replace(FACTS, unencodable="髙"))
    assert (one.code, one.line, one.column) == ("charset_cannot_hold", 2, 1)


def test_errors_come_first():
    assert [one.severity for one in found("佐藤 花子\n\n12月4日(木)に添付いたします。")] == ["error", "error", "warning"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("お世話になっております。ご確認ください。", "ja"),
        ("Thank you for your order, which will be sent to you tomorrow. Please let us know if it is not right.", "en"),
        ("Vielen Dank für Ihre Nachricht. Wir haben die Rechnung noch einmal an Sie geschickt und bitten um Antwort.", "de"),
        ("Merci pour votre message. Nous avons bien reçu la commande et nous vous répondrons dans les plus brefs délais.", "fr"),
        ("您好，我们已经收到您的订单，明天会为您发货，请您耐心等待，如有问题请联系我们。", "zh"),
        ("안녕하세요. 주문하신 상품은 내일 발송됩니다. 감사합니다.", "ko"),
        ("OK, thanks!", ""),
        ("4711", ""),
    ],
)
def test_a_language_is_known_by_script_and_common_words(text, language):
    assert language_of(text) == language


def test_a_customer_writes_the_language_of_the_newest_mail_that_says_one():
    english = "Thank you for your order, which will be sent to you tomorrow. Please let us know if it is not right."
    assert newest_language(("OK, thanks!", english, "お世話になっております。ご確認ください。")) == "en"
    assert newest_language(("4711", "お願いします")) == "ja"
    assert newest_language(("OK, thanks!",)) == ""


def test_names_of_departments_and_shops_are_no_persons():
    assert personal("佐藤 花子様") == "佐藤 花子"
    assert personal("Laura Green (Northwind)") == "Laura Green"
    assert not any(personal(name) for name in ("サポート窓口", "No-Reply", "info", "株式会社アオイ", "ご担当者様", "a@b.example", "Shop 24"))
    assert companies_in("株式会社アオイ商事 佐藤 / Northwind Trading Ltd") == ("株式会社アオイ商事", "Northwind Trading Ltd")


@given(st.text(), st.text())
def test_no_text_makes_it_fail_and_every_place_is_in_the_text(body, word):
    words = (HouseWord(word.strip() or "x", "error"),)
    facts = replace(FACTS, words=words, others=("田中 太郎",), languages=frozenset({"ja"}), seen=frozenset())
    lines = body.split("\n")
    for one in found(body, facts):
        if one.where == "body":
            assert 1 <= one.line <= len(lines)
            assert 0 <= one.column - 1 <= len(lines[one.line - 1])
            assert one.column - 1 + one.length <= len(lines[one.line - 1])


@given(st.text())
def test_folding_keeps_every_place(text):
    plain, places = folded(text)
    assert len(places) == len(plain) + 1
    assert places == sorted(places)


def test_a_quote_s_heading_in_each_of_our_languages_is_not_ours():
    for heading in ("2026-11-27 10:00 佐藤 花子:", "On 2026-11-27 10:00, Hanako wrote:", "2026年11月27日 佐藤さんは書きました:"):
        assert [line.text for line in DraftText(replace(DRAFT, body=f"本文\n\n{heading}\n> 引用\n")).own] == ["本文"]


def test_two_hundred_lines_beside_two_thousand_customers_take_milliseconds():
    others = tuple(f"{one}{two} {three}" for one in "山川田村木林森高石松" for two in "田本崎野島上下中原井" for three in map(str, range(20)))
    words = tuple(HouseWord(f"禁止語{number}") for number in range(500))
    facts = replace(FACTS, others=others, words=words, said="お世話になっております。" * 3000)
    body = "佐藤様\n" + "お世話になっております。納期は12月4日(金)の予定です。ご不明な点はお知らせください。\n" * 150 + "> 引用です。\n" * 50
    spent = []
    for _ in range(30):
        begun = time.process_time()
        assert found(body, facts) == ()
        spent.append(time.process_time() - begun)
    # 7 ms of processor time when it was written; what is worked out of the long lists once, or is the garbage collector's, is in few runs.
    assert statistics.median(spent) < 0.1, spent


def test_a_name_that_is_a_word_too_is_only_a_word():
    others = replace(FACTS, others=("林 健", "Mark", "Hope Stone"), other_companies=("ヤマト運輸株式会社", "Kestrel Trading Ltd"))
    for text in ("森林健康センターのご案内です。", "Mark it, please, and hope stone dead.", "ヤマト運輸でお送りします。"):
        assert found(f"佐藤様\n\n{text}", others) == (), text
    for text in ("林 健様にもお送りしました。", "Hope Stone has it too.", "ヤマト運輸様にもお送りしました。", "ヤマト運輸株式会社の件です。"):
        assert [one.code for one in found(f"佐藤様\n\n{text}", others)] == ["other_name"], text
