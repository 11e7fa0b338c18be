"""What a mail is for."""

from tests.mime.mails import PLAIN, Case, mail, multipart

CASES: dict[str, Case] = {
    "an ordinary mail": (mail(b"Auto-Submitted: no\r\n"), {"kind": "mail"}),
    "a vacation reply": (mail(b"Auto-Submitted: auto-replied (vacation)\r\n"), {"kind": "auto_reply"}),
    "an Exchange auto-reply": (mail(b"X-Auto-Response-Suppress: All\r\n"), {"kind": "auto_reply"}),
    "a Japanese auto-reply without any header for it": (mail("Subject: 【自動返信】お問い合わせ\r\n".encode()), {"kind": "auto_reply"}),
    "a Japanese auto-reply that says so behind its subject": (
        mail("Subject: お問い合わせありがとうございます（自動返信）\r\n".encode()),
        {"kind": "auto_reply"},
    ),
    "a Japanese notice sent by a machine": (mail("Subject: 【自動配信メール】受付完了\r\n".encode()), {"kind": "auto_reply"}),
    "an answer to one that says so behind its subject": (mail("Subject: Re: 受付完了（自動返信）\r\n".encode()), {"kind": "mail"}),
    "a question about automatic answers": (mail("Subject: 自動返信メールが届きません\r\n".encode()), {"kind": "mail"}),
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
    "a bounce of a server without a domain": (b"From: MAILER-DAEMON (Mail Delivery System)\r\nSubject: x\r\n\r\nno", {"kind": "bounce"}),
    "a bounce by MDaemon": (b"From: MDaemon@example.jp\r\nSubject: x\r\n\r\nno", {"kind": "bounce"}),
    "a bounce whose sender is known by its whole name": (
        b'From: "Mail Delivery Subsystem" <noreply@x.jp>\r\nSubject: x\r\n\r\nno',
        {"kind": "bounce"},
    ),
    "a bounce whose sender has a longer name": (
        b"From: X Mail Delivery System <n@x.jp>\r\nReturn-Path: <>\r\nSubject: x\r\n\r\nno",
        {"kind": "bounce"},
    ),
    "a bounce behind a From that says nothing": (b"From: <>\r\nFrom: MAILER-DAEMON@x.jp\r\nSubject: x\r\n\r\nno", {"kind": "bounce"}),
    "a person at MDaemon": (
        b"From: Ann <ann@mdaemon.com>\r\nSubject: Re: order\r\n\r\nPlease tell bob@x.example too.",
        {"kind": "mail", "report": None},
    ),
    "a firm called Mail Delivery System": (
        b'From: "Mail Delivery System GmbH" <sales@x.example>\r\nSubject: Re: undelivered order\r\n\r\nPlease answer ring@x.example.',
        {"kind": "mail", "report": None},
    ),
    "the same firm on holiday": (
        b'From: "Mail Delivery System GmbH" <s@x.example>\r\nReturn-Path: <>\r\nSubject: Automatic reply: order\r\n\r\nWe are away.',
        {"kind": "auto_reply"},
    ),
    "somebody who likes daemons": (b'From: "Mail-Daemon Fan" <fan@x.example>\r\nSubject: order\r\n\r\nWhere is it?', {"kind": "mail"}),
    "a read receipt": (multipart("report; report-type=disposition-notification", PLAIN + b"read"), {"kind": "auto_reply"}),
    "an invitation": (
        multipart("alternative", PLAIN + b"come", b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"),
        {"kind": "calendar", "text": "come", "attachments": [("", "text/calendar", 15, "2")]},
    ),
}
