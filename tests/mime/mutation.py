"""Mails made from good ones by changes that know what a mail is: fields, parts, labels, boundaries, nesting. The same for the same seed."""

import base64
import random
import re
from collections.abc import Callable, Sequence

from tests.mime.makers import signed_envelope, tnef, tnef_file

_FIELD = re.compile(rb"^[A-Za-z][A-Za-z-]*:.*\r?\n(?:[ \t].*\r?\n)*", re.MULTILINE)
_DELIMITER = re.compile(rb"^--[^\s-][^\r\n]{0,70}\r?\n", re.MULTILINE)
_CHARSET = re.compile(rb"charset\*?=\"?[\w-]+\"?", re.IGNORECASE)
_ENCODING = re.compile(rb"(?i)(content-transfer-encoding:[ \t]*)[\w-]+")
_TYPE = re.compile(rb"(?i)(content-type:[ \t]*)[\w./-]+")
_BOUNDARY = re.compile(rb"boundary=\"?[\w.-]+\"?", re.IGNORECASE)

CHARSETS = (
    *(b"utf-8", b"iso-2022-jp", b"shift_jis", b"euc-jp", b"gb2312", b"big5", b"utf-7", b"utf-16", b"hz", b"us-ascii", b"windows-1252"),
    *(b"ks_c_5601-1987", b"koi8-r", b"unknown-8bit", b"x", b"utf-8\x00", b"iso-2022-kr", b"cp437"),
)
ENCODINGS = (b"base64", b"quoted-printable", b"7bit", b"8bit", b"binary", b"x-uuencode", b"x-zip", b"BASE64 (note)")
TYPES = (
    *(b"text/plain", b"text/html", b"multipart/mixed", b"multipart/alternative", b"multipart/related", b"multipart/report", b"multipart/signed"),
    *(b"multipart/encrypted", b"multipart/digest", b"multipart/appledouble", b"message/rfc822", b"message/partial", b"message/external-body"),
    *(b"message/delivery-status",) * 2,
    *(b"text/calendar", b"application/ics", b"application/ms-tnef", b"application/pkcs7-mime", b"text/rfc822-headers"),
    *(b"application/octet-stream", b"text", b"/", b"message/global"),
)
SNIPPETS = (
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\x00",
        b"\x1b$B",
        b"\x1b(B",
        b"=?utf-8?B?",
        b"?=",
        b'"',
        b"<",
        b";",
        b"--",
        b"begin 644 x\r\n",
        b"end\r\n",
        b"\xff\xfe",
    ),
    *(b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"BEGIN:VTIMEZONE\r\n", b"RRULE:FREQ=YEARLY;BYDAY=9MO;BYMONTH=13\r\n", b"DTSTART:99991231T235959\r\n"),
    *(
        b"-----BEGIN PGP MESSAGE-----\r\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\r\n",
        b"\xf0\x9f\x98\x80",
        b"\xed\xa0\x80",
        b"\xe2\x80\xae",
        b"\x9b31m",
    ),
    *(b"Final-Recipient: rfc822; <a@x>\r\n", b"Status: 5.1.1\r\n", b"\x30\x80", b"\x24\x80", b"{\\rtf1", b"\\u-10179?", b"PT9999999H"),
)

Change = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def _pieces(raw: bytes, pattern: re.Pattern[bytes]) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(raw)]


