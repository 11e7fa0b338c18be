"""Text out of a page's elements as a browser would lay them: lines, blank lines, lists, quotes, emphasis. Given one element at a time."""

import re
from dataclasses import dataclass, field

from mailsync.mime.html.links import Links
from mailsync.mime.html.lists import ListState
from mailsync.mime.html.roles import Role
from mailsync.mime.html.spacing import EMPHASIS, emphasised, last_character, tidy, typed, unpadded
from mailsync.mime.html.style import Look
from mailsync.mime.html.table import Table

MOST_HELD = 40
"""Elements whose text is held back at once: each holds, and copies, what is inside it."""
MOST_NESTED = 10
"""Quotes and lists deeper than this are not marked any further."""

_BLOCKS = frozenset({
    "div", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "form", "fieldset", "figure", "figcaption",
    "tbody", "thead", "tfoot", "dt", "dd", "li", "caption", "details", "summary", "html", "body", "tr", "td", "th", "button", "legend", "hgroup",
})  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "listing", "xmp", "menu"})
_LISTS = frozenset({"ul", "ol", "menu"})
_SIGNS = {**EMPHASIS, "rt": ("(", ")"), "q": ("“", "”")}
"""What stands around the text of an element within a line."""
_SPACES = re.compile(r"[\x00-\x20\x7f-\x84\x86-\x9f]+")


@dataclass
class _Frame:
    """Text in the making that its element will want to change as a whole: a cell, a quote, a link."""

    kind: str
    depth: int
    out: list[str] = field(default_factory=list)
    href: str = ""
    table: Table | None = None
    spans: tuple[int, int] = (1, 1)
    level: int = 0


