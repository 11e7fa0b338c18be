"""Texts people write: merge fields, the send check, mentions, templates."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from store.domain.commands import SaveTemplate, WithdrawTemplate
from store.domain.context import Context
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.field_values import FieldOf, FieldValue
from store.domain.mentions import mentions_in
from store.domain.merge_fields import Merged, fields_for, merge
from store.domain.message import Address, Message
from store.domain.people import Role
from store.domain.refusals import Malformed, NotAllowed
from store.domain.send_check import SENTENCES, address_of, check_draft, has_errors
from store.domain.team import decide_team
from store.domain.template import Template
from tests.domain.play import GUEST, ID, SATO, START

NAMES = {"sato": "佐藤 一郎", "tanaka": "田中 花子", "tanaka2": "田中 太郎", "mori": "森", "moriyama": "森山"}
GOOD = Draft(conversation_id=ID, to=("hana@customer.example",), subject="Re: 注文", body="花様\n\nお待たせしました。\n\n> {{in the quote}}\n")


# Merge fields.


def test_a_template_is_merged_for_its_customer():
    fields = {"customer": "花", "agent": "佐藤"}
    assert merge("{{customer}} 様\n{{ agent }}です。", fields) == Merged("花 様\n佐藤です。")


def test_a_field_with_something_to_say_instead_is_never_unresolved():
    assert merge("{{customer|お客様}}へ{{company|}}", {"customer": None}) == Merged("お客様へ")


def test_a_field_nobody_can_fill_stays_and_is_named_once():
    assert merge("{{company}} {{company}} {{nonsense}}", {"company": ""}) == Merged("{{company}} {{company}} {{nonsense}}", ("company", "nonsense"))


def test_braces_in_a_customers_name_are_only_text():
    assert merge("{{customer}}", {"customer": "{{agent}}", "agent": "佐藤"}).text == "{{agent}}"


@given(st.text())
def test_a_text_without_fields_is_left_as_it_is(text):
    assert merge(text.replace("{", ""), {}).text == text.replace("{", "")


def test_the_fields_know_customer_agent_number_and_date_in_both_languages():
    message = Message(None, "", (Address("花\r\nBcc: x", "hana@x.example"),), (), (), (), None, (), (), "")
    fields = fields_for(Conversation(ID, number=12), message, "佐藤", "サポート窓口", datetime(2026, 3, 2, tzinfo=UTC))
    assert (fields["customer"], fields["氏名"], fields["担当者"], fields["番号"]) == ("花 Bcc: x", "花 Bcc: x", "佐藤", "12")
    assert (fields["date"], fields["日付"], fields["会社名"], fields["窓口"]) == ("2026-03-02", "2026年3月2日", None, "サポート窓口")


def test_without_a_message_the_customer_is_the_conversations():
    fields = fields_for(Conversation(ID, customer_name="花"), None, "", "", START)
    assert (fields["customer"], fields["agent"], fields["number"]) == ("花", None, None)


# The send check.


def test_a_good_draft_has_no_findings():
    assert check_draft(GOOD, {"support@example.jp"}) == ()


@pytest.mark.parametrize(
    ("change", "code", "severity", "where", "line", "column"),
    [
        ({"to": ()}, "no_recipient", "error", "to", 1, 1),
        ({"cc": ("ok@x.example", "not an address")}, "bad_address", "error", "cc", 2, 1),
        ({"to": ("Support@example.jp",)}, "to_ourselves", "warning", "to", 1, 1),
        ({"subject": " "}, "empty_subject", "warning", "subject", 1, 1),
        ({"body": "\n> quoted\n"}, "empty_body", "error", "body", 1, 1),
        ({"body": "\n> quoted\n", "kind": DraftKind.FORWARD}, "empty_body", "warning", "body", 1, 1),
        ({"body": "花様\n  {{company}}"}, "unresolved_field", "error", "body", 2, 3),
        ({"subject": "{{number}}"}, "unresolved_field", "error", "subject", 1, 1),
    ],
)
def test_what_is_wrong_is_found_where_it_is(change, code, severity, where, line, column):
    (found,) = check_draft(replace(GOOD, **change), {"support@example.jp"})
    assert (found.code, found.severity, found.where, found.line, found.column) == (code, severity, where, line, column)
    assert has_errors([found]) == (severity == "error")
    assert found.code in SENTENCES
    assert "{" not in found.sentence or "{{" in found.sentence


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("hana@x.example", "hana@x.example"),
        ("花 <hana@x.example>", "hana@x.example"),
        ('"Hana, A." <hana@x.example>', "hana@x.example"),
        ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ("a@日本語.jp", "a@日本語.jp"),
        ("hana", None),
        ("hana@localhost", None),
        ("a@b@c.example", None),
        ("a b@c.example", None),
        ("<a@b.example", None),
        ("a@x.example\r\nBcc: b@y.example", None),
        ("a@-x.example", None),
        ("x" * 250 + "@y.example", None),
        ("", None),
    ],
)
def test_an_address_is_one_that_mail_can_be_sent_to(text, address):
    assert address_of(text) == address


# Mentions.


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@sato お願いします", ("sato",)),
        ("＠Sato。", ("sato",)),
        ("@satoさん", ("sato",)),
        ("確認を@佐藤さん", ("sato",)),
        ("@佐藤一郎", ("sato",)),
        ("@田中", ("tanaka", "tanaka2")),
        ("@tanaka2 @tanaka", ("tanaka2", "tanaka")),
        ("@森山さん", ("moriyama",)),
        ("@森さん", ("mori",)),
        ("@all @全員", ("all",)),
        ("sato@tanaka.example", ()),
        ("@tanaka.example", ()),
        ("@satomi", ()),
        ("@", ()),
    ],
)
def test_whoever_is_named_is_meant(text, meant):
    assert mentions_in(text, NAMES) == meant


def test_keys_alone_will_do():
    assert mentions_in("@sato @佐藤", ["sato"]) == ("sato",)


# Templates.


def template(**changes):
    return replace(Template("返信/お詫び", "お詫び", "申し訳ございません。"), **changes)


def test_each_saved_template_is_the_next_version_and_no_change_is_none():
    context = Context(actor=SATO, now=START)
    (first,) = decide_team(SaveTemplate(template(version=9)), {}, context)
    assert first.template.version == 1
    known = {first.template.key: first.template}
    assert decide_team(SaveTemplate(template()), known, context) == ()
    (second,) = decide_team(SaveTemplate(template(body="深くお詫びします。")), known, context)
    assert second.template.version == 2
    (gone,) = decide_team(WithdrawTemplate(second.template.key), {second.template.key: second.template}, context)
    assert gone.template.withdrawn
    assert decide_team(WithdrawTemplate(second.template.key), {second.template.key: gone.template}, context) == ()
    (back,) = decide_team(SaveTemplate(second.template), {second.template.key: gone.template}, context)
    assert not back.template.withdrawn


def test_guests_and_newcomers_keep_no_templates_and_an_empty_one_is_none():
    for actor in (GUEST, replace(SATO, role=Role.CHECKED), replace(SATO, active=False)):
        assert decide_team(SaveTemplate(template()), {}, Context(actor=actor, now=START)) == NotAllowed("leader")
    assert isinstance(decide_team(SaveTemplate(template(body=" ")), {}, Context(actor=SATO, now=START)), Malformed)
    assert isinstance(decide_team(WithdrawTemplate("none"), {}, Context(actor=SATO, now=START)), Malformed)


# Dates, and fields of the team's own.


def fields(name="佐藤 花子", address="hana@Shop.example", own=(), now=datetime(2026, 11, 27, 15, tzinfo=UTC)):
    message = Message(None, "", (Address(name, address),), (), (), (), None, (), (), "")
    return fields_for(Conversation(ID, inbox="support"), message, "田中", "窓口", now, {one.id: one for one in own}, "tanaka")


def test_dates_are_reckoned_in_business_days_and_holidays_are_the_teams():
    told = fields()
    assert (told["date+3"], told["日付 + 3"], told["期日＋1"], told["曜日"], told["weekday-1"]) == (
        "2026-12-02", "2026年12月2日", "11月30日（月）", "金曜日", "Thursday",
    )  # fmt: skip
    assert fields(own=[FieldValue("休業日", "2026-11-30, 2026-12-01")])["date+1"] == "2026-12-02"
    assert merge("{{date+1}}まで {{date+9999}}", told) == Merged("2026-11-30まで {{date+9999}}", ("date+9999",))


def test_the_family_name_is_known_where_it_can_be_told():
    assert fields()["姓"] == "佐藤"
    assert [fields(name)["姓"] for name in ("佐藤花子", "Hanako Sato", "")] == [None, None, None]


def test_the_most_particular_value_of_a_field_counts():
    everybodys, ours, mine = (
        FieldValue("電話", "代表"),
        FieldValue("電話", "窓口直通", FieldOf.INBOX, "support"),
        FieldValue("電話", "内線", FieldOf.MEMBER, "tanaka"),
    )
    assert [fields(own=own)["電話"] for own in ([everybodys], [everybodys, ours], [mine, ours, everybodys])] == ["代表", "窓口直通", "内線"]
    assert fields(own=[FieldValue("電話", "x", FieldOf.INBOX, "sales")]).get("電話") is None


def test_a_company_is_known_by_the_domain_of_its_people():
    known = fields(own=[FieldValue("会社名", "花商店", FieldOf.DOMAIN, "shop.example")])
    assert (known["company"], known["会社名"], known["部署"]) == ("花商店", "花商店", None)


def test_what_an_agent_types_counts_before_all_else():
    assert merge("{{customer}}{{date}}", fields().with_values({"customer": "花"})).text == "花2026-11-27"
