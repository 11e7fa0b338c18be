"""Receipts as mail programs write them: for whom, what was done with the mail, and which mail it was."""

import pytest

from mailsync.mime.parse import parse_message
from mailsync.mime.report_of import report_of
from store.domain.message import DeliveryResult, Kind

OUTLOOK = """Subject: Read: invoice
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain; charset="us-ascii"

Your message was read on Tuesday.
--b
Content-Type: message/disposition-notification

Reporting-UA: mail.example.com; Microsoft Outlook 16.0
Original-Recipient: rfc822;hanako@example.com
Final-Recipient: RFC822; <hanako@example.com>
Original-Message-ID: <r1@desk.test>
Disposition: manual-action/MDN-sent-manually; displayed
X-MSExch-Correlation-Key: abc
--b--
"""
THUNDERBIRD = """Subject: Return Receipt (displayed) - invoice
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain; charset=UTF-8

This is a Return Receipt for the mail that you sent to hanako@example.com.
--b
Content-Type: message/disposition-notification; name="MDNPart2.txt"
Content-Disposition: inline

Reporting-UA: example.com; Thunderbird 128
Final-Recipient: rfc822;hanako@example.com
Disposition: automatic-action/MDN-sent-automatically; deleted/error
--b
Content-Type: text/rfc822-headers; name="MDNPart3.txt"
Content-Disposition: inline

From: support@desk.test
Subject: invoice
Message-ID: <r2@desk.test>
--b--
"""


HEAD = "Message-ID: <m@example.com>\nDate: Tue, 24 Nov 2026 09:00:00 +0900\nFrom: Hanako <hanako@example.com>\nTo: d@desk.test\nMIME-Version: 1.0\n"


def receipt(text: str) -> bytes:
    return (HEAD + text).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(("text", "done", "about"), [(OUTLOOK, "displayed", "<r1@desk.test>"), (THUNDERBIRD, "deleted", "<r2@desk.test>")])
def test_what_a_mail_program_says_of_our_mail_is_read(text: str, done: str, about: str) -> None:
    message = parse_message(receipt(text))
    assert (message.kind, message.warnings) == (Kind.AUTO_REPLY, ())
    assert message.report is not None
    assert (message.report.results, message.report.original_message_id) == ((DeliveryResult("hanako@example.com", done),), about)
    assert report_of(receipt(text)).original_message_id == about


def test_a_word_nobody_knows_is_no_disposition() -> None:
    message = parse_message(receipt(OUTLOOK.replace("; displayed", "; \x1b[2J")))
    assert message.report is not None
    assert message.report.results[0].action == ""
