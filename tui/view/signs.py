"""The ASCII twin of every sign of ours that is none: one table, for terminals that show nothing else. Pure.

A twin takes as many columns as its sign, so that it can take its place when a line is laid out already.
"""

TWINS = {
    "✎": "&",
    "◦": "o",
    "●": "*",
    "○": "o",
    "▲": "^",
    "▼": "v",
    "△": "^",
    "▽": "v",
    "▶": ">",
    "▸": ">",
    "▾": "v",
    "◀": "<",
    "■": "#",
    "□": ".",
    "◆": "*",
    "◇": "o",
    "★": "*",
    "☆": "o",
    "☑": "x",
    "☐": "o",
    "↻": "%",
    "↳": "`",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "⇄": "=",
    "…": "~",
    "·": ".",
    "•": "*",
    "×": "x",
    "÷": "/",
    "–": "-",
    "—": "-",
    "−": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "«": "<",
    "»": ">",
    "≥": ">",
    "≤": "<",
    "≠": "!",
    "✓": "v",
    "✔": "v",
    "✗": "x",
    "✕": "x",
    "✘": "x",
    "⚠": "!",
    "⏎": "<",
    "⌛": "~~",
    "⏰": "@@",
    "📎": "@@",
    "🔔": "()",
    "👍": "+1",
    "✅": "ok",
    "👀": "oo",
    "🙏": "ty",
    "❓": "??",
    "🎉": "!!",
    "\u3000": "  ",
}
_VERTICAL = frozenset("│┃┆┇┊┋╎╏║╵╷╹╻╽╿")
_HORIZONTAL = frozenset("─━┄┅┈┉╌╍═╴╶╸╺╼╾")
_BOXES = {chr(code): "|" if chr(code) in _VERTICAL else "-" if chr(code) in _HORIZONTAL else "+" for code in range(0x2500, 0x2580)}
_BLOCKS = {chr(code): "#" for code in range(0x2580, 0x25A0)} | {"░": ".", "▒": ":", "▔": "-", "▁": "_"}

LINES = {**_BOXES, **_BLOCKS, "▲": "^"}
"""Signs that must take one column each, whatever a terminal gives to characters of ambiguous width: rules, frames, bars, and what points."""

TO_ASCII = str.maketrans({**LINES, **TWINS})
TO_NARROW = str.maketrans(LINES)


def twinned(text: str, *, ascii: bool, ambiguous: int = 1) -> str:  # noqa: A002 - what the setting is called
    """The text as such a terminal shows it."""
    if text.isascii() or not (ascii or ambiguous == 2):
        return text
    return text.translate(TO_ASCII if ascii else TO_NARROW)
