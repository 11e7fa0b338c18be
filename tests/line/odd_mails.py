"""Mails as other programs send them, byte for byte: an invitation, a bounce, a winmail.dat, a text with a wrong label."""

import secrets
import struct
from base64 import encodebytes

RUSSIAN = "Здравствуйте, когда придёт мой заказ?"


def head(subject: str, *more: str, sender: str = "山田 <yamada@customer.example>") -> bytes:
    """A header of a mail with these further fields; its Message-ID is new."""
    fields = (f"From: {sender}", "To: support@example.test", f"Subject: {subject}", "Date: Mon, 23 Nov 2026 10:00:00 +0900", "MIME-Version: 1.0")
    return "\r\n".join((*fields, f"Message-ID: <{secrets.token_hex(8)}@customer.example>", *more, "", "")).encode()


def multipart(subject: str, kind: str, *parts: bytes) -> bytes:
    """A mail of these parts."""
    return head(subject, f"Content-Type: multipart/{kind}; boundary=B") + b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + b"--B--\r\n"


def text_part(text: str) -> bytes:
    """What is read."""
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode() + b"\r\n"


def file_part(name: str, content: bytes, content_type: str = "application/octet-stream") -> bytes:
    """A file."""
    fields = f'Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    return fields.encode() + encodebytes(content).replace(b"\n", b"\r\n")


def invitation(subject: str) -> bytes:
    """To a meeting in a year that is far off."""
    lines = (
        "BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:{secrets.token_hex(4)}", "SUMMARY:定例会議", "DTSTART:20401201T010000Z",
        "DTEND:20401201T020000Z", "LOCATION:第二会議室", "ORGANIZER;CN=山田:mailto:yamada@customer.example", "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    part = b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n" + "\r\n".join(lines).encode()
    return multipart(subject, "alternative", text_part("会議のご案内です。"), part)


def bounce(subject: str, original: str) -> bytes:
    """A mail server says that a mail of ours did not arrive."""
    status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        "Final-Recipient: rfc822; nobody@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
    )
    returned = f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\nSubject: what we wrote\r\n"
    return multipart(subject, "report; report-type=delivery-status", text_part("It did not arrive."), status.encode(), returned.encode())


def winmail(subject: str, name: str, content: bytes) -> bytes:
    """A mail of Outlook whose file lies in a winmail.dat (MS-OXTNEF)."""

    def attribute(number: int, value: bytes) -> bytes:
        return struct.pack("<BII", 2, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    file = attribute(0x00069002, b"\x01\x00" + bytes(12)) + attribute(0x00018010, name.encode() + b"\x00") + attribute(0x0006800F, content)
    packed = b"\x78\x9f\x3e\x22\x01\x00" + file
    return multipart(subject, "mixed", text_part("添付をご覧ください。"), file_part("winmail.dat", packed, "application/ms-tnef"))


def mislabelled(subject: str) -> bytes:
    """Russian in KOI8-R that says it is Windows-1251: other letters of the same alphabet come out, so that no program can know."""
    return head(subject, "Content-Type: text/plain; charset=windows-1251", "Content-Transfer-Encoding: 8bit") + (RUSSIAN + "\r\n").encode("koi8-r")
