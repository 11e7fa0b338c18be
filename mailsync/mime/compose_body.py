"""The text of a mail as a part: in which charset, in which encoding, softly broken, and as HTML beside it. Pure."""

from binascii import b2a_qp
from collections.abc import Sequence
from typing import Literal

import msgspec

from mailsync.mime.compose_file import base64_of
from mailsync.mime.compose_header import ISO_2022_JP, LINE, MAX_LINE
from mailsync.mime.compose_html import html_of
from mailsync.mime.errors import ComposeError
from mailsync.mime.text.flowing import flow, needs_flow
from mailsync.mime.text.jis import can_hold, encode_jis


class Manner(msgspec.Struct, frozen=True):
    """How a mail is written. With ISO-2022-JP nothing is said that it cannot hold: the writer decides on UTF-8, no program."""

    charset: Literal["utf-8", "iso-2022-jp"] = "utf-8"
    flowed: bool = False
    html: bool = False


PLAIN = Manner()
_PRINTED = bytes(range(0x7F))
"""What quoted-printable leaves as it is, near enough to choose by."""


class NotInCharset(ComposeError):
    """The recipient's charset does not have all of the text, and nobody has said that it may go in another one."""

    def __init__(self) -> None:
        super().__init__("The text holds characters that ISO-2022-JP does not have; take them out, or send it in UTF-8.")


def text_parts(body: str, manner: Manner) -> tuple[bytes, ...]:
    """The text as it is typed, and, where wanted, as HTML.

    Raises:
        NotInCharset: See there.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    soft = flow(text) if manner.flowed and needs_flow(text) else None
    parameters = "; format=flowed; delsp=yes" if soft is not None else ""
    lines = (text if soft is None else soft).split("\n")
    plain = _jis_part(lines, parameters) if manner.charset == ISO_2022_JP else _text_part(lines, "text/plain", parameters)
    return (plain, _text_part(html_of(text).removesuffix("\n").split("\n"), "text/html")) if manner.html else (plain,)


def _touched(line: str) -> bool:
    """What is changed on the way: "From " at a line's start by mbox stores, a lone dot by broken relays, blanks at the end by many."""
    return line.startswith(("From ", ".")) or line.endswith((" ", "\t"))


def _text_part(lines: Sequence[str], kind: str, parameters: str = "") -> bytes:
    text = ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")
    fits = all(len(line) <= LINE + 2 for line in lines)
    if text.isascii() and fits and not any(map(_touched, lines)) and b"\x00" not in text and b"\x1b" not in text:
        return _part(kind, "us-ascii", parameters, "7bit", text)
    if len(text.translate(None, _PRINTED)) * 6 < len(text):
        return _part(kind, "utf-8", parameters, "quoted-printable", _quoted_printable([line.encode("utf-8", "replace") for line in lines]))
    return _part(kind, "utf-8", parameters, "base64", base64_of(text))


def _jis_part(lines: Sequence[str], parameters: str) -> bytes:
    """Seven bits as they are (RFC 1468); encoded only where something on the way would change them, or a line is too long."""
    if not all(map(can_hold, lines)):
        raise NotInCharset
    encoded = [encode_jis(line) for line in lines]
    if any(b"\x00" in line for line in encoded) or any(map(_touched, lines)) or any(len(line) > MAX_LINE for line in encoded):
        return _part("text/plain", ISO_2022_JP, parameters, "quoted-printable", _quoted_printable(encoded))
    return _part("text/plain", ISO_2022_JP, parameters, "7bit", b"\r\n".join(encoded) + b"\r\n")


def _part(kind: str, charset: str, parameters: str, encoding: str, payload: bytes) -> bytes:
    return f"Content-Type: {kind}; charset={charset}{parameters}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + payload


def _quoted_printable(lines: Sequence[bytes]) -> bytes:
    encoded = []
    for line in lines:
        raw = b2a_qp(line, quotetabs=False, istext=True, header=False).replace(b"\n", b"\r\n")
        if raw.startswith(b"From "):
            raw = b"=46" + raw[1:]
        encoded.append(b"=2E" + raw[1:] if raw.startswith(b".") else raw)
    return b"\r\n".join(encoded) + b"\r\n"
