"""How the screen looks on any terminal: themes, few colours or none, ASCII only, wide ambiguous characters."""

import ast
import base64
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po

import tui
from store.domain.status import BUILT_IN, HOLD, NEW, Category, Urgency
from tests.tui.home_builder import NOON, SATO, TANAKA
from tests.tui.test_rows import ROW as PLAIN_ROW
from tui.view.clipboard import MOST_BYTES, links_in, to_clipboard
from tui.view.columns import columns_for
from tui.view.look import ALL, MANY, NO_COLOURS, SIXTEEN, TODAYS, Look, look_for
from tui.view.rows import Reader, row_spans
from tui.view.signs import LINES, TWINS, twinned
from tui.view.themes import THEMES, colour_codes, nearest, rgb_of
from tui.view.tones import TONES, painted
from tui.view.width import columns_of

NOW = NOON

ROW = msgspec.structs.replace(PLAIN_ROW, subject="Invoice", customer_name="Smith")


KINDS: dict[str, dict[str, object]] = {
    "nothing to say": {},
    "mine": {"owner": SATO},
    "somebody's": {"owner": TANAKA},
    "suggested": {"suggested_owner": TANAKA},
    "urgent": {"urgency": Urgency.URGENT},
    "very urgent": {"urgency": Urgency.VERY_URGENT},
    "being written": {"lease_by": TANAKA, "lease_since": NOW - timedelta(minutes=3)},
    "being written, but paused": {"lease_by": TANAKA, "lease_since": NOW - timedelta(minutes=3), "lease_idle": True},
    "looked at": {"present": (TANAKA,)},
    "not handed over yet": {"pending": True},
    "calls me": {"mentions_me": True},
    "outcome unknown": {"flags": ("unknown",)},
    "bounced": {"flags": ("bounced",)},
    "a draft": {"has_draft": True},
    "tagged": {"tags": ("refund",)},
    "in a folder": {"folder": "returns"},
    "followed": {"followers": (SATO,)},
    "unread": {"unread": True},
    "came back": {"woken": True},
    "comes back tomorrow": {"wake_at": NOW + timedelta(days=1), "status": HOLD, "category": Category.WAITING},
    **{f"status {status.key}": {"status": status.key, "category": status.category} for status in BUILT_IN.values() if status.key != NEW},
}
"""Every kind of line there is in a list, by what it says."""


def shown(kind: str, look: Look = TODAYS, width: int = 80) -> str:
    reader = Reader(SATO, {SATO: "Sato", TANAKA: "Tanaka"}, NOW)
    spans = row_spans(msgspec.structs.replace(ROW, **KINDS[kind]), columns_for(width), reader)
    return twinned("".join(painted(span.text, span.tone, look) for span in spans), ascii=look.ascii, ambiguous=look.ambiguous)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_without_colour_every_kind_of_line_says_what_it_is_by_a_sign_or_a_word(width: int) -> None:
    bare = {kind: re.sub("\x1b\\[[0-9;]*m", "", shown(kind, Look(depth=NO_COLOURS), width)) for kind in KINDS}
    coloured = {kind: re.sub("\x1b\\[[0-9;]*m", "", shown(kind, width=width)) for kind in KINDS}
    assert bare == coloured
    assert len(set(bare.values())) == len(KINDS), "two kinds of line look the same without colour"


@pytest.mark.parametrize("width", [60, 80, 200])
def test_in_ascii_every_kind_of_line_says_what_it_is(width: int) -> None:
    plain = {kind: shown(kind, Look(depth=NO_COLOURS, ascii=True), width) for kind in KINDS}
    assert all(line.isascii() for line in plain.values()), plain
    assert len({re.sub("\x1b\\[[0-9;]*m", "", line) for line in plain.values()}) == len(KINDS)


def test_nothing_of_ours_is_written_in_anything_but_ascii_then() -> None:
    """Every sign in a text of the screens, and in every English sentence for people, has its twin; Japanese is what a person reads or types."""
    for where, text in texts_of_ours():
        left = {sign for sign in twinned(text, ascii=True) if not sign.isascii() and not is_japanese(sign)}
        assert not left, f"{where}: {left} in {text!r} has no ASCII twin in tui/view/signs.py"


NO_TEXTS = frozenset({"signs.py", "gate.py", "editing.py", "source.py", "wrapping.py"})
"""Their strings hold signs to be looked for, and none to be shown."""


def texts_of_ours() -> Iterator[tuple[str, str]]:
    root = Path(tui.__file__).parent
    for folder in ("view", "screens", "widgets", "actions"):
        for path in sorted((root / folder).rglob("*.py")):
            tree = ast.parse(path.read_text())
            said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                # No docstrings.
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said and path.name not in NO_TEXTS:
                    yield path.name, node.value
    with (root / "words/ja/LC_MESSAGES/mado.po").open("rb") as file:
        for message in read_po(file):
            for text in [message.id] if isinstance(message.id, str) else message.id:
                yield "mado.po", text


