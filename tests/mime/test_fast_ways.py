"""Where common mail takes a shorter way through the code, it comes to the same."""

import re
from random import Random

import pytest
from selectolax.lexbor import LexborHTMLParser

from mailsync.mime.hash import content_sha256
from mailsync.mime.header.fields import header_end
from mailsync.mime.html.reading import text_by_nodes, text_by_tokens
from mailsync.mime.html.style import sheet_of
from mailsync.mime.text.iso2022 import by_pythons_codec, piece_by_piece
from store.local.normalise import _PATTERNS, spaced
from store.local.spreading import LONG_RUN, apart, spread

PIECES = (
    b"\x1b$B", b"\x1b(B", b"\x1b(J", b"\x1b(I", b"\x1b$@", b"\n", b"\r\n", b"\t", b" ", b"\x00", b"\x0e", b"\x0f", b"\x1b", b"abc", b"~\\", b"\xb1",
    b'$"', b"F|K\\8l", b"-!", b"!A", b"!]", b"$", b"\x7f", b"\x0b",
)  # fmt: skip


def test_every_pair_of_jis_is_the_same_letter_by_either_way() -> None:
    asked = 0
    for high in range(0x21, 0x7F):
        for low in range(0x21, 0x7F):
            pair = b"\x1b$B" + bytes((high, low)) + b"\x1b(B"
            by_codec = by_pythons_codec(pair)
            asked += by_codec is not None
            assert by_codec in (None, piece_by_piece(pair))
    assert asked > 6_800


def test_whatever_escapes_controls_and_line_ends_come_together_the_codec_is_asked_only_where_it_reads_what_we_read() -> None:
    chance = Random(11)
    asked = 0
    for _ in range(20_000):
        raw = b"".join(chance.choices(PIECES, k=chance.randrange(1, 9)))
        by_codec = by_pythons_codec(raw)
        asked += by_codec is not None
        assert by_codec in (None, piece_by_piece(raw)), raw
    assert asked > 500


@pytest.mark.parametrize("letters", ["返品の手続き", "がん ガン\nー", "𠮷野家", "絵文字🍣と漢字", "한글と漢字"])
def test_a_long_run_is_cut_into_the_same_words_as_a_short_one(letters: str) -> None:
    times = LONG_RUN // len(letters) + 2
    assert spaced(letters * times).split() == spaced(letters).split() * times


USUAL = (
    "返品",
    "がん",
    "ガンー",
    "々",
    "한글",
    "힣",
    "鿿",
    "一",
    "abc",
    "A1-2",
    "x",
    " ",
    "\n",
    "\t",
    "。",
    "、「",
    "』",
    "※",
    "・",
    "\x7f",
    "\x01",
    "0",
)
UNUSUAL = ("\0", "é", "〒", "…", "𠮷", "🍣", "\ud7b0", "ｱ", "゛", "—", "ไทย")


def test_usual_text_is_cut_into_the_same_words_by_its_bytes_and_unusual_text_is_left_to_the_long_way() -> None:
    chance = Random(12)
    for _ in range(5_000):
        text = "".join(chance.choices(USUAL, k=chance.randrange(0, 12)))
        by_bytes = spread(text)
        assert by_bytes is not None
        assert words(by_bytes) == words(_PATTERNS.run.sub(apart, _PATTERNS.separators.sub(" ", text))), ascii(text)
        at = chance.randrange(len(text) + 1)
        assert spread(text[:at] + chance.choice(UNUSUAL) + text[at:]) is None


def words(spaced_text: str) -> list[str]:
    """As the tokenizer `ascii` cuts them."""
    return re.findall(r"[0-9A-Za-z\x80-\U0010ffff]+", spaced_text)


def test_the_content_hash_does_not_see_how_blanks_are_written() -> None:
    plain = b"Message-ID: <a@example.com>\r\nSubject: one two three\r\n\r\n"
    for other in (b"one  two three", b"one\ttwo three", b"one two\r\n three", b" one two three  "):
        assert content_sha256(plain.replace(b"one two three", other), 10) == content_sha256(plain, 10)


MARKUP = (
    "<p>", "</p>", "<div>", "</div>", "<div style='color:#fff'>", "<td>", "<td>a</td>", "<td>\xa0b </td>", "<td> c",
    "<th colspan=2 rowspan=2>d</th>", "<td style='display:none'>e</td>", "<td style='white-space:pre'> f  g</td>", "<table>", "</table>", "<tr>",
    "</tr>", "<tbody>", "<br>", "<hr/>", "<b>", "</b>", "<a href='https://x.example/?a=1&amp;b=2'>", "</a>", "<ul>", "<ol start=3>", "<li>",
    "</ul>", "<h2>", "</h2>", "<pre>\n\n", "</pre>", "<blockquote type=cite>", "</blockquote>", "<!-- <b> -->", "<!--[if mso]><td><![endif]-->",
    "<style>.h{display:none} p{} /*</p>*/</style>", "<script>if (a<b && '\">') x()</script>", "<p class=h>", "<title>t</title>",
    "<img alt='a &quot;b&quot;' src=x>", "<img width=1>", "<o:p>", '<p a"b=c>', "<p 'q>", "<select><option>s</select>",
    "<textarea>\n t </textarea>", "<noscript><p>n</noscript>", "<svg><td>v</svg>", "<xmp><b></xmp>", "<template><td>z</template>",
    "<span hidden>", "</span>", "&lt;i&gt;", "&amp;amp;", "&nbsp;", "x", " y ", "\n", "日本語", "\x01", "\u200b\u200b\u200b\u200b",
)  # fmt: skip


def test_a_page_is_the_same_text_by_its_tags_as_by_its_nodes_however_its_markup_is_mixed() -> None:
    chance = Random(13)
    asked = 0
    for _ in range(3_000):
        html = "".join(chance.choices(MARKUP, k=chance.randrange(1, 25)))
        root, sheet = LexborHTMLParser(html).root, sheet_of(html)
        assert root is not None
        by_tags = text_by_tokens(root, sheet)
        asked += by_tags is not None
        assert by_tags in (None, text_by_nodes(root, sheet)[0]), html
    assert asked > 1_000


def test_a_header_ends_at_the_first_empty_line_however_lines_end() -> None:
    chance = Random(14)
    first_end = re.compile(rb"\r\n\r\n|\n\n|\n\r\n|\r\r\n\r\r\n|\r\r(?!\n)")
    for _ in range(5_000):
        raw = b"a" + b"".join(chance.choices((b"\r", b"\n", b"\r\n", b"a", b"\r\n\r\n"), k=chance.randrange(0, 12)))
        found = first_end.search(raw)
        assert header_end(raw, 0, len(raw)) == ((found.start(), found.end()) if found else (len(raw), len(raw))), raw
