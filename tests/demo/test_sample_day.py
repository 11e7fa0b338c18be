"""The sample day is believable, the same every time, and mails nobody who exists."""

import re
from collections import Counter
from datetime import UTC, datetime

from mailsync.demo.cast_words import NEW_MAIL
from mailsync.demo.sample_day import sample_day
from mailsync.demo.templates import TEMPLATES
from mailsync.mime.parse import parse_message
from store.domain.merge_fields import merge
from store.domain.message import Kind

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
DAY = sample_day(NOW)
INBOX = [parse_message(mail.raw) for mail in DAY.inbox]
SENT = [parse_message(mail.raw) for mail in DAY.sent]


def test_a_day_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert sample_day(NOW) == DAY
    assert sample_day(NOW, seed=2) != DAY


def test_there_are_about_150_mails_in_both_languages_and_none_from_the_future() -> None:
    assert 130 <= len(INBOX) + len(SENT) <= 170
    assert all(mail.at <= NOW for mail in (*DAY.inbox, *DAY.sent))
    assert 15 <= sum(message.subject.isascii() for message in INBOX) <= 40
    assert [mail.at for mail in DAY.inbox] == sorted(mail.at for mail in DAY.inbox)


def test_every_mail_is_read_without_a_guess() -> None:
    assert [message.warnings for message in (*INBOX, *SENT) if message.warnings] == []
    assert all(message.text and message.subject and message.from_[0].address for message in (*INBOX, *SENT))


def test_every_sort_of_mail_is_there() -> None:
    kinds = Counter(message.kind for message in INBOX)
    assert kinds[Kind.BOUNCE] == 1
    assert kinds[Kind.AUTO_REPLY] >= 2
    assert kinds[Kind.LIST] >= 2
    raw = b"".join(mail.raw for mail in DAY.inbox)
    assert all(label in raw for label in (b"charset=iso-2022-jp", b"charset=shift_jis", b"charset=utf-8", b"charset=iso-8859-1", b"text/html"))
    assert sum(bool(message.attachments) for message in INBOX) >= 5
    assert any("①" in message.subject and "㈱" in message.from_[0].name for message in INBOX)


def test_answers_join_what_they_answer() -> None:
    known = {message.message_id for message in (*INBOX, *SENT)}
    assert len(known) == len(INBOX) + len(SENT)
    answers = [message for message in (*INBOX, *SENT) if message.in_reply_to]
    assert len(answers) >= 40
    assert all(set(message.references) <= known for message in answers)


def test_nobody_who_exists_can_get_a_mail() -> None:
    text = b"".join(mail.raw for mail in (*DAY.inbox, *DAY.sent)) + "".join(f"{story.who} {story.text}" for story in NEW_MAIL).encode()
    domains = {domain.decode().lower() for domain in re.findall(rb"[\w.]@([\w.-]+\.[a-z]+)", text)}
    assert {domain for domain in domains if not re.search(r"(^|\.)example\.(jp|com|net|org)$", domain)} == set()


def test_every_template_merges_for_a_known_customer() -> None:
    fields: dict[str, str | None] = {"customer": "山田", "agent": "佐藤", "number": "7", "date": "2026-11-24", "日付": "11月24日"}
    assert [merge(template.body, fields).unresolved for template in TEMPLATES] == [()] * len(TEMPLATES)
