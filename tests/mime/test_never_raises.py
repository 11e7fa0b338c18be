"""No bytes, however made, raise or take long: what cannot be read is said, not thrown."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.mime.hash import content_sha256
from mailsync.mime.headers import parse_headers
from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from tests.mime.cases import CASES, mail

FRAGMENTS = st.sampled_from(
    [
        *(b"From: ", b"Subject: ", b"Date: ", b"Content-Type: ", b"Content-Disposition: ", b"References: ", b"To: ", b"Content-Transfer-Encoding: "),
        *(b"multipart/mixed; boundary=b", b"text/html", b"text/plain; charset=", b"utf-7", b"utf-16", b"iso-2022-jp", b"euc-jp", b"hz", b"idna"),
        *(b"\r\n", b"\n", b"\r\n\r\n", b"\r", b"--b", b"--b--", b"=?utf-8?B?", b"?=", b"=?utf-7?Q?+2AA-?=", b"\x1b$B", b"\x1b(B", b"\x1b(I"),
        *(b"<", b">", b'"', b"(", b")", b",", b";", b"@", b"\\", b"filename*0*=", b"''", b"%ff", b"\xff", b"\x00", b"base64", b"x-uuencode"),
        *(b"begin 644 x\n", b"<table><tr><td>", b"<blockquote>", b"<li>", b"Tue, 99 Foo 99999 99:99:99 +9999", b"message/rfc822"),
    ]
)


def read_everything(raw: bytes) -> None:
    """Read a message in every way there is, and make sure its texts can be stored."""
    message = parse_message(raw)
    headers = parse_headers(raw)
    content_sha256(raw, len(raw))
    "".join((message.subject, message.text, headers.subject, *(each.name for each in message.attachments))).encode("utf-8")
    for attachment in message.attachments:
        assert len(part_bytes(raw, attachment.part)) == attachment.size_bytes
    if message.date is not None:
        message.date.timestamp()


@given(st.lists(FRAGMENTS | st.binary(max_size=12), max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_mail_of_broken_pieces_raises(pieces: list[bytes]) -> None:
    read_everything(b"".join(pieces))


@given(st.sampled_from(sorted(CASES)), st.data())
@settings(max_examples=100, deadline=None)
def test_no_damaged_mail_raises(name: str, data: st.DataObject) -> None:
    raw = bytearray(CASES[name][0])
    for _ in range(data.draw(st.integers(0, 8))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    read_everything(bytes(raw[: data.draw(st.integers(0, len(raw)))]))


ATTACKS = {
    "a header of a million openings": mail(b"Subject: " + b"=?a?q?" * 200_000 + b"\r\n"),
    "a header of a million commas": b"To: " + b"," * 1_000_000 + b"\r\n\r\n",
    "a header of a million quotes": b"To: " + b'"\\' * 500_000 + b"\r\n\r\n",
    "a header of a million brackets": b"References: " + b"<" * 1_000_000 + b"\r\nTo: " + b"(<" * 500_000 + b"\r\n\r\n",
    "a header of a million semicolons": mail(b"Content-Type: text/plain" + b";" * 1_000_000 + b"\r\n"),
    "a header of a million escapes": b"To: (" + b"\\(" * 500_000 + b"\r\n\r\n",
    "quoted-printable of a million spaces": mail(b"Content-Transfer-Encoding: quoted-printable\r\n", b" " * 1_000_000 + b"x"),
    "a million lost escape characters": mail(b"Content-Type: text/plain; charset=iso-2022-jp\r\n", b"$B" * 500_000),
    "a million fields": b"X: y\r\n" * 1_000_000 + b"\r\n",
    "a million parameters": mail(b"Content-Type: text/plain" + b"; a*0=b" * 100_000 + b"\r\n"),
    "a thousand multiparts in each other": mail(
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(1_000)),
    ),
    "a hundred thousand parts": mail(b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n\r\nx\r\n" * 100_000),
    "html a hundred thousand deep": mail(b"Content-Type: text/html\r\n", b"<div>" * 100_000 + b"x"),
    "quotes a hundred thousand deep": mail(b"Content-Type: text/html\r\n", b"<blockquote><a href=x>" * 4_900 + b"x"),
    "a text of twenty million bytes": mail(body=b"lorem ipsum " * 1_700_000),
    "a twenty megabyte attachment": mail(b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n", b"QUJD" * 19 * 260_000),
    "a date of a million digits": mail().replace(b"2026", b"2" * 1_000_000),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_seconds_not_minutes(name: str) -> None:
    started = time.process_time()
    message = parse_message(ATTACKS[name])
    assert len(message.text) <= 2_000_000
    assert len(message.attachments) <= 1_001
    assert time.process_time() - started < 5
