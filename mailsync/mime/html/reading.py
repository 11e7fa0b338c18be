"""HTML as readable text: tables in rows, links numbered, quotes marked, hidden text dropped. Nothing is loaded, nothing is run."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from mailsync.mime.html.bounds import too_many_attributes
from mailsync.mime.html.elements import Element, element_of, is_typed
from mailsync.mime.html.spacing import tidy
from mailsync.mime.html.style import Sheet, cannot_be_seen, sheet_of
from mailsync.mime.html.symbols import pictured
from mailsync.mime.html.tokens import VOID, Token, attributes_of, plain, tokens_of
from mailsync.mime.html.writer import Writer

MAX_HTML = 1_000_000
"""Characters; what follows is in the raw source."""
MAX_NODES = 200_000
MAX_DEPTH = 5_000
"""Elements left open at once: the parser's time goes by the square of it. Only an attack nests so deep."""
SHORT = 200
"""Characters of attributes that may be met again on another page."""
CUT = "[…]"
"""Stands at the end of a text that was cut."""

_CLOSE_THEMSELVES = frozenset({
    "p", "li", "td", "th", "tr", "br", "hr", "img", "input", "meta", "link", "col", "dt", "dd", "area", "base", "wbr",
})  # fmt: skip
_BEGINS_TAG = re.compile(r"<[A-Za-z!/?]")
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
    if _BEGINS_TAG.search(html) is None:
        return tidy(unescape(html)).strip()  # a plain text that calls itself HTML: its line ends are meant
    if _too_deep(html) or too_many_attributes(html):
        return tidy(_ANY_TAG.sub(" ", html)).strip()
    try:
        root = LexborHTMLParser(html).root
    except (SelectolaxError, ValueError):
        return tidy(_ANY_TAG.sub(" ", html)).strip()
    if root is None:
        return ""
    sheet = sheet_of(html)
    if (text := text_by_tokens(root, sheet)) is not None:
        return f"{text}\n\n{CUT}" if cut else text
    text, whole = text_by_nodes(root, sheet)
    return text if whole and not cut else f"{text}\n\n{CUT}"


class _Seen(msgspec.Struct, frozen=True):
    """How text looks here, from all the elements around it."""

    depth: int
    tiny: bool = False
    colour: str | None = None
    ground: str | None = None
    as_typed: bool = False
    gone: bool = False
    pictured: bool = False


def text_by_tokens(root: LexborNode, sheet: Sheet) -> str | None:
    """The text below a node, off the page as its parser writes it out; None where that cannot be read, or is very long."""
    page = root.html or ""
    if page.count("<") > MAX_NODES // 2 - 1 or (tokens := tokens_of(page)) is None:
        return None
    return _told(tokens, sheet)


def _told(tokens: Sequence[Token], sheet: Sheet) -> str | None:
    writer = Writer()
    seen = [_Seen(-1)]
    opened: list[Element] = []
    known: dict[tuple[str, str], Element] = {}
    unseen = 0
    """Elements that are open inside of one that is left out, itself included."""
    for text, cell, cell_said, inside, tag, said, end, _, _, _ in tokens:
        if unseen:
            unseen += -1 if end else bool(tag) and tag not in VOID
            continue
        if text and not seen[-1].gone:
            writer.text(_as_seen(plain(text), seen[-1]), as_typed=seen[-1].as_typed)
        if cell:
            element = known.get((cell, cell_said)) or _known(known, cell, cell_said, sheet)
            _cell(writer, element, plain(inside), seen, len(opened), sheet)
        elif tag:
            element = known.get((tag, said)) or _known(known, tag, said, sheet)
            if element.unseen:
                unseen = tag not in VOID
                continue
            writer.enter(element, len(opened))
            if tag in VOID:
                writer.leave(element, len(opened))
                continue
            if element.changes_look:
                seen.append(_seen(seen[-1], element, len(opened), sheet))
            opened.append(element)
        elif end:
            if not opened or (element := opened.pop()).tag != end:
                return None
            writer.leave(element, len(opened))
            if seen[-1].depth == len(opened):
                seen.pop()
    return None if opened or unseen else writer.finish()


def _cell(writer: Writer, element: Element, text: str, seen: Sequence[_Seen], depth: int, sheet: Sheet) -> None:
    """A cell with nothing but text in it: most of a page with a table that holds data."""
    if element.unseen:
        return
    around = _seen(seen[-1], element, depth, sheet) if element.changes_look else seen[-1]
    text = _as_seen(text, around)
    if around.gone or around.as_typed or not writer.cell(element, text):
        writer.enter(element, depth)
        if text and not around.gone:
            writer.text(text, as_typed=around.as_typed)
        writer.leave(element, depth)


def _known(known: dict[tuple[str, str], Element], tag: str, said: str, sheet: Sheet) -> Element:
    element = known[tag, said] = _element(tag, said, sheet)
    return element


def _element(tag: str, said: str, sheet: Sheet) -> Element:
    if len(said) > SHORT or sheet.hidden or sheet.tiny:
        return element_of(tag, attributes_of(said), sheet)
    return _met_before(tag, said, grounds=sheet.grounds)


@lru_cache(2_048)
def _met_before(tag: str, said: str, *, grounds: bool) -> Element:
    return element_of(tag, attributes_of(said), Sheet(grounds=grounds))


def text_by_nodes(root: LexborNode, sheet: Sheet) -> tuple[str, bool]:
    """The same node by node; and whether all of it was gone through."""
    writer = Writer()
    seen = [_Seen(-1)]
    opened: list[Element] = []
    hidden: int | None = None
    count = 0
    for node, depth, entering in _steps(root):
        count += entering
        if hidden is not None:
            if not entering and depth == hidden:
                hidden = None
        elif node.is_text_node:
            if entering and not seen[-1].gone:
                writer.text(_as_seen(node.text_content or "", seen[-1]), as_typed=seen[-1].as_typed)
        elif not entering:
            writer.leave(opened.pop(), depth)
            if seen[-1].depth == depth:
                seen.pop()
        else:
            element = element_of(node.tag or "", node.attributes, sheet)
            if element.unseen:
                hidden = depth
                continue
            writer.enter(element, depth)
            opened.append(element)
            if element.changes_look:
                seen.append(_seen(seen[-1], element, depth, sheet))
    return writer.finish(), count < MAX_NODES


def _seen(around: _Seen, element: Element, depth: int, sheet: Sheet) -> _Seen:
    look = element.look
    tiny = around.tiny if look.tiny is None else look.tiny
    colour, ground = look.colour or around.colour, look.ground or around.ground
    return _Seen(
        depth,
        tiny,
        colour,
        ground,
        (around.as_typed if look.as_typed is None else look.as_typed) or is_typed(element.tag),
        tiny or cannot_be_seen(colour, ground, grounds_elsewhere=sheet.grounds),
        around.pictured if look.pictured is None else look.pictured,
    )


def _as_seen(text: str, around: _Seen) -> str:
    return pictured(text) if around.pictured else text


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
