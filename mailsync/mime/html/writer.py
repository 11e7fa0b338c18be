"""Text out of a page's elements as a browser would lay them: lines, blank lines, lists, quotes, emphasis. Given one element at a time."""

import re

import msgspec

from mailsync.mime.html.elements import SIGNS, Element
from mailsync.mime.html.links import Links
from mailsync.mime.html.lists import ListState
from mailsync.mime.html.roles import Role
from mailsync.mime.html.spacing import emphasised, last_character, raised, tidy, typed, unpadded
from mailsync.mime.html.table import Table

MOST_HELD = 40
"""Elements whose text is held back at once: each holds, and copies, what is inside it."""
MOST_NESTED = 10
"""Quotes and lists deeper than this are not marked any further."""

_SPACES = re.compile(r"[\x00-\x1f\x7f-\x84\x86-\x9f][\x00-\x20\x7f-\x84\x86-\x9f]*| [\x00-\x20\x7f-\x84\x86-\x9f]+")
"""White space that is not one space already."""


class _Frame(msgspec.Struct):
    """Text in the making that its element will want to change as a whole: a cell, a quote, a link."""

    kind: str
    depth: int
    out: list[str] = msgspec.field(default_factory=list)
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
        if text[:1] == " " and self._last() in ("", " ", "\n"):
            text = text[1:]
        if text:
            out.append(text)

    def _last(self) -> str:
        """The character before which the next one will stand; "" at a beginning."""
        for frame in reversed(self._frames):
            if (last := last_character(frame.out)) or frame.kind not in ("link", "raised"):
                return last
        return ""

    def _line(self, blank: int = 0) -> None:
        """Begin a new line, after `blank` empty ones."""
        out = self._frames[-1].out
        if not out:
            return
        last = out[-1]
        if last[-1:] == "\n" and not blank:
            return
        out[-1] = last.rstrip(" ")
        have = 0
        for piece in reversed(out):
            stripped = piece.rstrip("\n")
            have += len(piece) - len(stripped)
            if stripped:
                break
        if have < blank + 1:
            out.append("\n" * (blank + 1 - have))

    def enter(self, element: Element, depth: int) -> None:
        """An element begins, so many elements below the root."""
        doing, gap = element.doing, element.gap
        if gap is not None and not (doing == "cell" and self._frames[-1].table):
            self._line(0 if doing == "list" and self._lists else gap)
        if element.role is not None:
            self._open_role(element.role, depth)
        if doing:
            self._do(element, depth)

    def _do(self, element: Element, depth: int) -> None:
        match element.doing:
            case "cell" | "row" | "table" | "link" | "item" | "heading" | "raised":
                self._open(element, depth)
            case "break":
                self._frames[-1].out.append("\n")
            case "rule":
                self._line()
                self._frames[-1].out.append("----\n")
            case "image":
                self._image(element.attributes)
            case "area":
                self._area(element.attributes)
            case "list":
                if self._lists and self._lists[-1].frames == len(self._frames):
                    self._hold(_Frame("below", depth))  # a list in a list, and in none of its items
                self._lists.append(ListState.of(element.tag, element.attributes, len(self._frames)))
            case "sign":
                self._frames[-1].out.append(SIGNS.get(element.tag, SIGNS["s"])[0])

    def _open(self, element: Element, depth: int) -> None:
        """Hold back the text of an element that will change it as a whole."""
        table, attributes = self._frames[-1].table, element.attributes
        match element.doing:
            case "cell" if table:
                table.has_headers |= element.tag == "th"
                spans = (_span(attributes, "colspan"), _span(attributes, "rowspan")) if attributes else (1, 1)
                self._hold(_Frame("cell", depth, spans=spans))
            case "row" if table:
                table.begin_row()
            case "table":
                # Only data is ruled: pages are laid out with tables nobody sees.
                ruled = attributes.get("border") not in (None, "", "0") or "MsoTableGrid" in (attributes.get("class") or "")
                self._hold(_Frame("table", depth, table=Table(has_headers=ruled)))
            case "raised":
                self._hold(_Frame("raised", depth))
            case "link":
                self._hold(_Frame("link", depth, href=attributes.get("href") or ""))
            case "item":
                self._hold(_Frame("item", depth, level=_number(attributes.get("value"))))
            case "heading":
                self._hold(_Frame("heading", depth, level=int(element.tag[1])))

    def cell(self, element: Element, text: str) -> bool:
        """A cell of the open table begins and ends, with this text in it; False: nothing was done, for it is no such one."""
        frame = self._frames[-1]
        table = frame.table
        if table is None or element.role is not None or len(self._frames) >= MOST_HELD:
            return False
        table.has_headers |= element.tag == "th"
        text = _SPACES.sub(" ", unpadded(text))
        text = (text[1:] if text[:1] == " " else text).replace("\u00a0", " ").rstrip(" ")
        attributes = element.attributes
        spans = (_span(attributes, "colspan"), _span(attributes, "rowspan")) if attributes else (1, 1)
        table.cell(text, *spans)
        self._line()
        return True

    def leave(self, element: Element, depth: int) -> None:
        """An element ends."""
        while self._frames[-1].depth >= depth:
            self._close(self._frames.pop())
        doing, gap = element.doing, element.gap
        if doing == "list" and self._lists:
            self._lists.pop()
        elif doing == "sign":
            self._frames[-1].out.append(SIGNS.get(element.tag, SIGNS["s"])[1])
        if gap is not None:
            self._line(0 if doing == "list" and self._lists else gap)

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

    def _area(self, attributes: dict[str, str | None]) -> None:
        """A part of a picture that leads somewhere."""
        alt = _SPACES.sub(" ", attributes.get("alt") or "").strip()
        mark = self._links.mark(alt, attributes.get("href") or "")
        if alt or mark:
            self.text(f" [{alt}]{mark} " if alt else f" {mark} ", as_typed=False)

    def _image(self, attributes: dict[str, str | None]) -> None:
        alt = _SPACES.sub(" ", attributes.get("alt") or attributes.get("title") or "").strip()
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
            case _:
                text = self._shaped(frame, text, out)
        if text:
            out.append(text)

    def _shaped(self, frame: _Frame, text: str, out: list[str]) -> str:
        """What a frame held, with what its element does to it; `out`: what stands before it."""
        match frame.kind:
            case "item":
                text = self._lists[-1].item(tidy(text), frame.level) if self._lists and len(self._lists) <= MOST_NESTED else tidy(text)
            case "heading":
                text = "#" * frame.level + " " + tidy(text) if text.strip() else ""
            case "quote" | "old":
                deep = sum(each.kind in ("quote", "old") for each in self._frames) >= MOST_NESTED
                text = text if deep else _quoted(tidy(text))
            case "below":
                text = "  " + tidy(text).replace("\n", "\n  ").replace("\n  \n", "\n\n") if text.strip() else ""
            case "raised":
                text = raised(text, last_character(out))
            case "signature":
                text = tidy(text)
                marked = text.startswith("--") or tidy("".join(out[-4:])).rpartition("\n")[2] == "--"
                text = "-- \n" + text if text and not marked else text
        return text

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
