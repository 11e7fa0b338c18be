"""ISO-2022-JP as old hosts read it: every byte here was looked up in the table of JIS X 0208, none comes from a codec."""

import pytest

from mailsync.mime.compose import Manner, NotInCharset, OutgoingFile
from mailsync.mime.text.jis import NotHeld, can_hold, encode_jis, holdable, not_held
from store.domain.message import Address
from tests.mime.test_compose import reply

KANJI, ASCII = b"\x1b$B", b"\x1b(B"
JIS = Manner(charset="iso-2022-jp")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # 日 is 46-7C, 本 4B-5C, 語 38-6C.
        ("日本語", KANJI + b"\x46\x7c\x4b\x5c\x38\x6c" + ASCII),
        # A line ends in ASCII, and the next begins there. 東 45-6C, 京 35-7E; あ 24-22.
        ("東京\nあ", KANJI + b"\x45\x6c\x35\x7e" + ASCII + b"\n" + KANJI + b"\x24\x22" + ASCII),
        # ASCII between stays ASCII. ご 24-34, 件 37-6F.
        ("Re: 件 No.1ご", b"Re: " + KANJI + b"\x37\x6f" + ASCII + b" No.1" + KANJI + b"\x24\x34" + ASCII),
        # Half-width ﾒｰﾙ and ｶﾞ become メール (25-61 21-3C 25-6B) and ガ (25-2C).
        ("ﾒｰﾙｶﾞ", KANJI + b"\x25\x61\x21\x3c\x25\x6b\x25\x2c" + ASCII),
        # Windows' ～ － ∥ ￠ are JIS's 〜 − ‖ ¢: 21-41 21-5D 21-42 21-71. The yen sign is 21-6F, no escape to JIS X 0201.
        ("～－∥￠¥", KANJI + b"\x21\x41\x21\x5d\x21\x42\x21\x71\x21\x6f" + ASCII),
        ("plain", b"plain"),
        ("", b""),
    ],
)
def test_the_bytes_are_those_of_the_table(text: str, rows: bytes) -> None:
    assert encode_jis(text) == rows


def test_what_it_cannot_hold_is_told_by_line_and_column() -> None:
    assert not_held("ご注文\n①髙橋様 ㈱") == (NotHeld("①", 2, 1), NotHeld("髙", 2, 2), NotHeld("㈱", 2, 6))
    assert not_held("高橋様 ｶﾅ ～") == ()
    assert [can_hold(text) for text in ("高", "髙", "😀", "𠮟", "ё")] == [True, False, False, False, True]
    with pytest.raises(ValueError, match="JIS"):
        encode_jis("①")
    assert holdable("ﾊﾟﾝﾀﾞ") == "パンダ"


def test_a_whole_mail_is_seven_bits_with_every_line_and_word_closed_in_itself() -> None:
    raw = reply(subject="日本語" * 20, body="日本\n語\n", from_=Address("東京", "support@example.jp"), to=[Address("", "a@example.com")], manner=JIS)
    head, _, body = raw.partition(b"\r\n\r\n")
    # 東京 in an encoded word: 1B 24 42 45 6C 35 7E 1B 28 42 is GyRCRWw1fhsoQg== in base64.
    assert b"From: =?iso-2022-jp?B?GyRCRWw1fhsoQg==?= <support@example.jp>" in head
    assert b"Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: 7bit" in head
    assert body == KANJI + b"\x46\x7c\x4b\x5c" + ASCII + b"\r\n" + KANJI + b"\x38\x6c" + ASCII + b"\r\n"
    assert raw.isascii()
    words = [word for word in head.split() if word.startswith(b"=?")]
    assert len(words) > 3
    assert all(len(word) <= 75 for word in words)


def test_what_it_cannot_hold_is_not_sent_in_another_charset_unasked() -> None:
    with pytest.raises(NotInCharset):
        reply(body="①番の商品", manner=JIS)
    assert b"charset=utf-8" in reply(body="①番の商品です。", manner=Manner())


def test_a_line_that_would_be_touched_on_its_way_is_encoded_and_a_file_has_both_kinds_of_name() -> None:
    raw = reply(body="From 東京\n.", attachments=[OutgoingFile("日本.pdf", "application/pdf", b"x")], manner=JIS)
    assert b"charset=iso-2022-jp\r\nContent-Transfer-Encoding: quoted-printable" in raw
    assert b"=46rom =1B$BEl5~=1B(B\r\n=2E\r\n" in raw
    # 日本.pdf: 1B 24 42 46 7C 4B 5C 1B 28 42 2E 70 64 66.
    assert b'name="=?iso-2022-jp?B?GyRCRnxLXBsoQi5wZGY=?="' in raw
    assert b"filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf" in raw


def test_a_long_paragraph_is_broken_softly_in_it_too() -> None:
    raw = reply(body="日本語" * 40, manner=Manner(charset="iso-2022-jp", flowed=True))
    assert b"charset=iso-2022-jp; format=flowed; delsp=yes\r\n" in raw
    lines = raw.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert len(lines) > 3
