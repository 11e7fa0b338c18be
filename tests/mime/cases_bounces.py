"""Bounces: reports by the standard and broken ones, and those that are only text; for whom and why."""

from typing import Any

from tests.mime.cases import PLAIN, mail, multipart

Cases = dict[str, tuple[bytes, dict[str, Any]]]

ORIGINAL = b"Message-ID: <ours@example.com>\r\nSubject: =?utf-8?B?6KaL56mN?=\r\nFrom: support@example.com\r\nTo: a@example.net\r\n"


def report(status: bytes, returned: bytes = b"Content-Type: text/rfc822-headers\r\n\r\n" + ORIGINAL, text: bytes = b"failed") -> bytes:
    """A report of three parts."""
    return multipart(
        "report; report-type=delivery-status", PLAIN + text, b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\n" + status, returned
    )  # fmt: skip


def daemon(text: str, *, sender: str = "Mail Delivery Subsystem <MAILER-DAEMON@example.jp>", extra: str = "", charset: str = "utf-8") -> bytes:
    """A bounce that is only text."""
    head = (
        f"From: {sender}\r\nTo: support@example.com\r\nSubject: Undelivered\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\n{extra}"
        f"Content-Type: text/plain; charset={charset}\r\n\r\n"
    )
    return head.encode() + text.replace("\n", "\r\n").encode(charset)


FAILED = (
    b"Final-Recipient: rfc822; a@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <a@example.net>: User unknown\r\n"
)
RETURNED_TEXT = "\nReturn-Path: <support@example.com>\nMessage-ID: <ours@example.com>\nSubject: order 42\nFrom: support@example.com\n\nHello\n"