def delete_field(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """One header field less."""
    spans = _pieces(raw, _FIELD)
    if not spans:
        return raw
    start, end = chance.choice(spans)
    return raw[:start] + raw[end:]


def repeat_field(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A header field of this or another mail once more, somewhere where fields are."""
    source = chance.choice([raw, chance.choice(others)])
    taken, places = _pieces(source, _FIELD), _pieces(raw, _FIELD)
    if not taken or not places:
        return raw
    start, end = chance.choice(taken)
    at = chance.choice(places)[0]
    return raw[:at] + source[start:end] + raw[at:]


def swap_fields(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """Two header fields change places, perhaps across parts."""
    spans = _pieces(raw, _FIELD)
    if len(spans) < 2:
        return raw
    (a, b), (c, d) = sorted(chance.sample(spans, 2))
    return raw[:a] + raw[c:d] + raw[b:c] + raw[a:b] + raw[d:]


def change_parts(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """A part is deleted, doubled, or moved to the end."""
    starts = [start for start, _end in _pieces(raw, _DELIMITER)]
    if len(starts) < 2:
        return raw
    index = chance.randrange(len(starts) - 1)
    start, end = starts[index], starts[index + 1]
    part = raw[start:end]
    match chance.randrange(3):
        case 0:
            return raw[:start] + raw[end:]
        case 1:
            return raw[:end] + part * chance.randrange(1, 4) + raw[end:]
        case _:
            return raw[:start] + raw[end:] + part


def splice(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The beginning of one mail and the end of another."""
    other = chance.choice(others)
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def insert_mail(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A piece of another mail somewhere inside."""
    other = chance.choice(others)
    start = chance.randrange(len(other) + 1)
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + other[start : start + chance.randrange(1, 400)] + raw[at:]


def relabel(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """Another charset, encoding, type or boundary than the true one."""
    match chance.randrange(4):
        case 0:
            return _CHARSET.sub(lambda _found: b"charset=" + chance.choice(CHARSETS), raw, count=chance.randrange(3))
        case 1:
            return _ENCODING.sub(lambda found: found[1] + chance.choice(ENCODINGS), raw, count=chance.randrange(1, 3))
        case 2:
            return _TYPE.sub(lambda found: found[1] + chance.choice(TYPES), raw, count=chance.randrange(1, 3))
        case _:
            return _BOUNDARY.sub(lambda _found: b"boundary=" + chance.choice((b"BB", b"", b'"', b"A", b"--", b"b" * 200)), raw, count=1)


def truncate(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """Cut off."""
    return raw[: chance.randrange(len(raw) + 1)]


def flip(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """Some bytes are others."""
    changed = bytearray(raw)
    for _ in range(chance.randrange(1, 9)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def insert(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """A snippet that means something, where it means something else."""
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(SNIPPETS) * chance.choice((1, 1, 1, 50)) + raw[at:]


def repeat(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """A stretch many times over."""
    start = chance.randrange(len(raw) + 1)
    stretch = raw[start : start + chance.randrange(1, 60)]
    return raw[:start] + stretch * chance.randrange(2, 200) + raw[start:]


def nest(raw: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    """The mail becomes a part of another: attached, in a multipart, in an envelope, in winmail.dat."""
    head = b"From: n@example.jp\r\nSubject: n\r\nMessage-ID: <n@x>\r\n"
    b64 = b"Content-Transfer-Encoding: base64\r\n\r\n"
    match chance.randrange(5):
        case 0:
            return head + b"Content-Type: message/rfc822\r\n\r\n" + raw
        case 1:
            mark = b"n%d" % chance.randrange(1_000)
            return head + b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n" + raw + b"\r\n--" + mark + b"--\r\n"
        case 2:
            return head + b"Content-Type: message/rfc822\r\n" + b64 + _base64(raw)
        case 3:
            return head + b"Content-Type: application/pkcs7-mime\r\n" + b64 + _base64(signed_envelope(raw, indefinite=chance.random() < 0.5))
        case _:
            return head + b"Content-Type: application/ms-tnef\r\n" + b64 + _base64(tnef(tnef_file(b"n.eml", raw)))


def _base64(raw: bytes) -> bytes:
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


CHANGES: tuple[Change, ...] = (
    *(delete_field, repeat_field, swap_fields, change_parts, splice, insert_mail, relabel, relabel, truncate, flip, insert, insert, repeat, nest),
)
LARGEST = 400_000
"""Bytes; changes are not heaped upon a mail that has grown so large."""


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One mail, changed one to eight times."""
    raw = chance.choice(seeds)
    for _ in range(chance.randrange(1, 9)):
        if len(raw) < LARGEST:
            raw = chance.choice(CHANGES)(raw, chance, seeds)
    return raw
