"""The first 64 KiB of any bounce say which mail came back, for whom and why."""

import pytest

from mailsync.mime.carried.report import envelope_id, message_id_in_envelope
from mailsync.mime.report_of import report_of
from store.domain.ids import MessageId
from tests.mime.cases_bounces import CASES


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if "results" in expected])
def test_whoever_reads_only_the_beginning_knows_the_same(name: str) -> None:
    raw, expected = CASES[name]
    report = report_of(raw + b"x" * 100_000)
    assert [(result.recipient, result.action, result.status) for result in report.results] == expected["results"]


def test_a_report_that_returns_nothing_is_known_by_its_envelope() -> None:
    ours = MessageId("<a+b=c.1@desk.example.jp>")
    sent_as = envelope_id(ours)
    assert sent_as == "a+2Bb+3Dc.1@desk.example.jp"
    raw = (
        b"From: MAILER-DAEMON@mx.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\nOriginal-Envelope-Id: "
        + sent_as.encode()
        + b"\r\n\r\nFinal-Recipient: rfc822; a@x.jp\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    assert report_of(raw).original_message_id == ours


def test_an_envelope_of_another_program_names_no_mail() -> None:
    assert message_id_in_envelope("QQ314159") is None
    assert envelope_id(MessageId(f"<{'x' * 120}@example.jp>")) is None
