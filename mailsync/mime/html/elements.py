"""An element of a page as far as its text goes: what it looks like, what it is to its reader, what is done with it."""

import msgspec

from mailsync.mime.html.roles import Role, role_of
from mailsync.mime.html.spacing import EMPHASIS
from mailsync.mime.html.style import PLAIN, Look, Sheet, look_of

_DROPPED = frozenset({
    "script", "style", "head", "title", "template", "object", "embed", "iframe", "svg", "math", "select", "audio", "video",
    "canvas", "input", "rp", "-comment", "applet", "frameset", "datalist", "meter", "progress",
})  # fmt: skip
_AS_TYPED = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})
_BLOCKS = frozenset({
    "div", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "form", "fieldset", "figure", "figcaption",
    "tbody", "thead", "tfoot", "dt", "dd", "li", "caption", "details", "summary", "html", "body", "tr", "td", "th", "button", "legend", "hgroup",
})  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "listing", "xmp", "menu"})
SIGNS = {**EMPHASIS, "rt": ("(", ")"), "q": ("“", "”")}
"""What stands around the text of an element within a line."""


_DOING = {
    "br": "break", "hr": "rule", "img": "image", "area": "area", "sup": "raised",
    "ul": "list", "ol": "list", "menu": "list", "a": "link", "table": "table", "tr": "row",
    "td": "cell", "th": "cell", "li": "item", **dict.fromkeys(SIGNS, "sign"), **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
}  # fmt: skip
"""What the writer does with an element beside giving it its lines."""


class Element(msgspec.Struct, frozen=True):
    """One element, without what is in it. `gap`: how many empty lines stand around it; None where it stands in the line."""

    tag: str
    attributes: dict[str, str | None]
    look: Look
    role: Role | None
    gap: int | None
    doing: str
    """What the writer does with it beside that; "" for most."""
    unseen: bool
    """It and all that is in it is left out."""
    changes_look: bool
    """What is in it looks otherwise than what is around it, or may."""


def element_of(tag: str, attributes: dict[str, str | None], sheet: Sheet) -> Element:
    """The element of a page with these style sheets."""
    look = look_of(tag, attributes, sheet) if attributes else PLAIN
    unseen = tag in _DROPPED or look.hidden or (tag == "img" and _is_pixel(attributes))
    role = None if unseen else role_of(tag, attributes, look)
    changes_look = look is not PLAIN or tag in _AS_TYPED
    doing = "sign" if look.struck and tag in ("span", "font") else _DOING.get(tag, "")
    return Element(tag, attributes, look, role, _gap(tag, look, attributes), doing, unseen, changes_look)


def is_typed(tag: str) -> bool:
    """Whether every blank and line end in it counts."""
    return tag in _AS_TYPED


def _gap(tag: str, look: Look, attributes: dict[str, str | None]) -> int | None:
    if tag == "p":
        word = (attributes.get("class") or "").startswith(("Mso", "x_Mso", "PlainText"))
        return 0 if look.tight or (word and "margin" not in (attributes.get("style") or "")) else 1
    if tag in _PARAGRAPHS:
        return 1
    return 0 if tag in _BLOCKS else None


def _is_pixel(attributes: dict[str, str | None]) -> bool:
    """Whether a picture is there to be fetched, not to be seen."""
    return attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1")