def is_japanese(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("W", "F", "H") and not unicodedata.category(sign).startswith("So")


def test_a_sign_and_its_twin_take_the_same_columns() -> None:
    assert all(columns_of(sign) == len(twin) for sign, twin in {**LINES, **TWINS}.items())


def test_where_nothing_is_set_nothing_is_changed() -> None:
    assert twinned("✎田中 … │", ascii=False) == "✎田中 … │"
    assert twinned("✎田中 … │", ascii=False, ambiguous=2) == "✎田中 … |"


@pytest.mark.parametrize(
    ("environ", "look"),
    [
        ({"TERM": "xterm-256color", "LANG": "ja_JP.UTF-8"}, Look(depth=MANY)),
        ({"TERM": "tmux-256color", "COLORTERM": "truecolor"}, Look(depth=ALL)),
        ({"TERM": "linux", "LANG": "ja_JP.UTF-8"}, Look(depth=SIXTEEN, ascii=True)),
        ({"TERM": "xterm", "LANG": "C"}, Look(depth=SIXTEEN, ascii=True)),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, Look(depth=SIXTEEN, ascii=True)),
        ({"TERM": "xterm", "LC_CTYPE": "C.UTF-8"}, Look(depth=SIXTEEN)),
        ({"TERM": "xterm", "LC_ALL": "ja_JP.eucJP", "LANG": "ja_JP.UTF-8"}, Look(depth=SIXTEEN, ascii=True)),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, Look(depth=NO_COLOURS)),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, Look(depth=NO_COLOURS)),
        ({"TERM": "xterm", "MADO_THEME": "light"}, Look("light")),
        ({"TERM": "xterm", "MADO_THEME": "pink"}, Look()),
    ],
    ids=str,
)
def test_the_look_is_told_from_the_terminal(environ: Mapping[str, str], look: Look) -> None:
    assert look_for({}, environ) == look


def test_the_look_is_told_from_the_settings() -> None:
    screen = {"theme": "contrast", "ascii": False, "ambiguous_width": 2}
    assert look_for(screen, {"TERM": "linux"}) == Look("contrast", ambiguous=2)
    assert look_for(screen, {"TERM": "linux", "MADO_THEME": "dark"}).theme == "dark"


BACKGROUNDS = {"dark": ("000000", "2e3440"), "light": ("ffffff", "f4f0e6"), "contrast": ("000000",)}
LEAST = {"dark": 4.5, "light": 4.5, "contrast": 7.0}
"""WCAG 2.2, 1.4.3 and 1.4.6."""


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_the_colours_of_a_theme_stand_out_from_its_background(theme: str) -> None:
    asked_for = {int(code) for codes in TONES.values() for code in codes.split(";") if int(code) >= 30}
    for code in asked_for:
        for background in BACKGROUNDS[theme]:
            assert contrast(THEMES[theme].colours[code], background) >= LEAST[theme], (theme, code, background)


def contrast(colour: str, other: str) -> float:
    """WCAG 2.2: the ratio of two colours' luminance."""
    lighter, darker = sorted((luminance(colour), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = (part / 255 for part in rgb_of(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_colour_is_written_as_the_terminal_can_show_it() -> None:
    assert colour_codes(91, Look("dark", ALL)) == (38, 2, 0xFF, 0x8A, 0x80)
    assert colour_codes(91, Look("dark", MANY)) == (38, 5, nearest(0xFF, 0x8A, 0x80))
    assert colour_codes(93, Look("light", SIXTEEN)) == (35,)
    assert colour_codes(91, Look("terminal", ALL)) == (91,)
    assert (nearest(0, 0, 0), nearest(255, 0, 0), nearest(128, 128, 128)) == (16, 196, 244)


def test_the_widths_of_ambiguous_characters_agree_here_and_in_rich_at_either_setting() -> None:
    """In a process of its own: a terminal does not change its mind."""
    code = """
import sys
from rich.cells import cell_len
from textual.strip import Strip
from rich.segment import Segment
if sys.argv[1] == "2":
    from tui.view.ambiguous import widen
    widen()
    widen()
from tui.view.width import columns_of, fit, shorten
from tests.tui.test_rows import ROW, changed, said
texts = ["①★※…", "αЖ·×", "─│╭▓▲", "〜ー「」", "a①b", "\u0301é", "éä"]
print([columns_of(text) for text in texts])
assert [cell_len(text) for text in texts] == [columns_of(text) for text in texts]
assert [Strip([Segment(text)]).cell_length for text in texts] == [columns_of(text) for text in texts]
assert all(columns_of(shorten("①★※" * 9, width)) <= width for width in range(30))
assert all(columns_of(fit("①★※" * 9, width)) == width for width in range(30))
for width in (60, 80, 200):
    assert columns_of(said(changed(subject="①★…" * 90), width)) == columns_of(said(changed(subject="x"), width))
"""
    widths = {"1": [4, 4, 5, 8, 3, 1, 2], "2": [8, 8, 5, 8, 4, 2, 3]}
    for setting, expected in widths.items():
        ran = subprocess.run([sys.executable, "-c", code, setting], cwd=Path(tui.__file__).parents[1], capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == str(expected)


def test_a_text_for_the_clipboard_goes_through_tmux_and_screen_and_a_long_one_does_not_go() -> None:
    plain = to_clipboard("返品\x1b[2J", {})
    assert plain == "\x1b]52;c;" + base64.b64encode("返品[2J".encode()).decode() + "\x07"
    assert to_clipboard("x", {"TMUX": "/tmp/t"}) == "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\"
    through = to_clipboard("x" * 900, {"STY": "1.pts"}) or ""
    assert all(len(piece) <= 256 for piece in through.split("\x1b\\"))
    assert to_clipboard("x" * MOST_BYTES, {}) is not None
    assert to_clipboard("返" * MOST_BYTES, {}) is None


def test_links_of_a_text_end_where_the_sentence_goes_on() -> None:
    text = "See https://a.example/x_(y)?q=1, (https://b.example/). こちら「https://c.example/」。mailto:a@b.example; https://b.example/ javascript:x"
    assert links_in(text) == ("https://a.example/x_(y)?q=1", "https://b.example/", "https://c.example/", "mailto:a@b.example")
