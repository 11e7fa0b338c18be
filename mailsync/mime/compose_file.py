"""A file that goes with a mail: its part, under a name that old readers and new ones understand. Pure."""

import base64
import re
from urllib.parse import quote as percent_encoded

import msgspec

from mailsync.mime.compose_header import CONTROL, LINE, UTF_8, words_of
from mailsync.mime.errors import ComposeError

_CONTENT_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+", re.ASCII)


class OutgoingFile(msgspec.Struct, frozen=True):
    """A file to attach."""

    name: str
    content_type: str
    content: bytes


def file_part(file: OutgoingFile, charset: str = UTF_8) -> bytes:
    """The part with its header."""
    if not _CONTENT_TYPE.fullmatch(file.content_type) or file.content_type.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"  # a multipart or message may not be base64 (RFC 2046 5.2.1)
    else:
        kind = file.content_type.lower()
    if CONTROL.search(file.name):
        raise ComposeError("A file's name contains a control character.")
    if file.name.isascii():
        plain = file.name.replace("\\", "\\\\").replace('"', '\\"')
        name, disposition = f'; name="{plain}"', f'attachment; filename="{plain}"'
    else:
        # Old readers know encoded words in `name` only, the standard knows RFC 2231 only: both are given.
        name = ';\r\n name="' + "\r\n ".join(words_of(file.name, "a file's name", charset)) + '"'
        disposition = "attachment" + _rfc2231(file.name)
    head = f"Content-Type: {kind}{name}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode("ascii") + base64_of(file.content)


def base64_of(raw: bytes) -> bytes:
    """In lines that end in CRLF."""
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


def _rfc2231(name: str) -> str:
    """`filename*` in sections short enough for a line, none cut inside an escape."""
    escapes = re.findall(r"%[0-9A-F]{2}|.", percent_encoded(name.encode("utf-8", "replace"), safe="-._~"))
    sections, current = [], ""
    for escape in escapes:
        if len(current) + len(escape) > LINE - 24:
            sections.append(current)
            current = ""
        current += escape
    sections.append(current)
    if len(sections) == 1:
        return f";\r\n filename*=UTF-8''{sections[0]}"
    return "".join(f";\r\n filename*{number}*={'' if number else chr(85) + 'TF-8' + chr(39) * 2}{section}" for number, section in enumerate(sections))
