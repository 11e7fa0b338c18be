"""Make the pictures of README.md from the demo itself: run it in a terminal, press a few keys, draw the screen as SVG."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from rich.ansi import AnsiDecoder
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests/servers")]

from tmux_terminal import Terminal  # noqa: E402  (the path above has to be set first)

THEME = TerminalTheme(
    (22, 24, 29),
    (220, 223, 228),
    [(40, 44, 52), (224, 108, 117), (152, 195, 121), (229, 192, 123), (97, 175, 239), (198, 120, 221), (86, 182, 194), (171, 178, 191)],
    [(92, 99, 112), (240, 128, 136), (172, 215, 141), (245, 212, 150), (125, 195, 255), (215, 145, 238), (110, 205, 215), (255, 255, 255)],
)
GROUND = "#16181d"
FONTS = "DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK JP, Noto Sans CJK JP, monospace"
CELL, LINE, SIZE, EDGE = 9.0, 20.0, 15, 12
"""Pixels: a column, a row, the letters, the margin."""
CHUNKS = re.compile(r"(?P<word>[!-~]+)|(?P<blank> +)|(?P<letters>[^ -~]+)")
SELECTED = re.compile(r"\x1b\[(?:\d+;)*7(?:;\d+)*m")
"""What tmux writes before letters on a turned ground: the line under the cursor."""


def runs(line: Text) -> list[tuple[int, str, Style]]:
    """The line's pieces of one style: first column, text, style."""
    console = Console(width=400, color_system="truecolor")
    found, column = [], 0
    for segment in line.render(console):
        found.append((column, segment.text, segment.style or Style()))
        column += segment.cell_length
    return found


def colours(style: Style) -> tuple[str, str | None]:
    """Letters and ground, as `#rrggbb`; no ground where it is the terminal's own."""
    front = style.color.get_truecolor(THEME).hex if style.color else Color.default().get_truecolor(THEME).hex
    back = style.bgcolor.get_truecolor(THEME, foreground=False).hex if style.bgcolor else None
    if style.reverse:
        front, back = back or GROUND, front
    return front, back


def draw_run(row: int, column: int, text: str, style: Style) -> str:
    """One run: its ground, then each wide letter and narrow word at its own column: fonts differ in how wide a kanji is."""
    front, back = colours(style)
    top, out = EDGE + row * LINE, ""
    if back and back != GROUND:
        out += f'<rect x="{EDGE + column * CELL:g}" y="{top:g}" width="{cell_len(text) * CELL:g}" height="{LINE:g}" fill="{back}"/>'
    pieces = ""
    for found in CHUNKS.finditer(text):
        if found["blank"] is None:
            pieces += f'<tspan x="{" ".join(_places(found[0], column, each=found["word"] is None))}">{escape(found[0])}</tspan>'
        column += cell_len(found[0])
    if pieces:
        look = (' font-weight="bold"' if style.bold else "") + (' opacity="0.6"' if style.dim else "")
        out += f'<text y="{top + LINE * 0.75:g}" fill="{front}"{look}>{pieces}</text>'
    return out


def _places(text: str, column: int, *, each: bool) -> Iterator[str]:
    """Where the first letter stands, or `each` of them, in pixels; a mark that joins the letter before it has that one's place."""
    for index in range(len(text) if each else 1):
        yield f"{EDGE + (column + cell_len(text[: index + 1]) - cell_len(text[index] if each else text[:1])) * CELL:g}"


def draw(screen: str, columns: int, words: str) -> str:
    """An SVG of a screen captured with its colours; `words` say what it shows to whoever cannot see it."""
    # One decoder for all: tmux writes a style once, and lines below go on in it.
    lines = list(AnsiDecoder().decode(screen.rstrip("\n")))
    width, height = 2 * EDGE + columns * CELL, 2 * EDGE + len(lines) * LINE
    body = "\n".join("".join(draw_run(row, *run) for run in runs(line)) for row, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(words)}">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>\n<g font-family="{FONTS}" font-size="{SIZE}">\n{body}\n</g>\n</svg>\n'
    )


def opened(columns: int, rows: int) -> Terminal:
    """The demo at a terminal so wide and high."""
    return Terminal([str(ROOT / ".venv/bin/mado"), "demo"], columns=columns, rows=rows, env={"MADO_LANG": "ja", "TZ": "Asia/Tokyo"}, grace_seconds=10)


def at_the_list(terminal: Terminal) -> None:
    """Its mail is there, and a colleague writes: what the desk is about."""
    terminal.wait_for(r"様|注文", timeout_seconds=60)
    terminal.wait_for(r"✎", timeout_seconds=90)


def selected(terminal: Terminal) -> str:
    """The line under the cursor."""
    return next((Text.from_ansi(line).plain for line in terminal.screen(colours=True).splitlines() if SELECTED.search(line)), "")


def to_line_with(terminal: Terminal, sign: str) -> None:
    """The cursor to the first line of the list that has the sign. What a line says may be gone when we are there: then from the top again."""
    for _ in range(5):
        terminal.press("g")
        terminal.press("g")
        before = ""
        while (now := _moved_on(terminal, before)) != before:
            if sign in now:
                return
            terminal.press("j")
            before = now
    raise LookupError(sign)


def _moved_on(terminal: Terminal, before: str, patience_seconds: float = 3) -> str:
    """The line under the cursor once it is another, or still the same where it is the last."""
    until = time.monotonic() + patience_seconds
    while (now := selected(terminal)) in {"", before} and time.monotonic() < until:
        time.sleep(0.02)
    return now


def list_picture(terminal: Terminal) -> None:
    """List, mail, comments; a colleague calls us there."""
    at_the_list(terminal)
    to_line_with(terminal, "木村")
    terminal.wait_for(r"コメント 1", timeout_seconds=20)


def collision_picture(terminal: Terminal) -> None:
    """`r` where a colleague is writing."""
    at_the_list(terminal)
    to_line_with(terminal, "✎")
    terminal.press("r")
    terminal.wait_for(r"書いています(?s:.*)引き継ぐ(?s:.*)決定", timeout_seconds=20)


def composer_picture(terminal: Terminal) -> None:
    """A reply with a template in it, the conversation beside it."""
    at_the_list(terminal)
    to_line_with(terminal, "返品したい")
    terminal.press("r")
    terminal.wait_for(r"\^S 送信", timeout_seconds=20)
    terminal.press("C-t")
    terminal.wait_for(r"返品の手順", timeout_seconds=20)
    terminal.type("返品")
    terminal.press("Enter")
    terminal.wait_for(r"(?s)\A(?!.*定型文 \(1\)).*返品を承ります.*\^S 送信", timeout_seconds=20)


PICTURES: dict[str, tuple[int, int, Callable[[Terminal], None], str]] = {
    "desk": (160, 32, list_picture, "The desk: list, mail and comments"),
    "collision": (100, 24, collision_picture, "A colleague is writing already: what one can do"),
    "composer": (160, 26, composer_picture, "A reply made from a template, beside the conversation"),
    "small": (80, 24, at_the_list, "The list at 80 columns"),
}
"""Name of the file, size of the terminal, what is done in it, what the picture shows."""


def main() -> int:
    """picture.py FOLDER [NAME…]"""
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or PICTURES:
        columns, rows, play, words = PICTURES[name]
        with opened(columns, rows) as terminal:
            play(terminal)
            (folder / f"{name}.svg").write_text(draw(terminal.screen(colours=True), columns, words), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