CASES: Cases = {
    "a report with the header of the mail": (
        report(FAILED),
        {
            "results": [("a@example.net", "failed", "5.1.1")],
            "reasons": ["550 5.1.1 <a@example.net>: User unknown"],
            "original": ("<ours@example.com>", "見積"),
            "kind": "bounce",
            "text": "failed",
        },
    ),
    "a report with the whole mail, which is listed and not read": (
        report(FAILED, b"Content-Type: message/rfc822\r\n\r\n" + ORIGINAL + b"\r\nour own words"),
        {"original": ("<ours@example.com>", "見積"), "text": "failed", "parts": ["2", "3"], "names": ["", "見積.eml"]},
    ),
    "a report of two recipients": (
        report(FAILED + b"\r\nFinal-Recipient: rfc822; b@example.net\r\nAction: delayed\r\nStatus: 4.4.1\r\n"),
        {"results": [("a@example.net", "failed", "5.1.1"), ("b@example.net", "delayed", "4.4.1")]},
    ),
    "a report whose blocks run together": (
        report(b"Final-Recipient: rfc822; a@x.jp\r\nAction: failed\r\nStatus: 5.1.1\r\nFinal-Recipient: rfc822; b@x.jp\r\nAction: failed\r\nStatus: 5.2.2\r\n"),
        {"results": [("a@x.jp", "failed", "5.1.1"), ("b@x.jp", "failed", "5.2.2")]},
    ),
    "a report without an empty line after its own fields": (
        multipart("report; report-type=delivery-status", PLAIN + b"x", b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; m\r\n" + FAILED),
        {"results": [("a@example.net", "failed", "5.1.1")]},
    ),
    "the address we wrote to, not the one it was forwarded to": (
        report(b"Original-Recipient: rfc822;a@example.net\r\nFinal-Recipient: rfc822; hidden@elsewhere.example\r\nAction: failed\r\nStatus: 5.2.2 (mailbox full)\r\n"),
        {"results": [("a@example.net", "failed", "5.2.2")], "reasons": ["mailbox full"]},
    ),
    "an address in brackets, a status only in the diagnosis": (
        report(b"Final-Recipient: RFC822; <a@example.net>\r\nAction: Failed (no luck)\r\nDiagnostic-Code: smtp; 552 5.2.2\r\n over quota\r\n"),
        {"results": [("a@example.net", "failed", "5.2.2")], "reasons": ["552 5.2.2 over quota"]},
    ),
    "a report of success": (report(b"Final-Recipient: rfc822; a@x.jp\r\nAction: delivered\r\nStatus: 2.0.0\r\n"), {"results": [("a@x.jp", "delivered", "2.0.0")]}),
    "a report for an address in Japanese": (
        multipart(
            "report; report-type=delivery-status", PLAIN + b"x",
            "Content-Type: message/global-delivery-status\r\n\r\nReporting-MTA: dns; m\r\n\r\nFinal-Recipient: utf-8; 山田@example.jp\r\nAction: failed\r\nStatus: 5.1.1\r\n".encode(),
        ),
        {"results": [("山田@example.jp", "failed", "5.1.1")]},
    ),
    "a report in base64": (
        multipart(
            "report; report-type=delivery-status", PLAIN + b"x",
            b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\nRmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFAeC5qcA0KQWN0aW9uOiBmYWlsZWQNCg==",
        ),
        {"results": [("a@x.jp", "failed", "")]},
    ),
    "a report whose machine part is empty is read from its text": (
        multipart("report; report-type=delivery-status", PLAIN + b"<a@x.jp>: 550 5.1.1 User unknown", b"Content-Type: message/delivery-status\r\n\r\n"),
        {"results": [("a@x.jp", "failed", "5.1.1")]},
    ),
    "qmail": (
        daemon(
            "Hi. This is the qmail-send program at mx.example.jp.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
            "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<a@example.net>:\n192.0.2.1 does not like recipient.\n"
            "Remote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n" + RETURNED_TEXT
        ),
        {"results": [("a@example.net", "failed", "5.1.1")], "reason_contains": ["User unknown"], "original": ("<ours@example.com>", "order 42")},
    ),
    "Exim": (
        daemon(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
            "recipients. This is a permanent error. The following address(es) failed:\n\n  a@example.net\n    host mx.example.net [192.0.2.1]\n"
            "    SMTP error from remote mail server after RCPT TO:<a@example.net>:\n    550 5.2.2 Mailbox full\n\n"
            "------ This is a copy of the message, including all the headers. ------\n" + RETURNED_TEXT,
            extra="X-Failed-Recipients: a@example.net\r\n",
        ),
        {"results": [("a@example.net", "failed", "5.2.2")], "reason_contains": ["Mailbox full"], "original": ("<ours@example.com>", "order 42")},
    ),
    "Exim, for two": (
        daemon("failed:\n\n  a@x.jp\n    Unrouteable address\n  b@x.jp\n    retry timeout exceeded\n", extra="X-Failed-Recipients: a@x.jp,\r\n  b@x.jp\r\n"),
        {"results": [("a@x.jp", "failed", ""), ("b@x.jp", "failed", "")], "reason_contains": ["Unrouteable address", "retry timeout"]},
    ),
    "Exim that only warns": (
        daemon(
            "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\n"
            "The address to which the message has not yet been delivered is:\n\n  a@example.net\n    Delay reason: connection timed out\n\n"
            "No action is required on your part. Delivery attempts will continue for\nsome time.\n"
        ),
        {"results": [("a@example.net", "delayed", "")], "reason_contains": ["connection timed out"]},
    ),
    "Postfix before reports": (
        daemon(
            "I'm sorry to have to inform you that your message could not be delivered.\n\n<a@example.net>: host mx.example.net[192.0.2.1] said: 554 5.7.1\n"
            "    Service unavailable; blocked using zen.spamhaus.org (in reply to RCPT TO command)\n"
        ),
        {"results": [("a@example.net", "failed", "5.7.1")], "reason_contains": ["spamhaus"]},
    ),
    "sendmail": (
        daemon(
            "The original message was received at Tue, 24 Nov 2026\n\n   ----- The following addresses had permanent fatal errors -----\n<a@example.net>\n"
            "    (reason: 550 5.1.1 <a@example.net>... User unknown)\n\n   ----- Transcript of session follows -----\n"
            "... while talking to mx.example.net.:\n>>> DATA\n<<< 550 5.1.1 <a@example.net>... User unknown\n"
        ),
        {"results": [("a@example.net", "failed", "5.1.1")], "reason_contains": ["User unknown"]},
    ),
    "Exchange in English": (
        daemon(
            "Delivery has failed to these recipients or groups:\n\nAnn Smith (a@example.net)\nThe e-mail address you entered couldn't be found. "
            "Please check the recipient's e-mail address.\n\nDiagnostic information for administrators:\n\nGenerating server: mx.example.jp\n",
            sender="Microsoft Exchange <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.jp>",
        ),
        {"results": [("a@example.net", "failed", "")], "reason_contains": ["couldn't be found"], "kind": "bounce"},
    ),
    "Exchange in Japanese": (
        daemon(
            "次の受信者またはグループへの配信に失敗しました:\n\n山田 (a@example.net)\n入力した電子メール アドレスが見つかりませんでした。アドレスを確認してください。\n\n管理者向けの診断情報:\n",
            sender="postmaster@example.jp", extra="Return-Path: <>\r\n",
        ),
        {"results": [("a@example.net", "failed", "")], "reason_contains": ["見つかりませんでした"]},
    ),
    "docomo": (
        daemon(
            "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n送信先メールアドレスが見つかりません。メールアドレスをご確認の上、再送信してください。\n\nyamada.taro@docomo.ne.jp\n550 Unknown user yamada.taro@docomo.ne.jp\n",
            sender="MAILER-DAEMON@docomo.ne.jp", charset="iso-2022-jp",
        ),
        {"results": [("yamada.taro@docomo.ne.jp", "failed", "")], "reason_contains": ["550 Unknown user"]},
    ),
    "au": (
        daemon("Could not be delivered to: <yamada@ezweb.ne.jp>\nas their mailbox is full.\n", sender="Postmaster@ezweb.ne.jp", extra="Return-Path: <>\r\n"),
        {"results": [("yamada@ezweb.ne.jp", "failed", "")], "reason_contains": ["mailbox is full"]},
    ),
    "SoftBank": (
        daemon(
            "This Message was undeliverable due to the following reason:\n\nEach of the following recipients was rejected by a remote mail server.\n"
            "The reasons given by the server are included to help you determine why\neach recipient was rejected.\n\n"
            "    Recipient: <yamada@softbank.ne.jp>\n    Reason:    Invalid recipient: <yamada@softbank.ne.jp>\n\n\nPlease reply to <postmaster@softbank.ne.jp>\nif you feel this message to be in error.\n",
            sender="MAILER-DAEMON@softbank.ne.jp",
        ),
        {"results": [("yamada@softbank.ne.jp", "failed", "")], "reason_contains": ["Invalid recipient"]},
    ),
    "SoftBank's older words, with the mail's header behind them": (
        daemon(
            "The following destination addresses were unknown (please check\nthe addresses and re-mail the message):\n\nSMTP <hanako@softbank.ne.jp>\n\n"
            "original header..\nFrom: support@example.com\nMessage-ID: <ours@example.com>\nSubject: order 42\n",
            sender="MAILER-DAEMON@softbank.ne.jp", extra="Return-Path: <>\r\n", charset="iso-2022-jp",
        ),
        {
            "results": [("hanako@softbank.ne.jp", "failed", "")],
            "reasons": ["addresses were unknown (please check the addresses and re-mail the message):"],
            "original": ("<ours@example.com>", "order 42"),
        },
    ),
    "Amazon SES, which gives no reason": (
        daemon(
            "An error occurred while trying to deliver the mail to the following recipients:\ntaro.yamada@example.net\nhanako.yamada@example.net\n",
            sender="MAILER-DAEMON@amazonses.com", extra="Return-Path: <>\r\n",
        ),
        {"results": [("taro.yamada@example.net", "failed", ""), ("hanako.yamada@example.net", "failed", "")], "reasons": ["", ""]},
    ),
    "a reason of a few ideographs before the address": (daemon("配信エラー\n\n宛先不明 a@example.net\n"), {"reasons": ["宛先不明 a@example.net"]}),
    "Yahoo! JAPAN": (
        daemon("Message from yahoo.co.jp.\nUnable to deliver message to the following address(es).\n\n<yamada@yahoo.co.jp>:\nThis user doesn't have a yahoo.co.jp account (yamada@yahoo.co.jp) [-5]\n\n--- Original message follows.\n" + RETURNED_TEXT),
        {
            "results": [("yamada@yahoo.co.jp", "failed", "")],
            "reason_contains": ["doesn't have a yahoo.co.jp account"],
            "original": ("<ours@example.com>", "order 42"),
        },
    ),
    "Gmail, in words": (
        daemon("** Address not found **\n\nYour message wasn't delivered to a@gmail.example because the address couldn't be found.\n\nThe response was:\n\n550 5.1.1 The email account that you tried to reach does not exist.\n"),
        {"results": [("a@gmail.example", "failed", "")], "reason_contains": ["couldn't be found"]},
    ),
    "a report whose reason stands only in its text, as au sends it": (
        report(
            b"Final-Recipient: rfc822; a@ezweb.ne.jp\r\nAction: failed\r\nStatus: 5.0.0\r\n",
            text="次のあて先へのメッセージはエラーのため送信できませんでした。\r\n\r\n<a@ezweb.ne.jp>: 550 user unknown (in reply to RCPT TO command)\r\n".encode(),
        ),
        {"results": [("a@ezweb.ne.jp", "failed", "5.0.0")], "reasons": ["550 user unknown (in reply to RCPT TO command)"]},
    ),
    "an old Exchange, which names the mail before the recipient": (
        b"Return-Path: <>\r\nFrom: System Administrator <postmaster@example.net>\r\nTo: support@example.com\r\nSubject: Undeliverable: order\r\n"
        b"Content-Type: multipart/mixed; boundary=BB\r\n\r\n--BB\r\n\r\nYour message\r\n\r\n  To:      a@example.net\r\n  Subject: order\r\n\r\n"
        b"did not reach the following recipient(s):\r\n\r\nb@example.net on Tue, 24 Nov 2026 09:00:00 +0900\r\n    The recipient name is not recognized\r\n"
        b"--BB\r\nContent-Type: message/rfc822\r\n\r\n" + ORIGINAL + b"\r\nHello\r\n--BB--\r\n",
        {
            "results": [("b@example.net", "failed", "")],
            "reason_contains": ["The recipient name is not recognized"],
            "original": ("<ours@example.com>", "見積"),
        },
    ),
    "a provider's full mailbox, with the mail behind it": (
        b"From: MAILER-DAEMON@isp.example\r\nTo: support@example.com\r\nSubject: Returned mail\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n"
        b"--BB\r\n\r\n   ----- The following addresses had delivery problems -----\r\na@isp.example\r\n\r\n   ----- Non-delivered information -----\r\n"
        b"The number of messages in recipient's mailbox exceeded the local limit.\r\n--BB\r\nContent-Type: message/rfc822\r\n\r\n" + ORIGINAL + b"\r\nx\r\n--BB--",
        {"results": [("a@isp.example", "failed", "")], "reason_contains": ["exceeded the local limit"], "original": ("<ours@example.com>", "見積")},
    ),
    "a bounce that names nobody": (daemon("Sorry, it did not work.\n"), {"report": None, "kind": "bounce"}),
    "our own address is not the one that failed": (
        daemon("Your message from support@example.com could not be delivered to <a@example.net>: no such user\n"),
        {"results": [("a@example.net", "failed", "")], "reason_contains": ["no such user"]},
    ),
    "an ordinary mail that talks of bounces has no report": (mail(body=b"<a@example.net>: 550 User unknown, what does this mean?"), {"report": None, "kind": "mail"}),
}  # fmt: skip
