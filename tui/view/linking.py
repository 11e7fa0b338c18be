"""Addresses in a mail that a click at the terminal opens (OSC 8): which ones may be, and the lines that carry them. Pure."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote, urlsplit

from tui.view.gate import clean
from tui.view.links import found_in, host_of
from tui.view.spans import Line, Span

LONGEST_URI = 2_000
"""Bytes; VTE, and who follows it, leave out what is longer than 2,083."""
_AS_THEY_ARE = ":/?#[]@!$&'()*+,;=%-._~"
"""What RFC 3986 lets stand in an address, beside letters and digits (2.2, 2.3), and the % of what is encoded already."""
_MAY_BE_ASKED = frozenset({"subject", "body", "cc", "to"})
"""Fields of a mailto (RFC 6068 2); others, `attach` before all, make some programs do what nobody sees."""

Place = tuple[int, int, str]
"""From that character up to before this one, and where it leads."""


def uri_of(target: str) -> str:
    """The address as OSC 8 carries it: printable ASCII and nothing else, the rest percent-encoded; "": no click may open it.

    Not where a person could read another host than the one it leads to: `L` opens those, and says first what is odd about them.
    """
    target = clean(target)
    scheme = target.partition(":")[0].casefold()
    if scheme not in ("http", "https", "mailto") or not host_of(target) or "\\" in target or target.endswith("…"):
        return ""
    if not (_is_plain_mailto(target) if scheme == "mailto" else _is_plain_host(target)):
        return ""
    uri = quote(target, safe=_AS_THEY_ARE)
    return uri if len(uri) <= LONGEST_URI else ""


def _is_plain_host(target: str) -> bool:
    """No user before @, and no letters that may only look like others."""
    host = urlsplit(target).netloc
    return host.isascii() and "@" not in host and "%" not in host and "xn--" not in host.casefold()


def _is_plain_mailto(target: str) -> bool:
    address, _mark, asked = target.partition("?")
    fields = {unquote(each.partition("=")[0]).casefold() for each in re.split("[&;]", asked) if each}
    return address.isascii() and fields <= _MAY_BE_ASKED


def with_links(lines: Sequence[Line], text: str, indent: int = 0) -> list[Line]:
    """The lines that `text` was laid out as, each behind `indent` characters, with its addresses to be clicked: whole, wherever they were broken."""
    places = [(start, end, uri) for start, end in found_in(text) if (uri := uri_of(text[start:end]))]
    if not places:
        return list(lines)
    made: list[Line] = []
    at = passed = 0
    for each in lines:
        # What wrapping leaves out are blanks; a line's own text does not begin with one.
        at = text.index(each.text[indent:], at)
        while passed < len(places) and places[passed][1] <= at:
            passed += 1
        made.append(Line(tuple(_linked(each, indent, at, places, passed)), each.mark))
        at += len(each.text) - indent
    return made


def _linked(line: Line, indent: int, at: int, places: Sequence[Place], passed: int) -> Iterator[Span]:
    """The pieces of a line of one tone, whose text behind the indent stands at `at`. The `places` before `passed` end before it."""
    text, tone = line.text, line.spans[0].tone
    done = 0
    for number in range(passed, len(places)):
        start, end, uri = places[number]
        if start - at + indent >= len(text):
            break
        first, last = max(start - at, 0) + indent, min(end - at + indent, len(text))
        if first < last:
            if done < first:
                yield Span(text[done:first], tone)
            yield Span(text[first:last], tone, uri)
            done = last
    if done < len(text):
        yield Span(text[done:], tone)
