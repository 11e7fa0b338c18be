"""A click at the terminal opens what stands in the mail and nothing else, and no address gets out of the sequence that carries it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mado_screen import MadoScreen
from tests.tui.at_screen import shown
from tests.tui.home_builder import HomeBuilder
from tui.view.highlight import highlighted
from tui.view.linking import LONGEST_URI, uri_of
from tui.view.look import Look, look_for
from tui.view.memory import TerminalMemory
from tui.view.reading import body_lines
from tui.view.spans import Line, clipped
from tui.widgets.toned import strip_of

LINK = re.compile(r"\x1b\]8;id=m;([!-~]+)\x1b\\([^\x1b]|\x1b\[[0-9;]*m)*\x1b\]8;;\x1b\\")
"""One link as it is written: opened, what it is of in its styles, closed."""


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        ("https://example.jp/a?b=1;c#d", "https://example.jp/a?b=1;c#d"),
        ("https://example.jp/注文/4711", "https://example.jp/%E6%B3%A8%E6%96%87/4711"),
        ("https://example.jp/%E6%B3%A8", "https://example.jp/%E6%B3%A8"),
        ("https://example.jp/\x1b\\\x1b]0;x\x07", ""),
        ("https://example.jp/\x1b]52;c;aGk=\x07", "https://example.jp/]52;c;aGk="),
        ("https://example.jp/\x9c\x9d8;;https://evil.example/\x9c", "https://example.jp/8;;https://evil.example/"),
        ("https://example.jp/a b\n\tc", "https://example.jp/a%20b%20%20c"),
        ("https://example.jp/\u202egpj.exe\udc9b", "https://example.jp/[RLO]gpj.exe%EF%BF%BD"),
        ("https://bank.example@evil.example/", ""),
        ("https://evil.example\\.bank.example/", ""),
        ("https://аpple.com/", ""),
        ("https://xn--pple-43d.com/", ""),
        ("https://bank.example%2f@evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("data:text/html,x", ""),
        ("https:///x", ""),
        ("https://example.jp/" + "a" * LONGEST_URI, ""),
        ("https://example.jp/cut-off…", ""),
        ("mailto:sales@example.jp?subject=見積", "mailto:sales@example.jp?subject=%E8%A6%8B%E7%A9%8D"),
        ("mailto:sales@example.jp?attach=/etc/passwd", ""),
        ("mailto:sales@example.jp?%61ttach=/etc/passwd", ""),
    ],
)
def test_only_what_is_read_as_it_leads_may_be_clicked(target: str, uri: str) -> None:
    assert uri_of(target) == uri


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=40), st.text(max_size=10))
def test_no_address_gets_out_of_its_sequence(path: str, host: str) -> None:
    for target in (f"https://example.jp/{path}", f"http://{host}/{path}", f"mailto:{host}@example.jp?subject={path}"):
        assert re.fullmatch(r"[!-~]*", uri_of(target))


@settings(deadline=None)
@given(st.text("ab 注。> /:.", max_size=30), st.text("ab/注-", max_size=60), st.integers(12, 60))
def test_every_piece_of_a_broken_address_leads_where_the_whole_does(before: str, path: str, width: int) -> None:
    lines = body_lines(f"{before}\n> {before}\nhttps://example.jp/{path}", width)
    spans = [span for line in lines for span in line.spans]
    assert "".join(line.text for line in lines if any(span.link for span in line.spans)) == f"https://example.jp/{path}"
    assert {span.link for span in spans if span.link} == {uri_of(f"https://example.jp/{path}")}
    assert all(line.columns <= width for line in lines)


def test_a_found_word_and_the_edge_of_the_pane_leave_a_link_a_link() -> None:
    line = body_lines("see https://example.jp/order", 60)[0]
    assert [span.link for span in highlighted(line, [(10, 14, "found")]).spans].count("https://example.jp/order") == 3
    assert [span.link for span in clipped(line.spans, 12)] == ["", "https://example.jp/order"]


def test_without_hyperlinks_a_line_is_written_as_ever() -> None:
    quoted = body_lines("> see https://example.jp/ now", 60)[0]
    plain = Line((type(quoted.spans[0])(quoted.text, "quote"),))
    assert list(strip_of(quoted, 60, Look())) == list(strip_of(plain, 60, Look()))


def test_a_changed_line_with_a_link_is_written_with_the_whole_link() -> None:
    memory = TerminalMemory()
    before, now = (f"\x1b]8;id=m;https://example.jp/\x1b\\https://example.jp/\x1b]8;;\x1b\\ {age}m     " for age in (3, 4))
    memory.put(0, 0, 26, before)
    assert LINK.search(memory.put(0, 0, 26, now))


@pytest.mark.parametrize(
    ("environ", "known"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "foot"}, True),
        ({"TERM": "xterm-ghostty"}, True),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4601"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, False),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"}, True),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "next-3.6"}, True),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a", "KITTY_WINDOW_ID": "1"}, False),
        ({"TERM": "screen-256color", "STY": "1.pts", "KITTY_WINDOW_ID": "1"}, False),
        ({"TERM": "linux", "VTE_VERSION": "7600"}, False),
        ({"TERM": "dumb", "WT_SESSION": "1"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_links_are_marked_where_the_terminal_is_known_to_open_them(environ: Mapping[str, str], known: bool) -> None:
    assert look_for({"hyperlinks": "auto"}, environ).hyperlinks is known
    assert look_for({"slow_line": True}, environ).hyperlinks is False
    assert look_for({"hyperlinks": True}, environ).hyperlinks is True
    assert look_for({"hyperlinks": False}, environ).hyperlinks is False


class Overheard(MadoScreen):
    """A screen that keeps all it was written."""

    heard = ""

    def __init__(self, command: list[str], **terminal: Mapping[str, str]) -> None:
        super().__init__(command, **terminal)
        feed = self._stream.feed

        def keep(text: str) -> None:
            self.heard += text
            feed(text)

        self._stream.feed = keep


def test_a_hostile_mail_is_read_and_every_link_opens_and_closes(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    hostile = "https://evil.example/\x1b\\\x1b]0;owned\x07\x1b]8;;https://worse.example/\x1b\\"
    builder.mail(body=f"https://shop.example.jp/{'long/' * 20}end\n> {hostile}\nhttps://bank.example@evil.example/\nthe end")
    builder.close()
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm-kitty"}
    with Overheard(["--home", str(builder.home)], env=env) as screen:
        shown(screen, "質問", seconds=90)
        assert "\x1b]8;" not in screen.heard
        screen.press("\r")
        shown(screen, "the end")
        opened = [found[1] for found in LINK.finditer(screen.heard)]
        assert set(opened) == {f"https://shop.example.jp/{'long/' * 20}end"}
        assert len(opened) >= 2
        assert "\x1b]8;" not in LINK.sub("", screen.heard)
        assert not re.search(r"\x1b\](?!8;)[^\x07\x1b]*(owned|worse)", screen.heard)
