"""Lines of a conversation as it is shown, back to the lines its sender wrote: to quote only some of them. Pure."""

from collections.abc import Sequence

_MARKS = "> "


def rejoined(rows: Sequence[str], source: str) -> list[str]:
    """The rows as lines of `source`: what was wrapped is one line again; what is not of the text (headers, a folded quotation) is left out."""
    squeezed = _squeezed(source)
    lines: list[str] = []
    before = ""
    for row in rows:
        text = row.strip()
        if not text:
            if lines and lines[-1]:
                lines.append("")
            before = ""
            continue
        if _squeezed(text) not in squeezed:
            before = ""
            continue
        bare = text.lstrip(_MARKS) if before.startswith(">") else text
        if before and f"{before} {bare}" in source:
            lines[-1] += f" {bare}"
        elif before and before + bare in source:
            lines[-1] += bare
        else:
            lines.append(text)
        before = lines[-1]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _squeezed(text: str) -> str:
    return "".join(text.replace(">", "").split())
