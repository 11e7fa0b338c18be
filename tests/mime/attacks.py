"""Mails made to cost time or memory, each with its name; made only when asked for, for some are large."""

import struct
from collections.abc import Callable

from tests.mime.cases import b64, mail
from tests.mime.makers import (
    attribute,
    ber,
    calendar,
    der,
    packed_rtf,
    properties,
    sealed_envelope,
    signed_envelope,
    tnef,
    tnef_file,
    tnef_message,
    tnef_properties,
)


def typed(content_type: bytes, body: bytes, encoding: bytes = b"") -> bytes:
    """A mail of one part."""
    return mail(b"Content-Type: " + content_type + b"\r\n" + (b"Content-Transfer-Encoding: " + encoding + b"\r\n" if encoding else b""), body)


def mixed(part: bytes, count: int) -> bytes:
    """So many of the same part."""
    return typed(b"multipart/mixed; boundary=b", (b"--b\r\n" + part + b"\r\n") * count + b"--b--\r\n")


def nested_messages(depth: int, padding: bytes = b"") -> bytes:
    """Mails attached to each other."""
    return b"".join(b"Subject: %d\r\nContent-Type: message/rfc822\r\n\r\n" % level for level in range(depth)) + b"Subject: last\r\n\r\nend" + padding


def encoded_messages(depth: int, size: int) -> bytes:
    """Mails attached to each other, each in base64."""
    inner = b"Subject: x\r\n\r\n" + b"y" * size
    for _ in range(depth):
        inner = b"Subject: x\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(inner)
    return inner


