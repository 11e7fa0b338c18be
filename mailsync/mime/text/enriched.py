"""text/enriched (RFC 1896) and its elder text/richtext (RFC 1341 7.1.3) as plain text: their marks dropped, their lines as they are meant."""

import re

_TOKEN = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>|\n+|[^<\n]+|<", re.ASCII)
_SIGNS = {"bold": "*", "italic": "_"}
_DROPPED = frozenset({"param", "comment"})
_RICH = {"lt": "<", "nl": "\n", "np": "\n\n"}


def enriched_to_text(text: str, *, rich: bool = False) -> str:
    """The text to read. A single line end is a blank, of several all but one stay (RFC 1896 section 2). `rich`: by RFC 1341's names."""
    out: list[str] = []
    dropped = as_typed = quoted = 0
    for token in _TOKEN.finditer(text):
        name = (token[2] or "").lower()
        change = -1 if token[1] else 1
        if name in _DROPPED:
            dropped = max(0, dropped + change)
        elif dropped:
            continue
        elif name == "nofill":
            as_typed = max(0, as_typed + change)
        elif name == "excerpt":
            quoted = max(0, quoted + change)
            out.append("\n" if out and not out[-1].endswith("\n") else "")
            out.append("> " * quoted)
        elif rich and name in _RICH and not token[1]:
            out.append(_RICH[name])
        elif name in _SIGNS:
            out.append(_SIGNS[name])
        elif token[0] == "<<":
            out.append("<")
        elif token[0].startswith("\n"):
            ends = len(token[0]) - (0 if as_typed else 1)
            out.append(("\n" + "> " * quoted) * ends or " ")
        elif not name:
            out.append(token[0])
    return re.sub(r"[ \t]+\n", "\n", "".join(out)).strip("\n ")
