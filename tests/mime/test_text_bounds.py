"""Texts, headers and addresses made to take long take less than two seconds."""

import pytest

from mailsync.mime.parse import parse_message
from tests.mime.mails import mail
from tests.mime.reference_seconds import at_most

ATTACKS = {
    "a hundred thousand encoded words": mail(b"Subject: " + b"=?utf-8?Q?a?= " * 100_000 + b"\r\n"),
    "encoded words that never end": mail(b"Subject: " + b"=?utf-8?Q?" * 100_000 + b"\r\n"),
    "an encoded word padded thirty thousand times": mail(b"Subject: =?utf-8?B?" + b"YQ==" * 30_000 + b"?=\r\n"),
    "an address of one endless word": b"From: a@b\r\nTo: " + b"a" * 130_000 + b"\r\n\r\n",
    "an address of at signs": b"From: a@b\r\nTo: " + b"a@" * 65_000 + b"\r\n\r\n",
    "a name of percent signs": mail(b'Content-Type: text/plain; name="' + b"%e3" * 40_000 + b'"\r\n'),
    "a date of months": mail().replace(b"Tue, 24 Nov", b"Nov " * 45),
    "Shift_JIS with three million damages": mail(b"Content-Type: text/plain; charset=shift_jis\r\n", b"\x81\x20" * 3_000_000),
    "EUC-JP of nothing but NEC's rows": mail(b"Content-Type: text/plain; charset=euc-jp\r\n", b"\xad\xa1" * 3_000_000),
    "two million escapes": mail(b"Content-Type: text/plain; charset=iso-2022-jp\r\n", b"\x1b$B" * 2_000_000),
    "unlabelled bytes of every kind": mail(body=bytes(range(128, 256)) * 40_000),
    "flowed lines without an end": mail(b"Content-Type: text/plain; format=flowed\r\n", b"a \r\n" * 2_000_000),
    "enriched blanks": mail(b"Content-Type: text/enriched\r\n", b" " * 4_000_000 + b"x"),
    "enriched excerpts in each other": mail(b"Content-Type: text/enriched\r\n", b"<excerpt>" * 600_000),
    "enriched brackets": mail(b"Content-Type: text/enriched\r\n", b"<<<a>\n" * 1_000_000),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_text_takes_longer_than_two_seconds(name: str) -> None:
    with at_most(2):
        message = parse_message(ATTACKS[name])
    assert len(message.text) <= 2_000_000
