"""What a mail is for."""

from tests.mime.mails import PLAIN, Case, mail, multipart

CASES: dict[str, Case] = {
    "an ordinary mail": (mail(b"Auto-Submitted: no\r\n"), {"kind": "mail"}),
    "a vacation reply": (mail(b"Auto-Submitted: auto-replied (vacation)\r\n"), {"kind": "auto_reply"}),
    "an Exchange auto-reply": (mail(b"X-Auto-Response-Suppress: All\r\n"), {"kind": "auto_reply"}),
    "a Japanese auto-reply without any header for it": (mail("Subject: 【自動返信】お問い合わせ\r\n".encode()), {"kind": "auto_reply"}),
    "an answer to an auto-reply is a person's mail": (mail("Subject: Re: 【自動返信】お問い合わせ\r\n".encode()), {"kind": "mail"}),
    "precedence auto_reply": (mail(b"Precedence: auto_reply\r\n"), {"kind": "auto_reply"}),
    "a null return path": (mail(b"Return-Path: <>\r\n"), {"kind": "auto_reply"}),
    "a mailing list": (mail(b"List-Id: <x.example.org>\r\n"), {"kind": "list"}),
    "a newsletter": (mail(b"Precedence: bulk\r\n"), {"kind": "list"}),
    "a delivery report": (
        multipart("report; report-type=delivery-status", PLAIN + b"failed", b"Content-Type: message/delivery-status\r\n\r\nAction: failed"),
        {"kind": "bounce", "contains": "failed"},
    ),
    "an old bounce": (b"From: MAILER-DAEMON@example.jp\r\nSubject: Undelivered\r\n\r\nno such user", {"kind": "bounce"}),
    "a read receipt": (multipart("report; report-type=disposition-notification", PLAIN + b"read"), {"kind": "auto_reply"}),
    "an invitation": (
        multipart("alternative", PLAIN + b"come", b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"),
        {"kind": "calendar", "text": "come", "attachments": [("", "text/calendar", 15, "2")]},
    ),
}
