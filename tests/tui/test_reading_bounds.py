"""No text, however made, takes more than two seconds of the processor to be split into what was written and what is quoted, and laid out."""

import pytest

from mailsync.mime.quoting.quotes import runs_of
from tests.mime.reference_seconds import at_most
from tui.view.linking import with_links
from tui.view.reading import LONGEST_TEXT, body_lines
from tui.view.spans import line
from tui.view.wrapping import wrap


def filled(piece: str, above: str = "hello\n\n", characters: int = LONGEST_TEXT // 4) -> str:
    """A text of so many; a quarter of what is laid out of one mail."""
    return above + piece * ((characters - len(above)) // len(piece))


ATTACKS = {
    "a line of underscores": "hello\n\n" + "_" * 2_000,
    "bars of underscores": filled("_" * 150 + "\n"),
    "bars, each a paragraph": filled("_" * 12 + "\n\n"),
    "one line of dashes": filled("-"),
    "one line of blanks": filled(" "),
    "one line of long vowels": filled("ー"),
    "one word of letters": filled("a"),
    "short paragraphs above blank lines": "hello\n\n" + "a\n\n" * 15_000 + " \n" * 27_000 + " ",
    "blank lines above short paragraphs": " \n" * 27_000 + "a\n\n" * 15_000,
    "answers of one letter": filled("> x\n" + "a\n" * 18),
    "answers between rules": filled("> x\nhi\n\n" + ("---\n" + "a" * 199 + "\n") * 9),
    "numbers between rules": filled("> x\nhi\n\n" + ("---\n" + "1 12 " * 39 + "\n") * 9),
    "lines that end like an attribution": filled("> x\n" + "_:\n" * 3),
    "attributions of days": filled("> x\n" + "2026/1/1 " * 50 + ":\n"),
    "attributions of senders": filled("> x\n" + "様から" * 80 + "メール" * 80 + "x:\n"),
    "headers without a text": filled("To: a\n"),
    "headers that name no subject": filled("From: a\nDate: 1:00\nTo: b\n"),
    "marks of an old mail": filled("-----Original Message-----\n"),
    "links in one line": filled("https://a.b/ ", ""),
    "brackets behind an address": filled("https://a" + ")" * 3_980 + " ", ""),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_text_costs_more_the_longer_it_is_already(name: str) -> None:
    with at_most(1):
        lines = body_lines(ATTACKS[name], 20)
    assert lines


def test_no_text_takes_longer_than_two_seconds_to_be_split_or_to_have_its_links_marked() -> None:
    bars = filled("_" * 150 + "\n", characters=LONGEST_TEXT)
    with at_most(2):
        assert "".join(run.text for run in runs_of(bars)) == bars
    text = filled("https://a.b/ ", "", LONGEST_TEXT).rstrip()
    lines = [line(piece) for piece in wrap(text, 20)]
    with at_most(2):
        marked = with_links(lines, text)
    assert sum(bool(span.link) for each in marked for span in each.spans) == text.count("https:")
