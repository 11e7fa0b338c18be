"""A page as its parser writes it out again, read tag by tag: well-formed by then, and an object a node of its tree takes three times as long."""

import re
from collections.abc import Sequence

_ATTRIBUTES = r"""((?:\ [^\s"'<>/=]+(?:="[^"]*")?)*)>"""
TOKEN = re.compile(
    rf"""([^<]*)(?:
    <(?:
        (td|th){_ATTRIBUTES}([^<]*)</\2> |
        (?!style|script|iframe)([a-z][a-z0-9:_-]*){_ATTRIBUTES} |
        /([a-z][a-z0-9:_-]*)> |
        !--.*?--> |
        (style|script|iframe)(?=[ >]){_ATTRIBUTES}.*?</\8>
    ) |
    (.+) | \Z)""",
    re.DOTALL | re.VERBOSE,
)
"""Text, and what stands behind it: a cell with nothing but text in it, a tag and its attributes, an end, what is never read, or none of these."""
ATTRIBUTE = re.compile(r' ([^\s"\'<>/=]+)(?:="([^"]*)")?')
VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param", "source", "track",
    "wbr",
})  # fmt: skip
"""Elements that are written without an end (HTML, 13.3)."""
_READ_AS_THEY_ARE = ("<xmp", "<plaintext", "<noembed", "<noframes")
"""What is in them was not escaped when it was written."""

Token = tuple[str, str, str, str, str, str, str, str, str, str]
"""Text; a cell, its attributes, its text; a tag, its attributes; an end; what is passed over, its attributes; the rest of an unusual page."""


def tokens_of(page: str) -> Sequence[Token] | None:
    """The tokens of a page that was written out; None where it holds what cannot be read so."""
    if any(name in page for name in _READ_AS_THEY_ARE):
        return None
    tokens: list[Token] = TOKEN.findall(page)
    # The last is what is left where nothing fits any more; with the empty end of the page behind it.
    return None if any(each[-1] for each in tokens[-2:]) else tokens


def attributes_of(said: str) -> dict[str, str | None]:
    """The attributes of a tag."""
    return {name: plain(value) for name, value in ATTRIBUTE.findall(said)}


def plain(written: str) -> str:
    """Text without its escapes."""
    if "&" not in written:
        return written
    return written.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
