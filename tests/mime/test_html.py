"""HTML mail reads like a letter: what was hidden stays hidden, and nothing is fetched."""

import pytest

from mailsync.mime.html.reading import CUT, html_to_text
from mailsync.mime.quoting.quotes import RunKind, runs_of
from mailsync.mime.text.columns import columns_of
from tests.mime.reference_seconds import at_most
from tui.view.width import columns_of as shown_columns


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<p>  a \n  b&nbsp;c &amp; d", "a b c & d"),
        ("<table><tr><th>品名<th>数<tr><td>ドリル<td>2</table>", "品名   | 数\nドリル |  2"),
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


PAGES = {
    "a thousand tables in each other": "<table><tr><td>" * 1_500 + "x " * 400_000,
    "two hundred thousand cells": "<table><tr>" + "<td>a" * 190_000,
    "cells over everything": "<table>" + "<tr><td rowspan=30 colspan=30>a" * 30_000,
    "quotations around a book": "<blockquote>" * 4_000 + "<p>x y z</p>" * 60_000,
    "a hundred thousand bold words": "<b>a</b> " * 100_000,
    "style sheets without an end": "<style>" * 140_000,
    "lists around a book": "<ul><li>" * 38 + "<p>lorem ipsum dolor</p>" * 45_000,
    "a million brackets": "<" * 1_000_000,
    "a quarter of a million attributes": "<p " + "a=b " * 240_000 + ">x",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_longer_than_two_seconds(name: str) -> None:
    with at_most(2):
        html_to_text(PAGES[name])


def test_a_page_that_was_cut_says_so() -> None:
    assert html_to_text("<p>word</p>" * 100_000).endswith(CUT)
    assert CUT not in html_to_text("<p>word</p>" * 1_000)


def test_columns_are_counted_as_the_terminal_counts_them() -> None:
    texts = ("電動ドリル", "ｶﾅ", "①㈱髙", "abc", "한국어", "é", "e\u0301", "、。「」", "～", "ｱﾞ", "👍", "Привет", "ไทย", "שלום")
    assert [columns_of(text) for text in texts] == [shown_columns(text) for text in texts]


def test_a_quotation_in_html_is_folded_like_any_other() -> None:
    quoted = "<br>".join("line" for _ in range(9))
    for html in (
        f'<p>yes</p><div class="gmail_quote"><div>On 24 Nov 2026 at 10:00, A wrote:<br></div><blockquote>{quoted}</blockquote></div>',
        f'<p>yes</p><div id="divRplyFwdMsg"><b>From:</b> A<br><b>Sent:</b> Mon<br><b>To:</b> B</div><div>{quoted}</div>',
        f'<p>yes</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>差出人:</b> A</p></div></div><p>{quoted}</p>',
        f'<p>yes</p><blockquote type="cite">{quoted}</blockquote>',
        f'<p>yes</p><div class="yahoo_quoted">{quoted}</div>',
    ):
        kinds = [run.kind for run in runs_of(html_to_text(html)) if run.text.strip()]
        assert kinds == [RunKind.TEXT, RunKind.QUOTE], html
