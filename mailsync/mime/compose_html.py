"""The same text as HTML: escaped, links and quotations marked, nothing fetched from anywhere, no style that a mail program must know. Pure."""

import re
from html import escape

_LINK = re.compile(r"https?://[^\s<>\"'（）「」『』【】、。\u3000]+[^\s<>\"'（）「」『』【】、。\u3000.,:;!?)\]}]")
_QUOTED = re.compile(r"(>+) ?(.*)")
SIGNATURE = "-- "


def html_of(body: str) -> str:
    """A whole document of the text, lines ended by LF."""
    out: list[str] = []
    depth = 0
    signed = False
    for line in body.removesuffix("\n").split("\n"):
        found = _QUOTED.match(line)
        now = len(found[1]) if found else 0
        out.append("</blockquote>" * (depth - now) + '<blockquote type="cite">' * (now - depth))
        depth = now
        if line == SIGNATURE and not signed:
            signed = True
            out.append('<div class="signature">')
        out.append(_line(found[2] if found else line) + "<br>\n")
    out.append("</blockquote>" * depth + "</div>" * signed)
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{"".join(out)}</body></html>\n'


def _line(text: str) -> str:
    """Escaped; runs of spaces stay as wide as they are."""
    done, at = [], 0
    for link in _LINK.finditer(text):
        url = escape(link[0])
        done += [_spaced(text[at : link.start()]), f'<a href="{url}">{url}</a>']
        at = link.end()
    return "".join([*done, _spaced(text[at:])])


def _spaced(text: str) -> str:
    return re.sub(
        "  +|^ ", lambda found: "&nbsp;" * (len(found[0]) - 1) + (" " if len(found[0]) > 1 else "&nbsp;"), escape(text.replace("\t", "    "))
    )
