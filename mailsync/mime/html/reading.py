"""HTML as readable text: tables in rows, links numbered, quotes marked, hidden text dropped. Nothing is loaded, nothing is run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from mailsync.mime.html.roles import role_of
from mailsync.mime.html.spacing import tidy
from mailsync.mime.html.style import PLAIN, Look, Sheet, cannot_be_seen, look_of, sheet_of
from mailsync.mime.html.writer import Writer

MAX_HTML = 1_000_000
"""Characters; what follows is in the raw source."""
MAX_NODES = 200_000
MAX_DEPTH = 5_000
"""Elements left open at once: the parser's time goes by the square of it. Only an attack nests so deep."""
CUT = "[…]"
"""Stands at the end of a text that was cut."""

_DROPPED = frozenset({
    "script", "style", "head", "title", "template", "noscript", "object", "embed", "iframe", "svg", "math", "select", "audio", "video",
    "canvas", "map", "input", "rp", "-comment", "applet", "frameset", "datalist", "meter", "progress",
})  # fmt: skip
_CLOSE_THEMSELVES = frozenset({
    "p", "li", "td", "th", "tr", "br", "hr", "img", "input", "meta", "link", "col", "dt", "dd", "option", "area", "base", "wbr",
})  # fmt: skip
_AS_TYPED = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_ANY_TAG = re.compile(r"<[^<>]*>")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


def html_charset(raw: bytes) -> str:
    """The charset a page states about itself; "" when it states none."""
    found = _META.search(raw[:4096])
    return found[1].decode("ascii", "replace") if found else ""


def html_to_text(html: str) -> str:
    """The text a person would read, links listed at its end. Never raises; bounded by MAX_HTML and MAX_NODES."""
    cut = len(html) > MAX_HTML
    html = html[:MAX_HTML]
    if _too_deep(html):
        return tidy(_ANY_TAG.sub(" ", html)).strip()
    try:
        root = LexborHTMLParser(html).root
    except (SelectolaxError, ValueError):
        return tidy(_ANY_TAG.sub(" ", html)).strip()
    if root is None:
        return ""
    text, whole = _written(root, sheet_of(html))
    return text if whole and not cut else f"{text}\n\n{CUT}"


@dataclass(frozen=True)
class _Seen:
    """How text looks here, from all the elements around it."""

    depth: int
    tiny: bool = False
    colour: str | None = None
    ground: str | None = None
    as_typed: bool = False
    gone: bool = False


def _written(root: LexborNode, sheet: Sheet) -> tuple[str, bool]:
    """The text below a node, and whether all of it was gone through."""
    writer = Writer()
    seen = [_Seen(-1)]
    opened: list[tuple[str, dict[str, str | None], Look]] = []
    hidden: int | None = None
    count = 0
    for node, depth, entering in _steps(root):
        count += entering
        if hidden is not None:
            if not entering and depth == hidden:
                hidden = None
        elif node.is_text_node:
            if entering and not seen[-1].gone:
                writer.text(node.text_content or "", as_typed=seen[-1].as_typed)
        elif not entering:
            tag, attributes, look = opened.pop()
            writer.leave(tag, attributes, depth, look)
            if seen[-1].depth == depth:
                seen.pop()
        else:
            tag = node.tag or ""
            attributes = node.attributes
            look = look_of(tag, attributes, sheet) if attributes else PLAIN
            if tag in _DROPPED or look.hidden or (tag == "img" and _is_pixel(attributes)):
                hidden = depth
                continue
            writer.enter(tag, attributes, depth, look, role_of(tag, attributes, look))
            opened.append((tag, attributes, look))
            if look is not PLAIN or tag in _AS_TYPED:
                seen.append(_seen(seen[-1], look, depth, tag, sheet))
    return writer.finish(), count < MAX_NODES


def _seen(around: _Seen, look: Look, depth: int, tag: str, sheet: Sheet) -> _Seen:
    tiny = around.tiny if look.tiny is None else look.tiny
    colour, ground = look.colour or around.colour, look.ground or around.ground
    return replace(
        around,
        depth=depth,
        tiny=tiny,
        colour=colour,
        ground=ground,
        as_typed=(around.as_typed if look.as_typed is None else look.as_typed) or tag in _AS_TYPED,
        gone=tiny or cannot_be_seen(colour, ground, grounds_elsewhere=sheet.grounds),
    )


def _is_pixel(attributes: dict[str, str | None]) -> bool:
    """Whether a picture is there to be fetched, not to be seen."""
    return attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1")


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
    """Every node on the way in, elements on the way out too, without recursion: a page may nest thousands deep."""
    node: LexborNode | None = root
    depth = count = 0
    while node is not None:
        yield node, depth, True
        count += 1
        below = node.first_child if count < MAX_NODES else None
        if below is not None:
            node, depth = below, depth + 1
            continue
        if not node.is_text_node:
            yield node, depth, False
        while (following := node.next if count < MAX_NODES else None) is None:
            above = node.parent
            if above is None or depth == 0:
                return
            node, depth = above, depth - 1
            yield node, depth, False
        node = following
