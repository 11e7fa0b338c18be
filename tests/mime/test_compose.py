"""A reply leaves as it was written, and nothing that somebody typed becomes a header."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.mime.answering import quote, reply_subject
from mailsync.mime.compose import OutgoingFile, compose_reply
from mailsync.mime.errors import ComposeError, PartMissing
from mailsync.mime.hash import content_sha256
from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from store.domain.ids import MessageId
from store.domain.message import Address

SUPPORT = Address("株式会社金物屋 サポート窓口", "support@example.jp")
CUSTOMER = Address("山田, 花子", "hanako.yamada@example.com")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9)))
REPLY_ID = MessageId("<01.abcd.mado@example.jp>")

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Zl", "Zp"]), max_size=300)
BODY = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff"), max_size=2_000)


def reply(**changes: object) -> bytes:
    """A reply to the customer, with some things different."""
    given_ = {
        "from_": SUPPORT,
        "to": [CUSTOMER],
        "subject": "Re: 返品",
        "body": "山田様\n\nお世話になっております。",
        "message_id": REPLY_ID,
        "date": NOON,
    }
    return compose_reply(**{**given_, **changes})


def test_a_japanese_reply_reads_back_as_it_was_written() -> None:
    chain = (MessageId("<1@example.com>"), MessageId("<2@example.com>"))
    message = parse_message(reply(cc=[Address("", "a..b@example.net")], in_reply_to=chain[1:], references=chain))
    assert (message.from_, message.to, message.cc) == ((SUPPORT,), (CUSTOMER,), (Address("", "a..b@example.net"),))
    assert (message.subject, message.text) == ("Re: 返品", "山田様\n\nお世話になっております。")
    assert (message.message_id, message.in_reply_to, message.references, message.date) == (REPLY_ID, chain[1:], chain, NOON)
    assert message.warnings == ()


@given(subject=TEXT, name=TEXT.filter(lambda name: not name.strip().startswith('"')), body=BODY)
@settings(max_examples=100, deadline=None)
def test_any_text_reads_back_as_it_was_typed(subject: str, name: str, body: str) -> None:
    raw = reply(subject=subject, from_=Address(name.strip(), "support@example.jp"), body=body)
    message = parse_message(raw)
    assert message.subject == subject.strip()
    assert " ".join(message.from_[0].name.split()) == " ".join(name.split())  # white space in a name collapses
    assert message.text == body.strip("\n")


@given(subject=TEXT, name=TEXT, body=BODY)
@settings(max_examples=60, deadline=None)
def test_every_line_is_short_and_ends_in_crlf(subject: str, name: str, body: str) -> None:
    raw = reply(subject=subject, to=[Address(name, "a@example.com")] * 20, body=body)
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "x\r\nBcc: thief@example.net"},
        {"subject": "x\nBcc: thief@example.net"},
        {"subject": "a\x00b"},
        {"subject": "a\u2028b"},
        {"to": [Address("x\r\nBcc: thief@example.net", "a@example.com")]},
        {"to": [Address("", "a@example.com\r\nBcc: thief@example.net")]},
        {"to": [Address("", "a@example.com>, <thief@example.net")]},
        {"to": [Address("", "a b@example.com")]},
        {"to": [Address("", "no address")]},
        {"bcc": [Address("", "a@exa mple.com")]},
        {"to": []},
        {"message_id": MessageId("<a>\r\nBcc: thief@example.net")},
        {"references": [MessageId("no brackets")]},
        {"attachments": [OutgoingFile('a"\r\nX: y', "text/plain", b"")]},
    ],
)
def test_nothing_typed_becomes_a_header(change: dict[str, object]) -> None:
    with pytest.raises(ComposeError):
        reply(**change)


def test_a_hidden_recipient_appears_nowhere() -> None:
    assert b"boss" not in reply(bcc=[Address("Boss", "boss@example.jp")])


def test_attachments_arrive_whole_under_their_names() -> None:
    long_name = "とても長い名前の見積書" * 12 + ".pdf"
    files = [OutgoingFile(long_name, "application/pdf", bytes(range(256)) * 9), OutgoingFile('a "b".txt', "text/plain", b"From x\n.\n")]
    raw = reply(attachments=[*files, OutgoingFile("mail.eml", "message/rfc822", b"Subject: x\r\n\r\n")])
    message = parse_message(raw)
    assert [each.name for each in message.attachments] == [long_name, 'a "b".txt', "mail.eml"]
    assert [part_bytes(raw, each.part) for each in message.attachments[:2]] == [file.content for file in files]
    assert message.text.startswith("山田様")
    with pytest.raises(PartMissing):
        part_bytes(raw, "9.9")


def test_the_same_reply_is_the_same_bytes() -> None:
    assert reply() == reply()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("返品", "Re: 返品"),
        ("Re: 返品", "Re: 返品"),
        ("RE: Re[2]: re : 返品", "Re: 返品"),
        ("ＲＥ：返品", "Re: 返品"),
        ("返信: 返品", "Re: 返品"),
        ("Fwd: 返品", "Re: Fwd: 返品"),
        ("Re: Fwd: x", "Re: Fwd: x"),
        ("Report", "Re: Report"),
        ("", "Re:"),
    ],
)
def test_re_stands_once_before_a_subject(subject: str, expected: str) -> None:
    assert reply_subject(subject) == expected


def test_a_quote_marks_every_line_and_says_whose_it_is() -> None:
    message = parse_message(reply(body="one\n\n> two\n"))
    assert quote(message, "山田様:") == "山田様:\n> one\n>\n>> two"


def test_the_watcher_and_the_client_compute_the_same_hash() -> None:
    raw = reply()
    header = raw[: raw.index(b"\r\n\r\n") + 4]
    fetched = b"".join(line + b"\r\n" for line in header.split(b"\r\n") if line.startswith((b"From", b"Subject", b"Date", b"Message-ID", b" ")))
    assert content_sha256(raw, 999) == content_sha256(header, 999) == content_sha256(fetched + b"\r\n", 999)
    assert content_sha256(raw, 999) != content_sha256(raw, 998)
    assert content_sha256(raw, 999) != content_sha256(reply(subject="other"), 999)


def test_a_date_in_utc_reads_back() -> None:
    assert parse_message(reply(date=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))).date == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
