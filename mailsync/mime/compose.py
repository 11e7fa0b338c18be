"""A reply written as RFC 5322: frozen bytes that the server hands to SMTP as they are. Pure: ids and dates come in."""

import base64
import hashlib
import re
from binascii import b2a_qp
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote as percent_encoded

import msgspec

from mailsync.mime.errors import ComposeError
from store.domain.ids import MessageId
from store.domain.message import Address, Message

LINE = 76
MAX_LINE = 998
"""RFC 5322 2.1.1: no line is longer, whatever it holds."""
MAX_REFERENCES = 100
"""Of a longer chain the first and the newest are kept: the first is what threads by."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+|\"(?:[^\"\\\x00-\x1f\x7f]|\\[\x20-\x7e])+\"", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.IPv]+\]")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")
_CONTENT_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+", re.ASCII)
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)
_REPLY_MARK = re.compile(r"\s*(?:re|ｒｅ|ＲＥ|Ｒｅ|返信|回复|答复|回覆|aw|sv|antw)\s*(?:[\[(^]?\d{1,3}[\])]?)?\s*[:\uff1a]\s*", re.IGNORECASE)


class OutgoingFile(msgspec.Struct, frozen=True):
    """A file to attach."""

    name: str
    content_type: str
    content: bytes


def compose_reply(
    *,
    from_: Address,
    to: Sequence[Address],
    cc: Sequence[Address] = (),
    bcc: Sequence[Address] = (),
    subject: str,
    body: str,
    message_id: MessageId,
    in_reply_to: Sequence[MessageId] = (),
    references: Sequence[MessageId] = (),
    date: datetime,
    attachments: Sequence[OutgoingFile] = (),
) -> bytes:
    """Write a reply: CRLF throughout, UTF-8, `parse_message` reads the same back. `bcc` is checked and appears nowhere.

    Raises:
        ComposeError: An address that is none, no recipient, a control character in a header, a Message-ID without brackets.
    """
    if not (to or cc or bcc):
        raise ComposeError("The reply has no recipient.")
    for hidden in bcc:
        _address(hidden)
    lines = [
        _field("From", [_address(from_)]),
        *([_field("To", _listed(to))] if to else []),
        *([_field("Cc", _listed(cc))] if cc else []),
        _field("Subject", _words(subject, "the subject")),
        _field("Date", [format_datetime(date)]),
        _field("Message-ID", [_id(message_id)]),
    ]
    if in_reply_to:
        lines.append(_field("In-Reply-To", [_id(each) for each in in_reply_to]))
    if references:
        kept = [*references[:1], *references[1:][-(MAX_REFERENCES - 1) :]]
        lines.append(_field("References", [_id(each) for each in kept]))
    lines.append("MIME-Version: 1.0")
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + _content(body, attachments, message_id)


def _content(body: str, attachments: Sequence[OutgoingFile], message_id: MessageId) -> bytes:
    parts = [_text_part(body), *(_file_part(file) for file in attachments)]
    if len(parts) == 1:
        return parts[0]
    boundary = "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]
    while any(boundary.encode() in part for part in parts):
        boundary = "=_" + hashlib.sha256(boundary.encode()).hexdigest()[:32]
    mark = b"--" + boundary.encode()
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _text_part(body: str) -> bytes:
    lines = body.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    text = ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")
    fits = all(len(line) <= LINE + 2 for line in lines)
    # "From " at a line's start is changed by mbox stores, a lone dot by broken relays: encoded, nothing touches them.
    touched = any(line.startswith(("From ", ".")) or line.endswith((" ", "\t")) for line in lines)
    if text.isascii() and fits and not touched and b"\x00" not in text and b"\x1b" not in text:
        encoding, payload = "7bit", text
    elif sum(byte > 0x7E for byte in text) * 6 < len(text):
        encoding, payload = "quoted-printable", _quoted_printable(lines)
    else:
        encoding, payload = "base64", _base64(text)
    charset = "us-ascii" if encoding == "7bit" else "utf-8"
    return f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + payload


def _quoted_printable(lines: Sequence[str]) -> bytes:
    encoded = []
    for line in lines:
        raw = b2a_qp(line.encode("utf-8", "replace"), quotetabs=False, istext=True, header=False).replace(b"\n", b"\r\n")
        if raw.startswith(b"From "):
            raw = b"=46" + raw[1:]
        encoded.append(b"=2E" + raw[1:] if raw.startswith(b".") else raw)
    return b"\r\n".join(encoded) + b"\r\n"


def _base64(raw: bytes) -> bytes:
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


def _file_part(file: OutgoingFile) -> bytes:
    if not _CONTENT_TYPE.fullmatch(file.content_type) or file.content_type.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"  # a multipart or message may not be base64 (RFC 2046 5.2.1)
    else:
        kind = file.content_type.lower()
    if _CONTROL.search(file.name):
        raise ComposeError("A file's name contains a control character.")
    if file.name.isascii():
        plain = file.name.replace("\\", "\\\\").replace('"', '\\"')
        name, disposition = f'; name="{plain}"', f'attachment; filename="{plain}"'
    else:
        # Old readers know encoded words in `name` only, the standard knows RFC 2231 only: both are given.
        name = ';\r\n name="' + "\r\n ".join(_words(file.name, "a file's name")) + '"'
        disposition = "attachment" + _rfc2231(file.name)
    head = f"Content-Type: {kind}{name}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode("ascii") + _base64(file.content)


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


def _field(name: str, words: Sequence[str]) -> str:
    """A header field folded between its words."""
    line, done = name + ":", []
    for word in words:
        if len(line) + 1 + len(word) > LINE and line != name + ":":
            done.append(line)
            line = ""
        line += " " + word
    folded = "\r\n".join([*done, line])
    if any(len(part) > MAX_LINE for part in folded.split("\r\n")):
        raise ComposeError(f"The {name} field has a word longer than {MAX_LINE} characters.")
    return folded


def _words(text: str, what: str) -> list[str]:
    """Free text as words of a header: as it stands when it is plain ASCII, else RFC 2047."""
    if _CONTROL.search(text):
        raise ComposeError(f"There is a control character in {what}.")
    text = text.replace("\t", " ")
    plain = text.isascii() and "=?" not in text and text == text.strip() and "  " not in text
    if plain and all(len(word) <= LINE - 10 for word in text.split(" ")):
        return text.split(" ") if text else []
    words, current = [], b""
    for character in text:
        raw = character.encode("utf-8", "replace")
        if len(current) + len(raw) > 42:  # 56 letters of base64, 68 with `=?utf-8?b?…?=`: under 75 (RFC 2047 section 2)
            words.append(current)
            current = b""
        current += raw
    words.append(current)
    return [f"=?utf-8?B?{base64.b64encode(word).decode('ascii')}?=" for word in words]


def _listed(addresses: Sequence[Address]) -> list[str]:
    written = [_address(address) for address in addresses]
    return [*(one + "," for one in written[:-1]), written[-1]]


def _address(address: Address) -> str:
    """One mailbox of RFC 5322 3.4, folded by itself where its name is long."""
    local, at, domain = address.address.rpartition("@")
    if not at or _CONTROL.search(address.address) or not _LOCAL.fullmatch(local):
        raise ComposeError(f"{address.address!r} is no mail address.", address=address.address)
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ComposeError(f"{address.address!r} is no mail address: its domain cannot be written in ASCII.", address=address.address) from error
    if not _DOMAIN.fullmatch(domain) or ".." in domain:
        raise ComposeError(f"{address.address!r} is no mail address.", address=address.address)
    if not local.startswith('"') and not _DOT_ATOM.fullmatch(local):
        local = f'"{local}"'  # mobile carriers gave out addresses such as `a..b@`
    if not address.name:
        return f"{local}@{domain}"
    words = _words(address.name, "a name")
    if not words[0].startswith("=?utf-8?") and not _ATOMS.fullmatch(address.name):
        words = ('"' + address.name.replace("\\", "\\\\").replace('"', '\\"') + '"').split(" ")
    return "\r\n ".join([" ".join(words), f"<{local}@{domain}>"]) if sum(map(len, words)) > LINE else " ".join([*words, f"<{local}@{domain}>"])


def _id(message_id: MessageId) -> str:
    if not _MESSAGE_ID.fullmatch(message_id) or len(message_id) > MAX_LINE - 20:
        raise ComposeError(f"{message_id[:100]!r} is no Message-ID.", message_id=message_id[:100])
    return message_id


def reply_subject(subject: str) -> str:
    """`Re: ` once in front, whatever marks of a reply stood there before; `Fwd:` stays."""
    rest = subject.strip()
    while (mark := _REPLY_MARK.match(rest)) is not None:
        rest = rest[mark.end() :]
    return f"Re: {rest}".rstrip()


def quote(message: Message, attribution: str) -> str:
    """The text of a message quoted line by line under a line that says whose it is."""
    quoted = (">" + line if line.startswith(">") else f"> {line}".rstrip() for line in message.text.rstrip().split("\n"))
    return "\n".join([attribution, *quoted])
