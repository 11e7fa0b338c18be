"""text/enriched (RFC 1896) and its elder text/richtext (RFC 1341 7.1.3) as plain text: their marks dropped, their lines as they are meant."""

import re

MOST_QUOTED = 10
"""Excerpts deeper than this are not marked any further."""

_SIGNS = {"bold": "*", "italic": "_"}
_DROPPED = frozenset({"param", "comment"})
_RICH = {"lt": "<", "nl": "\n", "np": "\n\n"}
_MEANT = re.compile(rf"<(/?)({'|'.join(('nofill', 'excerpt', *_SIGNS, *_DROPPED, *_RICH))})>", re.ASCII | re.IGNORECASE)
_ANY_MARK = re.compile(r"</?[A-Za-z0-9-]{1,60}>", re.ASCII)
_LONE_END = re.compile(r"(?<!\n)\n(?!\n)")
_FIRST_END = re.compile(r"(?<!\n)\n")
_BLANKS = re.compile(r"(?<![ \t])[ \t]+\n")
_BRACKET = "\x00"
"""Stands for `<<` until the marks are gone."""


def enriched_to_text(text: str, *, rich: bool = False) -> str:
    """The text to read. A single line end is a blank, of several all but one stay (RFC 1896 section 2). `rich`: by RFC 1341's names."""
    out: list[str] = []
    dropped = as_typed = quoted = 0
    first, *marks = _MEANT.split(text.replace(_BRACKET, "").replace("<<", _BRACKET))
    out += [_running(first, "", as_typed=False)] if first else []
    for slash, mark, running in zip(*(marks[each::3] for each in range(3)), strict=True):
        name = mark.lower()
        change = -1 if slash else 1
        if name in _DROPPED:
            dropped = max(0, dropped + change)
        elif dropped:
            continue
        elif name == "nofill":
            as_typed = max(0, as_typed + change)
        elif name == "excerpt":
            quoted = max(0, quoted + change)
            out.append("\n" if out and not out[-1].endswith("\n") else "")
            out.append("> " * min(quoted, MOST_QUOTED))
        elif name in _SIGNS:
            out.append(_SIGNS[name])
        elif rich and not slash:
            out.append(_RICH[name])
        if not dropped and (shown := _running(running, "> " * min(quoted, MOST_QUOTED), as_typed=bool(as_typed))):
            out.append(shown)
    return _BLANKS.sub("\n", "".join(out)).strip("\n ")


def _running(text: str, quoted: str, *, as_typed: bool) -> str:
    """What stands between two marks that mean something, every line after its first behind `quoted`."""
    if "\n" in text:
        # A mark parts two line ends, whatever it means: it goes after them.
        text = text if as_typed else _FIRST_END.sub("", _LONE_END.sub(" ", text))
        text = text.replace("\n", "\n" + quoted).replace(quoted + "\n", quoted.rstrip() + "\n")
    if "<" in text:
        text = _ANY_MARK.sub("", text)
    return text.replace(_BRACKET, "<")
