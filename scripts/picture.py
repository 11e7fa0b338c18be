"""Make the pictures of README.md from the demo itself: run it in a terminal, press a few keys, draw the screen as SVG."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

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
CHUNKS = re.compile(r"[!-~]+|.")


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
    for chunk in CHUNKS.findall(text):
        if chunk != " " and cell_len(chunk):
            pieces += f'<tspan x="{EDGE + column * CELL:g}">{escape(chunk)}</tspan>'
        column += cell_len(chunk)
    if pieces:
        look = (' font-weight="bold"' if style.bold else "") + (' opacity="0.6"' if style.dim else "")
        out += f'<text y="{top + LINE * 0.75:g}" fill="{front}"{look}>{pieces}</text>'
    return out


def draw(screen: str, columns: int) -> str:
    """An SVG of a screen captured with its colours."""
    lines = screen.rstrip("\n").split("\n")
    width, height = 2 * EDGE + columns * CELL, 2 * EDGE + len(lines) * LINE
    body = "\n".join("".join(draw_run(row, *run) for run in runs(Text.from_ansi(line))) for row, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="the desk of madoguchi">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>\n<g font-family="{FONTS}" font-size="{SIZE}">\n{body}\n</g>\n</svg>\n'
    )


def opened(columns: int, rows: int) -> Terminal:
    """The demo at a terminal so wide and high."""
    return Terminal([str(ROOT / ".venv/bin/mado"), "demo"], columns=columns, rows=rows, env={"MADO_LANG": "ja"})


def at_the_list(terminal: Terminal) -> None:
    """Its mail is there, and a colleague writes: what the desk is about."""
    terminal.wait_for(r"様|注文", timeout_seconds=60)
    terminal.wait_for(r"✎", timeout_seconds=90)


def to_line_with(terminal: Terminal, sign: str) -> None:
    """The cursor to the first line of the list that has the sign."""
    lines = terminal.screen().splitlines()
    terminal.press("g")
    terminal.press("g")
    for _ in range(next(at for at, each in enumerate(lines) if sign in each)):
        terminal.press("j")


def list_picture(terminal: Terminal) -> None:
    """List, mail, comments."""
    for _ in range(5):
        terminal.press("j")
    at_the_list(terminal)


def collision_picture(terminal: Terminal) -> None:
    """`r` where a colleague is writing."""
    at_the_list(terminal)
    to_line_with(terminal, "✎")
    terminal.press("r")
    terminal.wait_for(r"書いています|引き継|Esc", timeout_seconds=20)


def composer_picture(terminal: Terminal) -> None:
    """A reply with a template in it, the conversation beside it."""
    at_the_list(terminal)
    to_line_with(terminal, "領収書")
    terminal.press("r")
    terminal.wait_for(r"\^S", timeout_seconds=20)
    terminal.press("C-t")
    terminal.wait_for(r"定型文 \(", timeout_seconds=20)
    terminal.press("Enter")
    terminal.wait_for(r"お問い合わせ|ありがとう|thank you", timeout_seconds=20)


PICTURES: dict[str, tuple[int, int, Callable[[Terminal], None]]] = {
    "desk": (176, 38, list_picture),
    "collision": (120, 30, collision_picture),
    "composer": (176, 38, composer_picture),
    "small": (80, 24, at_the_list),
}
"""Name of the file, size of the terminal, what is done in it."""


def main() -> int:
    """picture.py FOLDER [NAME…]"""
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or PICTURES:
        columns, rows, play = PICTURES[name]
        with opened(columns, rows) as terminal:
            play(terminal)
            (folder / f"{name}.svg").write_text(draw(terminal.screen(colours=True), columns), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
