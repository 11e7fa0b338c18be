"""What stands above a mail's text besides who and when; and how far a sync is, in words."""

import re
from datetime import timedelta

import msgspec
import pytest

import tui.words
from store.domain.ids import MessageId
from store.domain.message import Address, DeliveryReport, DeliveryResult, Invitation, Kind, Protection
from store.domain.thread_evidence import By, ThreadEvidence
from tests.tui.home_builder import NOON
from tests.tui.test_reading_view import Mail, mail, text_of
from tui.view.overheard import INSTEAD_OF_TEXT
from tui.view.progress import progress_words
from tui.view.reading import conversation_lines, message_lines


def test_an_invitation_stands_above_the_text_with_time_and_place() -> None:
    meeting = Invitation("request", "定例会議", NOON + timedelta(days=9), location="第二会議室", organizer=Address("山田", "y@x.example"))
    said = text_of([mail("text below", kind=Kind.CALENDAR, invitation=meeting)])
    assert said.index("定例会議") < said.index("第二会議室") < said.index("山田 <y@x.example>", said.index("第二会議室")) < said.index("text below")


def test_a_delivery_report_says_for_whom_why_and_how_to_get_to_the_mail() -> None:
    results = (DeliveryResult("nobody@x.example", "failed", "5.1.1", "550 User unknown"),)
    said = text_of([mail(kind=Kind.BOUNCE, report=DeliveryReport(results, MessageId("<1@x>"), "our answer"))])
    assert "nobody@x.example" in said
    assert "there is no such address" in said
    assert "our answer" in said
    assert "o goes to the mail" in said
    assert "o goes to" not in text_of([mail(report=DeliveryReport(results))])


@pytest.mark.parametrize(
    ("action", "words"),
    [("delivered", "[delivery report]"), ("delayed", "[delivery delayed]"), ("failed", "[delivery failed]"), ("", "[delivery failed]")],
)
def test_only_a_report_of_a_failure_is_headed_as_one(action: str, words: str) -> None:
    results = (DeliveryResult("a@x.example", action, "", ""),)
    assert words in text_of([mail(kind=Kind.BOUNCE, report=DeliveryReport(results))])


@pytest.mark.parametrize(("protection", "words"), [(Protection.SIGNED, "not verified"), (Protection.ENCRYPTED, "cannot be read here")])
def test_protection_is_said_and_nothing_is_claimed(protection: Protection, words: str) -> None:
    assert words in text_of([mail(protection=protection)])


@pytest.mark.parametrize("raw_words", INSTEAD_OF_TEXT)
def test_what_stands_instead_of_an_encrypted_text_is_japanese_and_the_text_around_it_stays(raw_words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_LANG", "ja")
    monkeypatch.setattr(tui.words, "_translation", None)
    said = text_of([mail(f"see:\n{raw_words}\nit is empty", protection=Protection.ENCRYPTED)], width=200)
    assert "ここでは読めません（ソースには残っています）" in said
    assert raw_words not in said
    assert "it is empty" in said


def test_a_mailing_list_is_named() -> None:
    assert "[mailing list  users.example.org]" in text_of([mail(list_id="users.example.org", kind=Kind.LIST)])


def test_some_remarks_are_shown_and_the_way_to_all_of_them() -> None:
    said = text_of([mail(warnings=tuple(f"remark {number}." for number in range(5)))])
    assert "remark 2." in said
    assert "remark 3." not in said
    assert "2 more remarks (H shows them)" in said


@pytest.mark.parametrize("sentence", INSTEAD_OF_TEXT)
def test_an_encrypted_mail_says_so_once(sentence: str) -> None:
    assert text_of([mail(sentence, protection=Protection.ENCRYPTED)], width=200).count("ncrypted") == 1


def test_of_many_recipients_it_is_said_how_many_are_not_shown() -> None:
    def head(count: int, width: int) -> list[str]:
        to = tuple(Address(f"担当{number}", f"p{number}@example.jp") for number in range(count))
        return [line.text for line in message_lines(Mail(msgspec.structs.replace(mail().message, to=to, subject="件名")), 0, width, NOON)]

    lines = head(60, 80)
    at = next(index for index, each in enumerate(lines) if "件名" in each)
    shown = " ".join(lines[1:at])
    assert at == 4
    found = re.search(r"(\d+) more \(H shows them\)", " ".join(shown.split()))
    assert found
    assert shown.count("@") + int(found[1]) == 60
    assert "more" not in " ".join(head(5, 80))
    assert "1 more" not in " ".join(head(1, 20))
    assert len(head(5_000, 30)) == len(head(60, 30))


def test_why_a_mail_is_here_stands_beside_its_time_where_there_is_room() -> None:
    shown = Mail(mail().message, evidence=ThreadEvidence(By.REFERENCES, n=3))
    assert "by References #3" in text_of([shown])
    assert "by References" not in text_of([shown], width=30)
    assert "by" not in text_of([mail()]).splitlines()[0]


def test_a_mail_that_another_inbox_has_too_says_so_in_its_head() -> None:
    assert "[also in sales]" in "\n".join(line.text for line in message_lines(mail(), 0, 80, NOON, also_in="also in sales"))


def test_another_charset_is_said_and_how_to_change_it() -> None:
    assert "read in koi8-r; C" in "\n".join(line.text for line in message_lines(mail(), 0, 80, NOON, charset="koi8-r"))


def test_attachments_are_numbered_through_the_conversation() -> None:
    from store.domain.message import Attachment

    two = (Attachment("a.pdf", "application/pdf", 1, "2"), Attachment("b.pdf", "application/pdf", 1, "3"))
    said = text_of([mail(attachments=two), mail(), mail(attachments=two)])
    assert [f"[{number}]" in said for number in range(1, 6)] == [True, True, True, True, False]


@pytest.mark.parametrize("width", [10, 24, 40])
def test_no_extra_line_is_wider_than_its_pane(width: int) -> None:
    meeting = Invitation("request", "長い" * 60, NOON, location="場所" * 40)
    busy = mail(invitation=meeting, list_id="l" * 90, protection=Protection.ENCRYPTED)
    assert all(line.columns <= max(width, 24) for line in conversation_lines([busy], width, NOON))


def test_nothing_in_an_invitation_or_a_report_steers_the_terminal() -> None:
    results = (DeliveryResult("\x1b[2Ja@x", "failed", "5.1.1\x9b", "\x1b]0;t\x07"),)
    meeting = Invitation("request", "\x1b[2J", NOON, location="\x9b31m", repeats="\x07")
    said = text_of([mail(invitation=meeting, report=DeliveryReport(results, MessageId("<1@x>"), "\x1b"), list_id="\x1b")])
    assert not [each for each in said if each != "\n" and (ord(each) < 32 or 0x7F <= ord(each) < 0xA0)]


def test_a_long_sync_has_a_bar_and_says_how_long_it_will_take() -> None:
    assert progress_words(12_400, 50_000, 118) == "▓░░░░░░░ 12,400 / 50,000  2m left"
    assert progress_words(40_000, 50_000, None) == "▓▓▓▓▓▓░░ 40,000 / 50,000"
    assert progress_words(0, 50_000, 8_000).endswith("3h left")
    assert progress_words(49_990, 50_000, 0.4).endswith("5s left")
    assert progress_words(3, 100, 9) == "mail 3/100"
    assert progress_words(50_000, 50_000, None) == ""
