"""A mailing is written as the house writes: in its charset, byte by byte, and a row that this cannot hold says so and stops no other."""

import msgspec

from mailsync.mime.parse import parse_message
from store.domain.ids import TemplateKey
from store.domain.mailing_recipients import RowProblem
from store.domain.mailing_sheet import read_sheet
from store.domain.template import Template
from store.settings.settings import WritingSettings
from tests.cli.test_writing import INBOX, NOW
from tui.mailing import CANNOT_BE_WRITTEN, mails, trial, wording_of

TABLE = "email,name\nsato@old.example.jp,佐藤\ntaka@old.example.jp,髙橋\nlee@new.example.jp,髙田\n".encode()
LETTER = Template(TemplateKey("winter"), "冬のご案内", "{{name}} 様\n\nご案内です。\n{{unsubscribe}}\n")
OLD_HOSTS = WritingSettings(iso_2022_jp_domains=("old.example.jp",))


def made(writing: WritingSettings) -> list[bytes | RowProblem]:
    inbox = msgspec.structs.replace(INBOX, writing=writing)
    wording = wording_of(LETTER, inbox, "佐藤", frozenset({inbox.address}), NOW)
    return [row.mime if row is not None else found for found, row in mails(read_sheet(TABLE), trial(inbox, wording, NOW))]


def test_a_mailing_reaches_an_old_host_in_the_bytes_it_can_read() -> None:
    jis, lost, utf_8 = made(OLD_HOSTS)
    assert isinstance(jis, bytes)
    assert b"charset=iso-2022-jp" in jis
    assert b"Subject: =?iso-2022-jp?B?" + b"GyRCRV8kTiQ0MEZGYhsoQg==" in jis.replace(b"ISO-2022-JP", b"iso-2022-jp")
    assert "佐藤 様\r\n\r\nご案内です。".encode("iso-2022-jp") in jis
    assert jis.isascii(), "JIS is seven bits"
    assert parse_message(jis).text.startswith("佐藤 様\n\nご案内です。\n")
    assert isinstance(lost, RowProblem)
    assert (lost.n, lost.code) == (3, CANNOT_BE_WRITTEN)
    assert "ISO-2022-JP" in lost.fact
    assert isinstance(utf_8, bytes)
    assert b"charset=utf-8" in utf_8


def test_a_house_that_writes_utf_8_writes_its_mailings_so() -> None:
    for mime in made(WritingSettings()):
        assert isinstance(mime, bytes)
        assert b"charset=utf-8" in mime


def test_a_house_that_writes_html_beside_its_text_does_so_in_a_mailing() -> None:
    first = made(WritingSettings(html=True))[0]
    assert isinstance(first, bytes)
    assert b"text/html" in first
