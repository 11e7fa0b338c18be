"""Mails for tests, built of a harmless header and whatever a test adds; bytes made here, no fixture files."""

import base64
from typing import Any

Case = tuple[bytes, dict[str, Any]]
"""A mail, and what must come out of it: a field of `Message`, or one of the words that `test_difficult_mail.shown` knows."""

HEAD = (
    b"From: =?utf-8?B?5bGx55Sw?= <yamada@example.jp>\r\nTo: support@example.com\r\n"
    b"Date: Tue, 24 Nov 2026 09:00:00 +0900\r\nMessage-ID: <a@example.jp>\r\n"
)
"""A whole and harmless header, to which a case adds what is difficult."""


def mail(extra: bytes = b"", body: bytes = b"x") -> bytes:
    """A mail with a harmless header, some more fields and a body."""
    return HEAD + extra + b"\r\n" + body


def text_part(charset: str, body: bytes, encoding: str = "8bit") -> bytes:
    """A mail of one text part."""
    return mail(f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n".encode(), body)


def multipart(subtype: str, *parts: bytes, boundary: str = "BB", end: bytes = b"--BB--\r\n") -> bytes:
    """A mail of several parts."""
    marked = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return mail(f'MIME-Version: 1.0\r\nContent-Type: multipart/{subtype}; boundary="{boundary}"\r\n'.encode(), marked + end)


def b64(raw: bytes) -> bytes:
    """Base64 in lines."""
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
PDF = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="
CONTENT = b64(b"%PDF-1.4 x")
