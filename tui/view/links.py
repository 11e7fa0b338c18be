"""Links in a text, numbered, each with where it really leads. Pure; nothing here opens anything."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tui.view.gate import clean
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _

LINKS_AT_MOST = 500
LONGEST = 4_000
"""Characters of one address; longer ones are cut by browsers too."""

_FOUND = re.compile(r"(?:https?://|mailto:)[^\s<>\"「」『』（）【】〈〉《》、。，．；！？\u3000]{1,4000}", re.IGNORECASE)
_CLOSING = ".,;:!?'*_~|"
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Link:
    """An address a mail names; `number` counts from 1."""

    number: int
    target: str

    @property
    def host(self) -> str:
        """Where it leads, as the wire says it (`xn--…`): letters that only look like others show themselves. Of mailto: the address."""
        return host_of(self.target)


def links_in(texts: Iterable[str]) -> tuple[Link, ...]:
    """Every address with http, https or mailto in the texts, each once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _FOUND.finditer(text):
            target = _bare(clean(match[0]))
            if host_of(target) and len(found) < LINKS_AT_MOST:
                found.setdefault(target)
    return tuple(Link(number, target) for number, target in enumerate(found, 1))


def found_in(text: str) -> Iterator[tuple[int, int]]:
    """Where an address stands in a text that has passed the gate: from that character up to before this one."""
    for match in _FOUND.finditer(text):
        yield match.start(), match.start() + len(_bare(match[0]))


def _bare(found: str) -> str:
    """Without the sentence's own signs behind it; a bracket stays where its other half is within."""
    end = len(found)
    too_many = {closing: found.count(closing) - found.count(opening) for closing, opening in _PAIRS.items()}
    while end and ((last := found[end - 1]) in _CLOSING or too_many.get(last, 0) > 0):
        if last in too_many:
            too_many[last] -= 1
        end -= 1
    return found[:end]


def host_of(target: str) -> str:
    """The host of an address, without user and port; "" where there is none, or a browser could read another one out of it."""
    scheme, _colon, rest = target.partition(":")
    if scheme.casefold() == "mailto":
        address = rest.partition("?")[0]
        return address if re.fullmatch(r"[^\s@]+@[^\s@]+", address) else ""
    try:
        host = urlsplit(target).hostname or ""
        return host if host.isascii() else unicodedata.normalize("NFKC", host).encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""


def warnings_of(link: Link) -> tuple[str, ...]:
    """What should make one look twice."""
    found = []
    if link.target.casefold().startswith("mailto:"):
        return ()
    parts = urlsplit(link.target)
    if "@" in parts.netloc:
        found.append(_("What stands before @ is not where it leads."))
    if "xn--" in link.host:
        found.append(_("Its name has letters that may only look like others."))
    if re.fullmatch(r"[\d.]+|[0-9a-f:]+", link.host):
        found.append(_("It leads to a number, not to a name."))
    if parts.scheme.casefold() == "http":
        found.append(_("It is not encrypted."))
    return tuple(found)


def link_lines(link: Link, width: int) -> tuple[Line, ...]:
    """All of the address, and what is odd about it, before anybody opens it."""
    lines = [line(piece) for piece in wrap(link.target, width)]
    lines += [line(piece, "key") for piece in wrap(_("leads to: {host}").format(host=clean(link.host)), width)]
    return (*lines, *(line(piece, "alarm") for words in warnings_of(link) for piece in wrap(words, width)))
