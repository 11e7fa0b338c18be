"""winmail.dat taken apart: the files Outlook packed into it and the message's own text (MS-OXTNEF). Never raises; bounded."""

import struct

import msgspec

from mailsync.mime.carried.holders import MAX_INSIDE
from mailsync.mime.carried.mapi import UNICODE, Properties, read_properties
from mailsync.mime.carried.rtf import rtf_to_text, unpack_rtf
from mailsync.mime.header.fields import file_name
from mailsync.mime.html.reading import html_charset, html_to_text
from mailsync.mime.text.charset import decode_text

MAX_ATTRIBUTES = 20_000
MAX_DEPTH = 5
"""Messages attached to messages, all inside one winmail.dat."""
OPENED_BYTES = 5_000_000
"""A larger message inside is listed as a file and not taken apart."""

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BII")
_RENDDATA, _TITLE, _DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_PROPERTIES, _BODY, _CODEPAGE, _SUBJECT = 0x00069003, 0x0002800C, 0x00069007, 0x00018004
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _CONTENT, _MIME_TAG = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E
_TEXT, _RTF, _HTML, _INTERNET_CODEPAGE, _MAPI_SUBJECT = 0x1000, 0x1009, 0x1013, 0x3FDE, 0x0037
_CODEPAGES = {
    65001: "utf-8", 65000: "utf-7", 20127: "", 28591: "iso-8859-1", 28605: "iso-8859-15", 20866: "koi8-r", 51949: "euc-kr", 51936: "gb2312",
    54936: "gb18030", 20932: "euc-jp", 51932: "euc-jp", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp",
}  # fmt: skip
_IS_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
"""IID_IMessage: the attachment is a message, as TNEF again."""


class TnefFile(msgspec.Struct):
    """A file, or an attached message whose files and text lie beside it."""

    name: str = ""
    content_type: str = "application/octet-stream"
    content: bytes = b""


class Tnef(msgspec.Struct):
    """What was found. `readable` is False when it is no TNEF at all."""

    readable: bool
    files: list[TnefFile] = msgspec.field(default_factory=list)
    bodies: list["TnefBody"] = msgspec.field(default_factory=list)
    """The message's own first, then those attached to it."""
    damaged: bool = False


class TnefBody(msgspec.Struct):
    """The text of a message in up to three forms, not yet decoded."""

    codepage: int = 0
    html_codepage: int = 0
    subject: str = ""
    plain: bytes = b""
    plain_is_utf16: bool = False
    html: bytes = b""
    rtf: bytes = b""

    def text(self) -> str:
        """The text a person would read: plain, else HTML, else RTF; "" where there is none."""
        charset = _charset(self.codepage)
        plain = decode_text(self.plain, "utf-16-le" if self.plain_is_utf16 else charset)[0].replace("\r\n", "\n").replace("\r", "\n").strip()
        if plain:
            return plain
        if self.html:
            return html_to_text(decode_text(self.html, html_charset(self.html) or _charset(self.html_codepage) or charset)[0]).strip()
        unpacked = unpack_rtf(self.rtf) if self.rtf else None
        return rtf_to_text(unpacked).strip() if unpacked else ""


def read_tnef(raw: bytes) -> Tnef:
    """Take a stream apart, as far as it can be read."""
    found = Tnef(readable=raw.startswith(_SIGNATURE))
    if found.readable:
        _read(raw, found, 0)
    return found


def _read(raw: bytes, found: Tnef, depth: int) -> None:
    body = TnefBody()
    found.bodies.append(body)
    at = len(_SIGNATURE) + 2
    file: TnefFile | None = None
    for _ in range(MAX_ATTRIBUTES):
        if at + _HEAD.size > len(raw):
            found.damaged |= at < len(raw)
            return
        _level, attribute, length = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        value = raw[at : at + length]
        found.damaged |= len(value) < length
        at += length + 2
        if attribute == _RENDDATA:
            if len(found.files) >= MAX_INSIDE:
                found.damaged = True
                return
            file = TnefFile()
            found.files.append(file)
        elif file is None:
            _message_attribute(attribute, value, body)
        elif attribute in (_TITLE, _DATA, _ATTACHMENT):
            _file_attribute(attribute, value, file, body.codepage, found, depth)
    found.damaged = True


def _message_attribute(attribute: int, value: bytes, body: TnefBody) -> None:
    if attribute == _CODEPAGE:
        body.codepage = int.from_bytes(value[:4], "little")
    elif attribute == _BODY:
        body.plain = value.rstrip(b"\x00")
    elif attribute == _SUBJECT and not body.subject:
        body.subject = _string(value, body.codepage)
    elif attribute == _PROPERTIES:
        properties = read_properties(value)
        body.html_codepage = properties.number(_INTERNET_CODEPAGE)
        body.codepage = body.codepage or body.html_codepage
        if plain := properties.bytes_of(_TEXT):
            body.plain_is_utf16 = properties.types[_TEXT] == UNICODE
            body.plain = plain if body.plain_is_utf16 else plain.rstrip(b"\x00")
        body.html = properties.bytes_of(_HTML) or body.html
        body.rtf = properties.bytes_of(_RTF) or body.rtf
        body.subject = _property_text(properties, body.codepage, _MAPI_SUBJECT) or body.subject


def _file_attribute(attribute: int, value: bytes, file: TnefFile, codepage: int, found: Tnef, depth: int) -> None:
    if attribute == _TITLE:
        file.name = file.name or _named(_string(value, codepage))
    elif attribute == _DATA:
        file.content = value
    else:
        properties = read_properties(value)
        name = _property_text(properties, codepage, _LONG_NAME, _SHORT_NAME, _DISPLAY_NAME)
        file.name = _named(name) or file.name
        kind = _property_text(properties, codepage, _MIME_TAG).strip().lower()
        file.content_type = kind if kind.count("/") == 1 and kind.isascii() and kind.isprintable() else file.content_type
        content = properties.bytes_of(_CONTENT)
        if content.startswith(_IS_MESSAGE) and content[16:20] == _SIGNATURE:
            _attached_message(content[16:], file, found, depth)
        elif content and not file.content:
            file.content = content[16:] if properties.types.get(_CONTENT) == 0x0D else content


def _attached_message(raw: bytes, file: TnefFile, found: Tnef, depth: int) -> None:
    """A message inside: itself a file that this program can read again, its files and its text beside the others."""
    file.content, file.content_type = raw, "application/ms-tnef"
    if depth + 1 < MAX_DEPTH and len(raw) <= OPENED_BYTES:
        _read(raw, found, depth + 1)


def _named(name: str) -> str:
    return file_name({"filename": name}, {}) if name else ""


def _string(value: bytes, codepage: int) -> str:
    return decode_text(value.rstrip(b"\x00"), _charset(codepage))[0]


def _charset(codepage: int) -> str:
    """The charset of a Windows code page; "" where it says nothing."""
    return _CODEPAGES.get(codepage, f"windows-{codepage}" if codepage else "")


def _property_text(properties: Properties, codepage: int, *ids: int) -> str:
    for each in ids:
        if value := properties.values.get(each):
            text = decode_text(value, "utf-16-le")[0] if properties.types[each] == UNICODE else _string(value, codepage)
            if text.strip("\x00 "):
                return text.strip("\x00")
    return ""
