"""HTML as readable text: tables in rows, links numbered, quotes marked, hidden text dropped. Nothing is loaded, nothing is run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

MAX_HTML = 1_000_000
"""Characters; what follows is in the raw source."""
MAX_NODES = 200_000
MAX_DEPTH = 10_000
"""Elements left open at once: the parser's time goes by the square of it (0.1 s here). Only an attack nests so deep."""
MAX_NESTED = 20
"""Quotes and lists deeper than this are not marked any further."""

_DROPPED = frozenset({
    "script", "style", "head", "title", "template", "noscript", "object", "embed", "iframe", "svg", "math", "select", "textarea", "audio", "video",
    "canvas", "map", "input", "-comment",
})  # fmt: skip
_BLOCKS = frozenset({
    "div", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "form", "fieldset", "figure", "figcaption",
    "tbody", "thead", "tfoot", "dt", "dd", "li", "caption", "details", "summary", "html", "body", "tr",
})  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote"})
_HELD = frozenset({"td", "th", "tr", "table", "blockquote", "li", "a"})
_CLOSE_THEMSELVES = frozenset({
    "p", "li", "td", "th", "tr", "br", "hr", "img", "input", "meta", "link", "col", "dt", "dd", "option", "area", "base", "wbr",
})  # fmt: skip
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0"
    r"|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_ANY_TAG = re.compile(r"<[^<>]*>")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_BLANKS = re.compile(r"\n{3,}")


def html_charset(raw: bytes) -> str:
    """The charset a page states about itself; "" when it states none."""
    found = _META.search(raw[:4096])
    return found[1].decode("ascii", "replace") if found else ""


def html_to_text(html: str) -> str:
    """The text a person would read, links listed at its end. Never raises; bounded by MAX_HTML and MAX_NODES."""
    html = html[:MAX_HTML]
    if _too_deep(html):
        return _tidy(_ANY_TAG.sub(" ", html)).strip()
    try:
        root = LexborHTMLParser(html).root
    except (SelectolaxError, ValueError):
        return _tidy(_ANY_TAG.sub(" ", html)).strip()
    if root is None:
        return ""
    writer = _Writer()
    hidden: int | None = None
    for node, depth, entering in _steps(root):
        if hidden is not None:
            if not entering and depth == hidden:
                hidden = None
        elif node.is_text_node:
            if entering:
                writer.text(node.text_content or "")
        elif not entering:
            writer.leave(node)
        elif _is_hidden(node):
            hidden = depth
        else:
            writer.enter(node)
    return writer.finish()


def _too_deep(html: str) -> bool:
    if html.count("<") <= MAX_DEPTH:
        return False
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _CLOSE_THEMSELVES:
            depth += -1 if tag[1] else 1
            if depth > MAX_DEPTH:
                return True
    return False