def quoted_multiparts(depth: int, size: int) -> bytes:
    """Multiparts that are quoted-printable as a whole, so that each level must be decoded to find the next."""
    inner = b"Content-Type: text/plain\r\n\r\n" + (b"z" * 70 + b"\r\n") * (size // 72)
    for level in range(depth):
        mark = b"q%d" % level
        body = b"--" + mark + b"\r\n" + inner + b"\r\n--" + mark + b"--\r\n"
        inner = (
            b"Content-Type: multipart/mixed; boundary="
            + mark
            + b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            + body.replace(b"=", b"=3D").replace(b"--q", b"=2D=2Dq")
        )
    return mail(b"", b"").removesuffix(b"\r\n") + inner


def deep_tnef(depth: int, payload: int) -> bytes:
    """winmail.dat in winmail.dat."""
    inner = tnef(tnef_file(b"x", b"y" * payload))
    for _ in range(depth):
        inner = tnef(tnef_message(inner))
    return inner


def rtf_bomb(size: int) -> bytes:
    """LZFu in which every reference gives seventeen bytes."""
    body = b"\x00" + b"{\\rtf1 x" + (b"\xff" + struct.pack(">H", (207 << 4) | 15) * 8) * size
    return struct.pack("<II4sI", len(body) + 12, 0xFFFFFF, b"LZFu", 0) + body


WINMAIL = b"application/ms-tnef; name=winmail.dat"
RTF, HTML = 0x1009, 0x1013

Attacks = dict[str, Callable[[], bytes]]

ATTACKS: Attacks = {
    # headers and small parts
    "a header of a million openings": lambda: mail(b"Subject: " + b"=?a?q?" * 200_000 + b"\r\n"),
    "a header of a million commas": lambda: b"To: " + b"," * 1_000_000 + b"\r\n\r\n",
    "a header of a million quotes": lambda: b"To: " + b'"\\' * 500_000 + b"\r\n\r\n",
    "a header of a million brackets": lambda: b"References: " + b"<" * 1_000_000 + b"\r\nTo: " + b"(<" * 500_000 + b"\r\n\r\n",
    "a header of a million semicolons": lambda: mail(b"Content-Type: text/plain" + b";" * 1_000_000 + b"\r\n"),
    "a header of a million escapes": lambda: b"To: (" + b"\\(" * 500_000 + b"\r\n\r\n",
    "quoted-printable of a million spaces": lambda: mail(b"Content-Transfer-Encoding: quoted-printable\r\n", b" " * 1_000_000 + b"x"),
    "a million lost escape characters": lambda: mail(b"Content-Type: text/plain; charset=iso-2022-jp\r\n", b"$B" * 500_000),
    "a million fields": lambda: b"X: y\r\n" * 1_000_000 + b"\r\n",
    "a million parameters": lambda: mail(b"Content-Type: text/plain" + b"; a*0=b" * 100_000 + b"\r\n"),
    "a thousand multiparts in each other": lambda: mail(
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(1_000)),
    ),
    "a hundred thousand parts": lambda: mail(b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n\r\nx\r\n" * 100_000),
    "html a hundred thousand deep": lambda: mail(b"Content-Type: text/html\r\n", b"<div>" * 100_000 + b"x"),
    "four megabytes of escapes and broken pairs": lambda: typed(b"text/plain; charset=iso-2022-jp", b"\x1b$B\x81\xff" * 800_000),
    "a choice of a hundred thousand options": lambda: mail(b"Content-Type: text/html\r\n", b"<select>" + b"<option>" * 100_000),
    "an element of ninety thousand attributes": lambda: mail(
        b"Content-Type: text/html\r\n", b"<p " + b" ".join(b"a%d" % each for each in range(90_000)) + b">x"
    ),
    "quotes a hundred thousand deep": lambda: mail(b"Content-Type: text/html\r\n", b"<blockquote><a href=x>" * 4_900 + b"x"),
    "a date of a million digits": lambda: mail().replace(b"2026", b"2" * 1_000_000),
    # structure
    "attached mails a thousand deep": lambda: nested_messages(1_000),
    "encoded multiparts ten deep": lambda: quoted_multiparts(10, 8_000_000),
    "a boundary a million times inside a line": lambda: typed(b"multipart/mixed; boundary=b", b"--bx" * 3_000_000),
    "a boundary a million times at the beginning of a line": lambda: typed(b"multipart/mixed; boundary=b", b"--bx\r\n" * 2_000_000),
    "thirty multiparts around a million wrong boundaries": lambda: mail(
        b"".join(b"Content-Type: multipart/mixed; boundary=b%02d\r\n\r\n--b%02d\r\n" % (level, level) for level in range(29)),
        b"".join(b"--b%02dx\r\n" % (number % 29) for number in range(1_000_000)),
    ),
    "a missing boundary and lines of blanks": lambda: typed(b"multipart/mixed", (b"\r\n--" + b" " * 190 + b"x" * 11) * 40_000),
    "thirty multiparts without a boundary around a million delimiters": lambda: mail(
        b"".join(b"Content-Type: multipart/mixed\r\n\r\n--q%02d\r\n\r\n--q%02d\r\n" % (level, level) for level in range(29)),
        b"--q\n" * 1_000_000,
    ),
    "a thousand parts with names of a thousand openings": lambda: mixed(
        b"Content-Disposition: attachment; filename=" + b"=?a?q?" * 1_500 + b"\r\n\r\nx", 1_000
    ),
    "a thousand attached mails with hard subjects": lambda: mixed(
        b"Content-Type: message/rfc822\r\n\r\nFrom: " + b'"\\' * 2_000 + b"\r\nSubject: " + b"=?a?q?" * 1_000 + b"\r\n\r\nx", 1_000
    ),
    "a digest of twenty thousand mails": lambda: typed(b"multipart/digest; boundary=b", b"--b\r\n\r\nSubject: x\r\n\r\ny\r\n" * 20_000),
    # texts
    "ten megabytes of escapes": lambda: typed(b"text/plain; charset=iso-2022-jp", b"\x1b$B!!\x1b(B" * 1_200_000),
    "eight megabytes without a label": lambda: mail(body=bytes(range(0x80, 0x100)) * 62_500),
    "ten megabytes of quotes": lambda: mail(body=b"> > > > > > > > x\r\n" * 520_000),
    "ten megabytes of flowed text": lambda: typed(b"text/plain; format=flowed", b"> flowed \r\n" * 900_000),
    # damaged encodings
    # uuencode
    "a million beginnings without an end": lambda: mail(body=b"begin 644 x\r\n" * 700_000),
    "two hundred thousand small files": lambda: mail(body=b"begin 644 x\r\n#0V%T\r\n`\r\nend\r\n" * 200_000),
    "a million beginnings full of blanks": lambda: mail(body=(b"begin 644 " + b" " * 249 + b"\t\r") * 30_000),
    "eight megabytes of uuencode": lambda: mail(body=b"begin 644 x\r\n" + (b"M" + b"A" * 60 + b"\r\n") * 125_000 + b"`\r\nend\r\n"),
    "eight megabytes of damaged uuencode": lambda: mail(body=b"begin 644 x\r\n#0V%T\r\n" + b"M\x7f\xff\r\n" * 1_500_000 + b"`\r\nend\r\n"),
    # winmail.dat
    "winmail.dat a hundred deep": lambda: typed(WINMAIL, b64(deep_tnef(100, 1_000)), b"base64"),
    "a winmail.dat of a hundred thousand files": lambda: typed(WINMAIL, b64(tnef(*[tnef_file(b"x", b"y")] * 100_000)), b"base64"),
    "a winmail.dat of a million attributes": lambda: typed(WINMAIL, b64(tnef(*[attribute(1, 0x00069003, properties())] * 500_000)), b"base64"),
    "a winmail.dat of a million properties": lambda: typed(WINMAIL, b64(tnef(tnef_properties(*[(3, 0x10, b"1234")] * 1_000_000))), b"base64"),
    "a winmail.dat that counts to four billion": lambda: typed(
        WINMAIL, b64(tnef(attribute(1, 0x00069003, struct.pack("<IHHII", 0xFFFFFFFF, 0x1102, 0x1000, 0xFFFFFFFF, 0xFFFFFFFF)))), b"base64"
    ),
    "a thousand winmail.dat": lambda: mixed(
        b"Content-Type: " + WINMAIL + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(deep_tnef(4, 9_000)), 1_000
    ),
    "packed rtf that grows to megabytes": lambda: typed(WINMAIL, b64(tnef(tnef_properties((0x0102, RTF, rtf_bomb(100_000))))), b"base64"),
    "packed rtf of a million groups": lambda: typed(
        WINMAIL, b64(tnef(tnef_properties((0x0102, RTF, packed_rtf(b"{\\rtf1" + b"{" * 1_000_000))))), b"base64"
    ),
    "packed rtf of a million escapes": lambda: typed(
        WINMAIL, b64(tnef(tnef_properties((0x0102, RTF, packed_rtf(b"{\\rtf1 " + b"\\u8364?\\'82\\'a0" * 70_000))))), b"base64"
    ),
    "packed rtf that says nothing, three times": lambda: typed(
        WINMAIL,
        b64(deep_with_rtf()),
        b"base64",
    ),
    "a page of a megabyte in a winmail.dat": lambda: typed(
        WINMAIL, b64(tnef(tnef_properties((0x0102, HTML, b"<blockquote><a href=x>" * 45_000)))), b"base64"
    ),
    # envelopes
    "an envelope a hundred thousand deep": lambda: typed(b"application/pkcs7-mime", b64(b"\x30\x80" * 100_000), b"base64"),
    "a signed envelope of constructed strings": lambda: typed(
        b"application/pkcs7-mime", b64(signed_envelope(b"Content-Type: text/plain\r\n\r\n" + b"x" * 2_000_000, indefinite=True, chunk=8)), b"base64"
    ),
    "envelopes in envelopes": lambda: envelopes(8),
    "lengths that lie": lambda: typed(b"application/pkcs7-mime", b64(sealed_envelope()[:4] + b"\x88" + b"\xff" * 8 + der(0x30) * 1_000), b"base64"),
    "strings in strings in strings": lambda: typed(b"application/pkcs7-mime", b64(strings_in_strings(2_000)), b"base64"),
    # calendars
    "a calendar of a million lines": lambda: typed(b"text/calendar", b"BEGIN:VCALENDAR\r\n" + b"X:y\r\n" * 1_000_000),
    "a calendar of a million folds": lambda: typed(b"text/calendar", calendar("SUMMARY:x") + b"\r\n " * 1_000_000),
    "a calendar of a million parameters": lambda: typed(b"text/calendar", calendar("SUMMARY" + ";a=b" * 250_000 + ":x")),
    "a calendar of quotes that never close": lambda: typed(b"text/calendar", calendar(*['ATTENDEE;CN="' + "a" * 3_000] * 300)),
    "a hundred thousand guests": lambda: typed(b"text/calendar", calendar("DTSTART:20261124T100000Z", *["ATTENDEE:mailto:a@x"] * 100_000)),
    "a zone of ten thousand rules": lambda: typed(
        b"text/calendar",
        calendar(
            "DTSTART;TZID=z:20261124T100000",
            zone="BEGIN:VTIMEZONE\r\nTZID:z\r\n"
            + (
                "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nRDATE:"
                + "19700101T000000," * 2_000
                + "\r\nEND:STANDARD\r\n"
            )
            * 30
            + "END:VTIMEZONE\r\n",
        ),
    ),
    "components in components": lambda: typed(b"text/calendar", b"BEGIN:VCALENDAR\r\n" * 50_000),
    # reports
    "a report of a hundred thousand recipients": lambda: typed(
        b"multipart/report; report-type=delivery-status; boundary=b",
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + b"Final-Recipient: rfc822; a@x\r\nAction: failed\r\n\r\n" * 100_000,
    ),
    "a bounce of a megabyte of addresses": lambda: (
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"".join(b"<a%d@example.jp>:\r\n\r\n" % n for n in range(50_000))
    ),
    "a bounce of dashes": lambda: b"From: MAILER-DAEMON@x\r\n\r\n" + b"-=" * 500_000 + b"\r\n" + b"- " * 500_000,
    "a bounce of a word without an end": lambda: b"From: MAILER-DAEMON@x\r\n\r\n" + b"a." * 500_000,
    # pgp
    "a million beginnings of pgp": lambda: mail(body=b"-----BEGIN PGP MESSAGE-----\r\n\r\n" * 200_000),
    "a signed text without a signature": lambda: mail(body=b"-----BEGIN PGP SIGNED MESSAGE-----\r\n" + b"Hash: x\r\n" * 500_000),
}

LARGE_ATTACKS: Attacks = {
    "a text of twenty million bytes": lambda: mail(body=b"lorem ipsum " * 1_700_000),
    "a twenty megabyte attachment": lambda: mail(b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n", b"QUJD" * 19 * 260_000),
    "attached mails thirty deep around twenty megabytes": lambda: nested_messages(29, b"x" * 20_000_000),
    "attached mails in base64 ten deep": lambda: encoded_messages(10, 2_000_000),
    "a boundary of a hundred thousand letters": lambda: typed(b"multipart/mixed; boundary=" + b"-" * 100_000, b"-" * 20_000_000),
    "a thousand parts with headers of many fields": lambda: mixed(b"X-A: b\r\n" * 2_000 + b"\r\nx", 1_000),
    "a header of fifty megabytes without an end": lambda: mail(b"X: y\r\n" * 8_000_000)[:-2],
    "fifty megabytes of lines that are no header fields": lambda: b"From: a@example.jp\r\n" + b"this is no field\r\n" * 2_800_000,
    "twenty million empty lines": lambda: b"\r\n" * 20_000_000 + b"From: a@example.jp\r\n\r\nx",
    "a text of fifty million bytes": lambda: mail(body=b"lorem ipsum " * 4_200_000),
    "fifty million bytes of quoted-printable": lambda: typed(b"text/plain; charset=utf-8", b"=E6=9D=B1=E4=BA=AC" * 2_700_000, b"quoted-printable"),
    "a thousand html parts": lambda: mixed(b"Content-Type: text/html\r\n\r\n" + b"<p>x<b>y</b>" * 3_000, 1_000),
    "a hundred large html parts": lambda: mixed(b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>x" * 20_000, 60),
    "a thousand texts in iso-2022-jp": lambda: mixed(b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + b"$B" * 8_000, 1_000),
    "a thousand texts without a label": lambda: mixed(b"Content-Type: text/plain\r\n\r\n" + bytes(range(0x80, 0x100)) * 120, 1_000),
    "fifty megabytes of damaged base64": lambda: typed(b"application/zip", b"QUJDREVG" * 6_500_000 + b"Q", b"base64"),
    "twenty megabytes of base64 padded everywhere": lambda: typed(b"application/zip", b"QQ==" * 5_000_000, b"base64"),
    "twenty megabytes of base64 with a blank after each letter": lambda: typed(b"application/zip", b"Q " * 10_000_000, b"base64"),
    "winmail.dat four deep around thirty megabytes": lambda: typed(WINMAIL, b64(deep_tnef(4, 30_000_000)), b"base64"),
    "a signed envelope of thirty megabytes": lambda: typed(
        b"application/pkcs7-mime", b64(signed_envelope(b"Content-Type: text/plain\r\n\r\n" + b"x" * 30_000_000)), b"base64"
    ),
    "a thousand calendars": lambda: mixed(b"Content-Type: text/calendar\r\n\r\n" + calendar(*["X-A:b"] * 3_000), 1_000),
}
"""The same by tens of megabytes."""


def deep_with_rtf() -> bytes:
    """Three messages, whose packed RTF is large and empty of text."""
    empty = packed_rtf(b"{\\rtf1{\\*\\x " + b"\\b0\\i0 " * 140_000 + b"}}")
    inner = tnef(tnef_properties((0x0102, RTF, empty)))
    for _ in range(3):
        inner = tnef(tnef_properties((0x0102, RTF, empty)), tnef_message(inner))
    return inner


def envelopes(depth: int) -> bytes:
    """Signed envelopes in each other, with a hard header in the innermost."""
    inner = b"Content-Type: text/plain; x=" + b"a*0=b;" * 5_000 + b"\r\n\r\n" + b"x" * 500_000
    for _ in range(depth):
        inner = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(signed_envelope(inner))
    return mail(b"", b"").removesuffix(b"\r\n") + inner


def strings_in_strings(depth: int) -> bytes:
    """Constructed octet strings in each other, in the place of the content."""
    octets = der(0x04, b"x")
    for _ in range(depth):
        octets = ber(0x24, octets)
    return signed_envelope(b"x")[:-4] + octets
