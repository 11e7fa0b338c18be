"""A text comes out as it was written, whatever its label says; a person who sees it wrong may read it again in another charset."""

import pytest

from mailsync.mime.parse import parse_message
from mailsync.mime.text.charset import CHARSETS_TO_OFFER, decode_text
from mailsync.mime.text.charset_labels import chosen_charset
from tests.mime.mails import mail, multipart, text_part
from tests.mime.unlabelled import SETS, sent
from tests.rows import row


def test_a_message_is_read_again_in_the_charset_a_person_chose() -> None:
    raw = text_part("koi8-r", "表示ソフト".encode("cp932"))
    assert parse_message(raw).text != "表示ソフト"
    assert parse_message(raw, charset="shift_jis").text == "表示ソフト"


def test_a_senders_name_in_utf8_stays_readable_while_the_text_is_read_again() -> None:
    raw = "From: 山田 <y@example.jp>\r\nContent-Type: text/plain; charset=windows-1251\r\n\r\n".encode() + "Здравствуйте".encode("koi8-r")
    read = parse_message(raw, charset="koi8-r")
    assert (read.from_[0].name, read.text) == ("山田", "Здравствуйте")


def test_the_choice_holds_for_raw_header_bytes_and_file_names_but_not_for_encoded_words() -> None:
    body = b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="' + "設計図.pdf".encode("euc_jp") + b'"\r\n\r\nx'
    raw = multipart("mixed", b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "本文".encode("euc_jp"), body)
    raw = b"Subject: =?utf-8?B?5p2x5Lqs?= " + "大阪".encode("euc_jp") + b"\r\n" + raw
    read = parse_message(raw, charset="euc-jp")
    assert (read.subject, read.text, read.attachments[0].name) == ("東京 大阪", "本文", "設計図.pdf")
    assert read.from_[0].name == "山田"


def test_the_choice_holds_for_bytes_that_would_be_utf_8_too() -> None:
    raw = mail("Subject: é\r\n".encode(), "é".encode())
    read = parse_message(raw, charset="windows-1252")
    assert (read.subject, read.text) == ("Ã©", "Ã©")


def test_the_choice_holds_for_html_that_states_another() -> None:
    raw = mail(b"Content-Type: text/html\r\n", "<meta charset=utf-8><p>注文</p>".encode("cp932"))
    assert parse_message(raw, charset="shift_jis").text == "注文"


@pytest.mark.parametrize("label", ["martian", "base64", "unicode_escape", "\x1b[2J", "us-ascii", "x" * 10_000])
def test_a_charset_that_does_not_exist_changes_nothing_and_says_so(label: str) -> None:
    raw = text_part("utf-8", "東京".encode())
    read = parse_message(raw, charset=label)
    assert read.text == "東京"
    assert any("no such charset" in warning for warning in read.warnings)


def test_what_does_not_fit_the_choice_is_said() -> None:
    read = parse_message(text_part("utf-8", "東京".encode()), charset="euc-jp")
    assert any("could not be read as euc-jp" in warning for warning in read.warnings)


@pytest.mark.parametrize("body", [bytes(range(256)), "東京\r\n".encode("iso2022_jp") * 3, b"", b"\xff\xfe" + "a".encode("utf-16-le"), b"+2AA-"])
def test_every_charset_on_offer_reads_any_bytes(body: bytes) -> None:
    for label, _words in CHARSETS_TO_OFFER:
        with row(label):
            read = parse_message(text_part("utf-8", body), charset=label)
            assert chosen_charset(label)
            assert not any("no such charset" in warning for warning in read.warnings)
            read.text.encode("utf-8")


RATES = {"utf-16le without a mark (Japanese)": 0.8, "utf-16be without a mark (Japanese)": 0.8, "windows-874": 0.6}
"""Where less than all are read: a short text in UTF-16 looks like others, and three bytes of Thai like half-width kana."""


def test_there_are_enough_texts_to_guess() -> None:
    assert sum(len(texts) for texts, _ in SETS.values()) >= 300


@pytest.mark.parametrize("name", SETS)
def test_a_text_without_a_label_is_read_rightly(name: str) -> None:
    texts, codec = SETS[name]
    wrong = [text for text in texts if decode_text(sent(text, codec))[0] != text]
    assert len(texts) - len(wrong) >= RATES.get(name, 1) * len(texts), wrong


def test_what_was_guessed_is_said() -> None:
    text, said = decode_text("返品について".encode("cp932"))
    assert (text, said) == ("返品について", "The text has no charset; it was read as shift_jis.")


MARRED = {"utf-8 (Japanese)", "shift_jis", "euc-jp", "utf-8 (Chinese)", "gb18030", "big5", "cp949"}
SEVEN_IN_TEN = 0.7
"""Of texts of five letters or more with one broken byte, and of their letters. What stands in for one may take its neighbour along."""


@pytest.mark.parametrize("name", sorted(MARRED))
@pytest.mark.parametrize("labelled", [True, False])
def test_one_broken_byte_spoils_a_letter_and_not_the_text(name: str, labelled: bool) -> None:
    texts, codec = SETS[name]
    longer = [text for text in texts if len(text) >= 5 and not text.isascii()]
    readable = 0
    for text in longer:
        raw = sent(text, codec)
        at = next(place for place, byte in enumerate(raw) if byte > 0x7F)
        read = decode_text(raw[:at] + b"\xff" + raw[at:], codec if labelled else "")[0]
        readable += sum(letter in read for letter in set(text)) >= SEVEN_IN_TEN * len(set(text))
    assert readable >= SEVEN_IN_TEN * len(longer)
