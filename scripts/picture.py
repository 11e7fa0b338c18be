"""Make the picture of README.md from the demo itself: run it in a terminal, press a few keys, draw the screen as SVG."""

import sys
from pathlib import Path

from rich.console import Console
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
# Rich's own format loads a font from a far host; the reader's machine has one.
FORMAT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="the desk of madoguchi">
<style>
.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", Menlo, Consolas, "Noto Sans Mono CJK JP", monospace; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect width="100%" height="100%" rx="8" fill="#16181d"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def draw(screen: str, columns: int) -> str:
    """An SVG of a screen captured with its colours."""
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=columns, file=nowhere, force_terminal=True, color_system="truecolor", legacy_windows=False)
        for line in screen.rstrip("\n").split("\n"):
            console.print(Text.from_ansi(line), no_wrap=True, crop=True, overflow="ignore", soft_wrap=True)
        return console.export_svg(theme=THEME, code_format=FORMAT, unique_id="desk")


def main() -> int:
    """picture.py OUT.svg [COLUMNS ROWS KEY…]"""
    out = Path(sys.argv[1])
    columns, rows = (int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (150, 40)
    keys = sys.argv[4:] or ["j", "j", "j", "Enter"]
    with Terminal([str(ROOT / ".venv/bin/mado"), "demo"], columns=columns, rows=rows, env={"MADO_LANG": "ja"}) as terminal:
        terminal.wait_for(r"@example|様|注文", timeout_seconds=30)
        for key in keys:
            terminal.press(key)
        terminal.wait_for(r"お世話|ありがとう|Dear|Hello|support@", timeout_seconds=30)
        out.write_text(draw(terminal.screen(colours=True), columns), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
