"""The raw source and the headers as pages: every byte is there, none of them steers the terminal."""

import random
import re
import time

import pytest

from mailsync.mime.parse import parse_message
from store.domain.ids import InboxKey, MessageId
from store.local.rows import StoredMessage
from tests.tui.home_builder import NOON
from tui.view.headers import fields_of, header_lines
from tui.view.highlight import highlighted
from tui.view.source import SourceLines, safe_text


def texts(raw: bytes, width: int = 80) -> list[str]:
    return [line.text for line in SourceLines(raw, width)]


def test_a_source_is_shown_line_by_line() -> None:
    assert texts(b"Subject: x\r\n\r\nbody\nend") == ["Subject: x", "", "body", "end"]


def test_what_cannot_be_shown_is_shown_by_its_number() -> None:
    assert texts(b"\x1b$B\x1b[2J\t\x00\x9b31m\r!\r\n") == ["\\x1b$B\\x1b[2J    \\x00\\x9b31m\\x0d!"]
    assert safe_text("\u202e\u200b\U000e0041".encode()) == "\\u202e\\u200b\\U000e0041"


def test_japanese_in_utf8_reads_as_it_is_and_breaks_between_letters() -> None:
    shown = texts(("件名" * 50).encode(), 20)
    assert "".join(shown) == "件名" * 50
    assert max(len(each) for each in shown) == 10


def test_a_source_of_five_megabytes_in_raw_japanese_is_there_in_time() -> None:
    line = ("本文です。注文番号 AB-1234-56 について。" * 4).encode() + b"\r\n"
    began = time.process_time()
    shown = SourceLines(line * (5_000_000 // len(line)) + "あ".encode() * 400_000, 80)
    assert time.process_time() - began < 1.5
    assert shown[-1].text == "あ" * 40


@pytest.mark.parametrize("seed", range(40))
def test_no_byte_is_lost_no_line_is_too_wide_and_nothing_steers(seed: int) -> None:
    chance = random.Random(seed)
    pieces = [b"\r\n", b"\n", b"\r", b"\x1b[2J", "日本".encode(), "ﾀﾞ".encode(), b"\xe3\x81", b"\x9b", b"a" * 90, b" ", "\u202e".encode(), b"\x00"]
    raw = b"".join(chance.choice(pieces) for _ in range(200))
    width = chance.choice([8, 20, 80])
    lines = SourceLines(raw, width)
    assert all(line.columns <= width for line in lines)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u202e]", "".join(line.text for line in lines))
    # Read back: what stands there by its number, and the line ends, are all that is not there as it is.
    back = b"".join(_bytes_of(line.text) for line in lines)
    assert back == raw.replace(b"\r\n", b"").replace(b"\n", b"") or back.replace(b"\r", b"") == raw.replace(b"\r", b"").replace(b"\n", b"")


def _bytes_of(text: str) -> bytes:
    def one(found: re.Match[str]) -> bytes:
        number = int(f"0x{found[0][2:]}", 0)
        return bytes([number]) if found[0][1] == "x" else chr(number).encode()

    out, at = b"", 0
    for found in re.finditer(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}", text):
        out += text[at : found.start()].encode() + one(found)
        at = found.end()
    return out + text[at:].encode()


def test_a_word_is_found_in_the_source_also_where_a_line_is_broken() -> None:
    lines = SourceLines(b"x" * 18 + b"NeedleNeedle\r\n" + "針".encode(), 20)
    found = lines.find("needle")
    assert [[(piece.line, piece.start, piece.end) for piece in each] for each in found.matches] == [[(0, 18, 20), (1, 0, 4)], [(1, 4, 10)]]
    assert len(lines.find("針").matches) == 1
    assert not lines.find("").matches
    marked = highlighted(lines[1], found.marks(1)[1])
    assert [(span.text, span.tone) for span in marked.spans] == [("edle", "found"), ("Needle", "found-here")]


RAW = (
    b"Received: from a\r\n\tby b\r\nFrom: =?utf-8?b?5bGx55Sw?= <y@x.example>\r\nSubject: =?iso-2022-jp?b?GyRCN29MPhsoQg==?=\r\n"
    b"received: twice\r\nno field at all \x1b[2J\r\nX-Evil: a\x1b]0;t\x07\r\n\r\nSubject: not a header\r\n"
)


def test_every_field_is_there_in_its_order_decoded_and_unfolded() -> None:
    assert list(fields_of(RAW)) == [
        ("Received", "from a by b"),
        ("From", "山田 <y@x.example>"),
        ("Subject", "件名"),
        ("received", "twice"),
        ("", "no field at all [2J"),
        ("X-Evil", "a]0;t"),
    ]


@pytest.mark.parametrize("width", [12, 40, 80, 200])
def test_the_page_of_headers_names_where_the_mail_lies_and_every_remark(width: int) -> None:
    message = parse_message(RAW)
    stored = StoredMessage(message, MessageId("<1@x>"), InboxKey("support"), "INBOX", 7, NOON, outgoing=False, flags=(), size_bytes=len(RAW))
    said = "".join(line.text for line in header_lines(stored, RAW, width, NOON)).replace(" ", "")
    assert "INBOX" in said
    assert len(message.warnings) >= 1
    assert said.count("!") >= len(message.warnings)
    assert "件名" in said
    assert all(line.columns <= max(width, 12) for line in header_lines(stored, RAW, width, NOON))


def test_without_its_source_the_page_says_so() -> None:
    stored = StoredMessage(parse_message(RAW), MessageId("<1@x>"), InboxKey("support"), "", 0, NOON, outgoing=False, flags=())
    said = "\n".join(line.text for line in header_lines(stored, None, 80, NOON))
    assert "in no mailbox any more" in said
    assert "not on this machine" in said
