"""One mail of the sample day as bytes, in the form its sender's program would have given it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from mailsync.mime.compose import OutgoingFile

CODECS = {"iso-2022-jp": "iso2022_jp", "shift_jis": "cp932", "utf-8": "utf-8", "iso-8859-1": "latin-1"}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says. `form` is `html` or a charset's label; names and texts must fit it."""

    from_: str
    to: str
    subject: str
    text: str
    date: datetime
    message_id: str
    form: str = "utf-8"
    references: Sequence[str] = ()
    extra: Sequence[str] = ()
    """Further header lines, as they stand."""
    files: Sequence[OutgoingFile] = ()

    def raw(self) -> bytes:
        """The mail with CRLF line ends."""
        label = "utf-8" if self.form == "html" else self.form
        lines = [
            *self.extra,
            f"From: {_mailbox(self.from_, label)}",
            f"To: {_mailbox(self.to, label)}",
            f"Subject: {_words(self.subject, label)}",
            f"Date: {format_datetime(self.date)}",
            f"Message-ID: {self.message_id}",
            *([f"In-Reply-To: {self.references[-1]}", "References: " + "\r\n ".join(self.references)] if self.references else []),
            "MIME-Version: 1.0",
        ]
        body = _alternative(self.text) if self.form == "html" else _text(self.text, label, "plain")
        if self.files:
            body = _multipart("mixed", [body, *(_file(file) for file in self.files)])
        return "\r\n".join(lines).encode("ascii") + b"\r\n" + body


def _words(text: str, label: str) -> str:
    """Encoded words short enough for a line, each whole in its characters."""
    if text.isascii():
        return text
    pieces = [text[at : at + 14] for at in range(0, len(text), 14)]
    return "\r\n ".join(f"=?{label}?B?{base64.b64encode(piece.encode(CODECS[label])).decode('ascii')}?=" for piece in pieces)


def _mailbox(who: str, label: str) -> str:
    name, bracket, address = who.partition(" <")
    return f"{_words(name, label)} <{address}" if bracket else who


def _base64(raw: bytes) -> bytes:
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


def _text(text: str, label: str, subtype: str) -> bytes:
    raw = text.replace("\n", "\r\n").encode(CODECS[label]) + b"\r\n"
    encoding = "base64" if label in ("utf-8", "shift_jis") and not raw.isascii() else "8bit" if not raw.isascii() else "7bit"
    head = f"Content-Type: text/{subtype}; charset={label}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + (_base64(raw) if encoding == "base64" else raw)


def _alternative(html: str) -> bytes:
    return _text(f"<html><body>{html}</body></html>", "utf-8", "html")


def _file(file: OutgoingFile) -> bytes:
    name = _words(file.name, "utf-8")
    head = f'Content-Type: {file.content_type}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
    return head.encode("ascii") + f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'.encode("ascii") + _base64(file.content)


def _multipart(subtype: str, parts: Sequence[bytes]) -> bytes:
    mark = f"=_midori_{len(parts)}_{len(b''.join(parts)):x}"
    body = b"".join(f"--{mark}\r\n".encode("ascii") + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{subtype}; boundary="{mark}"\r\n\r\n'.encode("ascii") + body + f"--{mark}--\r\n".encode("ascii")
