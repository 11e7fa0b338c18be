"""Mails with control characters wherever somebody outside writes: raw, in encoded words and parameters, and inside what a mail carries."""

import secrets
from base64 import b64encode
from email.message import EmailMessage

from tests.line import odd_mails

TITLE = "\x1b]0;pwned\x07"
STEERING = f"\x1b[2J{TITLE}\x9b31m\x1bP1$r\x1b\\\u202e\u2066\x08\x0eEND"
"""Clears the screen, names the window, C1's CSI, a device control string, bidi overrides, a backspace, shift out."""
FORBIDDEN = {
    "the title": b"\x1b]0;pwned",
    "C1's CSI": "\x9b".encode(),
    "a raw C1": b"\x9b31m",
    "a device control string": b"\x1bP1$r",
    "a bidi override": "\u202e".encode(),
    "a bidi isolate": "\u2066".encode(),
    "a backspace": b"\x08",
    "shift out": b"\x0e",
}
RAW = STEERING.encode()
"""As it stands in a field that nobody encoded."""


def forbidden_in(written: bytes) -> list[str]:
    """What of the mail's own bytes reached the terminal, in words."""
    return [name for name, sequence in FORBIDDEN.items() if sequence in written]


def encoded(text: str) -> bytes:
    """Base64 of its UTF-8."""
    return b64encode(text.encode())


def evil_mail(token: str, *, to: str, sender: str) -> bytes:
    """In sender, subject, text, and a file's name."""
    mail = EmailMessage()
    mail["To"] = to
    mail["Message-ID"] = f"<{secrets.token_hex(8)}@customer.example>"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0900"
    mail.set_content(f"{token} 本文{STEERING}\n> 引用{STEERING}\n", cte="base64")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="NAME")
    raw = mail.as_bytes().replace(b'"NAME"', b'"=?utf-8?b?' + encoded(f"evil{STEERING}.pdf") + b'?="')
    head = b"From: =?utf-8?b?" + encoded(f"悪い人{STEERING}") + b"?= <" + sender.encode() + b">\n"
    head += b"Subject: =?utf-8?b?" + encoded(f"{token} 件名{STEERING}") + b"?= \x1b]0;pwned\x07raw\n"
    return head + raw


def _head(token: str, *more: bytes) -> bytes:
    """Also in the address, in what it refers to, in the list's name, in hints and in fields nobody knows."""
    fields = (
        b'From: "' + RAW + b'" <"zevil' + RAW + b'"@customer.example>',
        b"To: support@example.test, x" + RAW + b"@example.test",
        b"Subject: =?utf-8?b?" + encoded(f"{token} 件名{STEERING}") + b"?=",
        b"Message-ID: <" + secrets.token_hex(8).encode() + b"@customer.example>",
        b"References: <a" + token.encode() + RAW + b"@customer.example>",
        b"In-Reply-To: <b" + token.encode() + RAW + b"@customer.example>",
        b"List-Id: " + RAW + b" <list" + RAW + b".example>",
        b"X-Ticket: " + RAW,
        b"X-" + RAW + b": x",
        b"Auto-Submitted: auto-generated; " + RAW,
        b"Date: Mon, 23 Nov 2026 10:00:00 +0900 (" + RAW + b")",
        b"MIME-Version: 1.0",
        *more,
    )
    return b"\r\n".join((*fields, b"", b""))


def _multipart(token: str, kind: bytes, *parts: bytes) -> bytes:
    head = _head(token, b"Content-Type: multipart/" + kind + b"; boundary=B")
    return head + b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + b"--B--\r\n"


def evil_invitation(token: str) -> bytes:
    """In every field of a calendar, in a charset's name, in files' names of every kind."""
    fields = ("SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "RRULE", "COMMENT")
    lines = [
        "BEGIN:VCALENDAR", f"METHOD:REQUEST{STEERING}", "BEGIN:VEVENT", f"UID:1{STEERING}", *(f"{each}:{STEERING}" for each in fields),
        f"DTSTART;TZID={STEERING}:20401201T010000", f"ORGANIZER;CN={STEERING}:mailto:{STEERING}@customer.example",
        f"ATTENDEE;CN={STEERING};PARTSTAT={STEERING}:mailto:{STEERING}@customer.example", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    calendar = b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n" + "\r\n".join(lines).encode()
    text = b'Content-Type: text/plain; charset="x' + RAW + b'"\r\n\r\n' + f"{token} 本文".encode() + RAW + b"\r\n"
    html = b"Content-Type: text/html; charset=utf-8\r\n\r\n<a href='http://x/" + RAW + b"'>link</a><img alt='" + RAW + b"'>\r\n"
    plain = b'Content-Type: application/"x' + RAW + b'"; name="n' + RAW + b'.exe"\r\nContent-Disposition: attachment\r\n\r\nx\r\n'
    by_rfc2231 = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''%1B%5D0;pwned%07%E2%80%AE.pdf\r\n\r\nx\r\n"
    inner = b"Content-Type: message/rfc822\r\n\r\n" + _head(token) + b"inside " + RAW + b"\r\n"
    packed = odd_mails.winmail(token, f"{STEERING}.bin", b"x").partition(b"--B\r\n")[2].partition(b"--B\r\n")[2].partition(b"--B--")[0]
    return _multipart(token, b"mixed", text, html, calendar, plain, by_rfc2231, inner, packed)


def evil_bounce(token: str) -> bytes:
    """In every field of a report."""
    status = (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; " + RAW + b"\r\n\r\nFinal-Recipient: rfc822; nobody" + RAW
        + b"@customer.example\r\nAction: failed\r\nStatus: 5.1.1" + RAW + b"\r\nDiagnostic-Code: smtp; 550 " + RAW + b"\r\n"
    )  # fmt: skip
    returned = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <c" + token.encode() + RAW + b"@x.example>\r\nSubject: " + RAW + b"\r\n"
    text = b"Content-Type: text/plain\r\n\r\n" + f"{token} 本文".encode() + RAW + b"\r\n"
    return _multipart(token, b"report; report-type=delivery-status", text, status, returned)
