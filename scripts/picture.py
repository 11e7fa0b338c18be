"""Make the picture of README.md from the demo itself: run it in a terminal, press a few keys, draw the screen as SVG."""

import re
import sys
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


def main() -> int:
    """picture.py OUT.svg [COLUMNS ROWS KEY…]"""
    out = Path(sys.argv[1])
    columns, rows = (int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (176, 38)
    keys = sys.argv[4:] or ["j"] * 5
    with Terminal([str(ROOT / ".venv/bin/mado"), "demo"], columns=columns, rows=rows, env={"MADO_LANG": "ja"}) as terminal:
        terminal.wait_for(r"@example|様|注文", timeout_seconds=30)
        for key in keys:
            terminal.press(key)
        terminal.wait_for(r"✎", timeout_seconds=90)  # a colleague writes: what the desk is about
        out.write_text(draw(terminal.screen(colours=True), columns), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