def _steps(root: LexborNode) -> Iterator[tuple[LexborNode, int, bool]]:
    """Every node on the way in and on the way out, without recursion: a page may nest 100,000 deep."""
    node: LexborNode | None = root
    depth = count = 0
    while node is not None:
        yield node, depth, True
        count += 1
        below = node.first_child if count < MAX_NODES else None
        if below is not None:
            node, depth = below, depth + 1
            continue
        yield node, depth, False
        while (following := node.next if count < MAX_NODES else None) is None:
            above = node.parent
            if above is None or depth == 0:
                return
            node, depth = above, depth - 1
            yield node, depth, False
        node = following


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in _DROPPED:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    if style and _HIDDEN.search(style):
        return True
    if node.tag == "img" and (attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1")):
        return True  # a tracking pixel
    return "hidden" in attributes


@dataclass
class _Frame:
    """Text in the making that its element will want to change as a whole: a cell, a row, a quote, a link."""

    tag: str
    out: list[str] = field(default_factory=list)
    href: str = ""
    rows: list[str] = field(default_factory=list)
    ordinal: int = 0


class _Writer:
    """Collects text; white space as browsers collapse it, blank lines between paragraphs only."""

    def __init__(self) -> None:
        self._frames = [_Frame("")]
        self._links: dict[str, int] = {}
        self._pre = 0
        self._lists: list[int | None] = []
        self._quotes = 0

    def text(self, text: str) -> None:
        """Add running text."""
        out = self._frames[-1].out
        if self._pre:
            out.append(text.replace("\r\n", "\n"))
            return
        text = _SPACES.sub(" ", text)
        if text.startswith(" ") and self._ends_in((" ", "\n", "")):
            text = text[1:]
        if text:
            out.append(text)

    def _ends_in(self, ends: tuple[str, ...]) -> bool:
        for frame in reversed(self._frames):
            if frame.out:
                return frame.out[-1][-1:] in ends
            if frame.tag != "a":
                break
        return "" in ends

    def _line(self, blank: int = 0) -> None:
        """Begin a new line, after `blank` empty ones."""
        out = self._frames[-1].out
        if not out:
            return
        out[-1] = out[-1].rstrip(" ") if not self._pre else out[-1]
        have = 0
        for piece in reversed(out):
            stripped = piece.rstrip("\n")
            have += len(piece) - len(stripped)
            if stripped:
                break
        if have < blank + 1:
            out.append("\n" * (blank + 1 - have))

    def enter(self, node: LexborNode) -> None:
        """An element begins."""
        tag = node.tag or ""
        if tag in _PARAGRAPHS:
            self._line(0 if self._lists and tag in ("ul", "ol") else 1)
        elif tag in _BLOCKS:
            self._line()
        if tag == "br":
            self._frames[-1].out.append("\n")
        elif tag == "hr":
            self._line()
            self._frames[-1].out.append("----\n")
        elif tag == "img":
            alt = _SPACES.sub(" ", node.attributes.get("alt") or "").strip()
            if alt:
                self.text(f"[{alt}]")
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        if tag in _HELD:
            self._frames.append(_Frame(tag, href=(node.attributes.get("href") or "").strip() if tag == "a" else ""))

    def leave(self, node: LexborNode) -> None:
        """An element ends."""
        tag = node.tag or ""
        if tag in _HELD:
            self._close(tag)
        if tag == "pre":
            self._pre -= 1
        elif tag in ("ul", "ol"):
            self._lists.pop()
        if tag in _PARAGRAPHS:
            self._line(0 if self._lists and tag in ("ul", "ol") else 1)
        elif tag in _BLOCKS:
            self._line()

    def _close(self, tag: str) -> None:
        frame = self._frames.pop()
        text = "".join(frame.out)
        parent = self._frames[-1]
        match tag:
            case "a":
                self._link(text, frame.href)
            case "td" | "th" if parent.tag == "tr":
                parent.rows.append(_tidy(text))
            case "tr":
                cells = frame.rows + ([_tidy(text)] if text.strip() else [])
                filled = [cell for cell in cells if cell]
                one_line = all("\n" not in cell for cell in filled)
                # A row of single lines is data; one that holds blocks is only there for the layout.
                row = " | ".join(cells).strip(" |") if one_line and len(filled) > 1 else "\n".join(filled)
                parent.out.append(row + "\n" if row else "")
            case "li":
                parent.out.append(self._item(_tidy(text)) if text.strip() else "")
            case "blockquote":
                parent.out.append(
                    "\n".join(("> " + line).rstrip() if not line.startswith(">") else ">" + line for line in _tidy(text).split("\n"))
                    if len(self._frames) < MAX_NESTED
                    else text
                )
            case _:
                parent.out.append(_tidy(text))
        if parent.out and not parent.out[-1]:
            parent.out.pop()

    def _item(self, text: str) -> str:
        mark = "- "
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            mark = f"{self._lists[-1]}. "
        lines = text.split("\n")
        if len(self._lists) > MAX_NESTED:
            return text
        return mark + ("\n" + " " * len(mark)).join(lines)

    def _link(self, text: str, href: str) -> None:
        shown = text.strip()
        out = self._frames[-1].out
        out.append(text)
        if not shown or not href or href.startswith(("#", "javascript:", "cid:", "data:")):
            return
        if _plain(href) == _plain(shown):
            return
        number = self._links.setdefault(href, len(self._links) + 1)
        if text.endswith((" ", "\n")):
            out[-1] = text.rstrip()
        out.append(f"[{number}]" + (" " if text.endswith(" ") else "\n" if text.endswith("\n") else ""))

    def finish(self) -> str:
        """All of it, and the links."""
        while len(self._frames) > 1:
            self._close(self._frames[-1].tag)
        text = _tidy("".join(self._frames[0].out))
        if self._links:
            text += "\n\n" + "\n".join(f"[{number}] {href}" for href, number in self._links.items())
        return text.strip("\n")


def _plain(link: str) -> str:
    """A link without what does not change where it goes, to see whether its text already says it."""
    return re.sub(r"^(?:https?://|mailto:|tel:)", "", link.strip(), flags=re.IGNORECASE).rstrip("/").lower()


def _tidy(text: str) -> str:
    """No spaces at line ends, no more than one empty line in a row, none at either end."""
    text = "\n".join(line.rstrip(" \u00a0") for line in text.replace("\u00a0", " ").split("\n"))
    return _BLANKS.sub("\n\n", text).strip("\n")