class Writer:
    """Collects text; white space as browsers collapse it, blank lines between paragraphs only."""

    def __init__(self) -> None:
        self._frames = [_Frame("", -1)]
        self._links = Links()
        self._lists: list[ListState] = []
        self._quotes = 0

    def text(self, text: str, *, as_typed: bool) -> None:
        """Add running text."""
        out = self._frames[-1].out
        if as_typed:
            out.append(typed(text))
            return
        text = _SPACES.sub(" ", unpadded(text))
        if text.startswith(" ") and self._last() in ("", " ", "\n"):
            text = text[1:]
        if text:
            out.append(text)

    def _last(self) -> str:
        """The character before which the next one will stand; "" at a beginning."""
        for frame in reversed(self._frames):
            if (last := last_character(frame.out)) or frame.kind != "link":
                return last
        return ""

    def _line(self, blank: int = 0) -> None:
        """Begin a new line, after `blank` empty ones."""
        out = self._frames[-1].out
        if not out:
            return
        out[-1] = out[-1].rstrip(" ")
        have = 0
        for piece in reversed(out):
            stripped = piece.rstrip("\n")
            have += len(piece) - len(stripped)
            if stripped:
                break
        if have < blank + 1:
            out.append("\n" * (blank + 1 - have))

    def _gap(self, tag: str, look: Look, attributes: dict[str, str | None]) -> int | None:
        """How many empty lines stand around an element; None where it stands in the line."""
        if tag == "p":
            word = (attributes.get("class") or "").startswith(("Mso", "x_Mso", "PlainText"))
            return 0 if look.tight or (word and "margin" not in (attributes.get("style") or "")) else 1
        if tag in _PARAGRAPHS:
            return 0 if self._lists and tag in _LISTS else 1
        return 0 if tag in _BLOCKS else None

    def enter(self, tag: str, attributes: dict[str, str | None], depth: int, look: Look, role: Role | None) -> None:
        """An element begins, so many elements below the root."""
        gap = self._gap(tag, look, attributes)
        if gap is not None and not (tag in ("td", "th") and self._frames[-1].table):
            self._line(gap)
        if role is not None:
            self._open_role(role, depth)
        match tag:
            case "br":
                self._frames[-1].out.append("\n")
            case "hr":
                self._line()
                self._frames[-1].out.append("----\n")
            case "img":
                self._image(attributes)
            case "ul" | "ol" | "menu":
                self._lists.append(ListState.of(tag, attributes))
            case _ if tag in _SIGNS:
                self._frames[-1].out.append(_SIGNS[tag][0])
            case _:
                self._open(tag, attributes, depth)

    def _open(self, tag: str, attributes: dict[str, str | None], depth: int) -> None:
        """Hold back the text of an element that will change it as a whole."""
        table = self._frames[-1].table
        match tag:
            case "a":
                self._hold(_Frame("link", depth, href=attributes.get("href") or ""))
            case "table":
                self._hold(_Frame("table", depth, table=Table()))
            case "tr" if table:
                table.begin_row()
            case "td" | "th" if table:
                table.has_headers |= tag == "th"
                spans = (_span(attributes, "colspan"), _span(attributes, "rowspan")) if attributes else (1, 1)
                self._hold(_Frame("cell", depth, spans=spans))
            case "li":
                self._hold(_Frame("item", depth, level=_number(attributes.get("value"))))
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._hold(_Frame("heading", depth, level=int(tag[1])))

    def leave(self, tag: str, attributes: dict[str, str | None], depth: int, look: Look) -> None:
        """An element ends."""
        while self._frames[-1].depth >= depth:
            self._close(self._frames.pop())
        if tag in _LISTS and self._lists:
            self._lists.pop()
        elif tag in _SIGNS:
            self._frames[-1].out.append(_SIGNS[tag][1])
        gap = self._gap(tag, look, attributes)
        if gap is not None:
            self._line(gap)

    def _open_role(self, role: Role | None, depth: int) -> None:
        match role:
            case Role.QUOTE:
                self._hold(_Frame("quote", depth))
            case Role.OLD_MAIL if not any(frame.kind == "old" for frame in self._frames):
                # It is no parent of what it announces: the quotation lasts as long as what it stands in.
                self._line(1)
                self._hold(_Frame("old", self._frames[-1].depth))
            case Role.SIGNATURE:
                self._line()
                self._hold(_Frame("signature", depth))

    def _hold(self, frame: _Frame) -> None:
        if len(self._frames) < MOST_HELD:
            self._frames.append(frame)

    def _image(self, attributes: dict[str, str | None]) -> None:
        alt = _SPACES.sub(" ", attributes.get("alt") or "").strip()
        if alt:
            self.text(f"[{alt}]", as_typed=False)
        elif self._frames[-1].kind == "link":
            self._frames[-1].level = 1  # a button that is a picture: its link is all there is

    def _close(self, frame: _Frame) -> None:
        """Put what a frame held into the one around it."""
        out = self._frames[-1].out
        text = "".join(frame.out)
        match frame.kind:
            case "link":
                self._close_link(text, frame)
                return
            case "table":
                assert frame.table is not None
                text = "\n".join(part for part in (tidy(text), frame.table.text()) if part)
                for around in self._frames:
                    if around.table:
                        around.table.holds_tables = True
            case "cell":
                table = self._frames[-1].table
                if table:
                    table.cell(tidy(emphasised(text)), *frame.spans)
                    return
            case "item":
                text = self._lists[-1].item(tidy(text), frame.level) if self._lists and len(self._lists) <= MOST_NESTED else tidy(text)
            case "heading":
                text = "#" * frame.level + " " + tidy(text) if text.strip() else ""
            case "quote" | "old":
                deep = sum(each.kind in ("quote", "old") for each in self._frames) >= MOST_NESTED
                text = text if deep else _quoted(tidy(text))
            case "signature":
                text = tidy(text)
                text = "-- \n" + text if text and not text.startswith("--") else text
        if text:
            out.append(text)

    def _close_link(self, text: str, frame: _Frame) -> None:
        out = self._frames[-1].out
        bare = text.rstrip(" \n")
        mark = self._links.mark(emphasised(text).strip(), frame.href) if text.strip() or frame.level else ""
        out.append(bare + mark + text[len(bare) :] if mark else text)
        if not out[-1]:
            out.pop()

    def finish(self) -> str:
        """All of it, and the links."""
        while len(self._frames) > 1:
            self._close(self._frames.pop())
        text = tidy(emphasised("".join(self._frames[0].out)))
        listed = self._links.listed()
        return (f"{text}\n\n{listed}" if listed else text).strip("\n")


def _quoted(text: str) -> str:
    if text.startswith(">") and text.count("\n") == text.count("\n>"):  # a quotation and nothing else
        return ">" + text.replace("\n", "\n>")
    return "\n".join(("> " + line).rstrip() if not line.startswith(">") else ">" + line for line in text.split("\n")) if text else ""


def _span(attributes: dict[str, str | None], name: str) -> int:
    return min(max(_number(attributes.get(name)), 1), 30)


def _number(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"\s*\d{1,6}\s*", value, re.ASCII) else 0
