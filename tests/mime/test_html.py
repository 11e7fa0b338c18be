"""HTML mail reads like a letter: what was hidden stays hidden, and nothing is fetched."""

import pytest

from mailsync.mime.html import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("  a \n  b&nbsp;c &amp; d", "a b c & d"),
        ("<table><tr><th>品名<th>数<tr><td>ドリル<td>2</table>", "品名 | 数\nドリル | 2"),
        ("<table><tr><td><p>left</p><p>more</p></td><td>right</td></tr></table>", "left\n\nmore\nright"),
        ("<ul><li>one<li>two<ol><li>deep</ol></ul>", "- one\n- two\n  1. deep"),
        ("<blockquote>a<br>b<blockquote>c</blockquote></blockquote>", "> a\n> b\n>\n>> c"),
        ('see <a href="https://example.jp/a">here</a>.', "see here[1].\n\n[1] https://example.jp/a"),
        ('<a href="https://example.jp/">example.jp</a>', "example.jp"),
        ('<a href="mailto:a@example.jp">a@example.jp</a>', "a@example.jp"),
        ('<a href="https://x.example">1</a><a href="https://x.example">2</a>', "1[1]2[1]\n\n[1] https://x.example"),
        ("<pre>  a\n    b</pre>", "  a\n    b"),
        ('<img src="https://x.example/logo.png" alt="ロゴ">', "[ロゴ]"),
        ('<img src="https://x.example/t.gif" width=1 height=1 alt="spy">text', "text"),
        ('<div style="display: none">preheader</div>seen', "seen"),
        ('<span style="font-size:0px">x</span><span style="FONT-SIZE:0">y</span><span style="font-size:0.9em">z</span>', "z"),
        ("<style>p{}</style><script>alert(1)</script><!-- c --><title>t</title>seen", "seen"),
        ("<p hidden>no</p>yes", "yes"),
        ("", ""),
        ("no tags at all", "no tags at all"),
        ("a<hr>b", "a\n----\nb"),
    ],
)
def test_html_becomes_what_a_person_would_read(html: str, text: str) -> None:
    assert html_to_text(html) == text
