"""Links of HTML mail: numbered where they stand, listed at the end; one that claims to lead elsewhere is marked. Nothing is followed."""

import re
from urllib.parse import parse_qs, urlsplit

LONGEST = 2_000
MOST_LINKS = 1_000

_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_LEADS_SOMEWHERE = frozenset({"http", "https", "mailto", "tel", "sms", "ftp", "ftps", "webcal", "sip", "callto", "line", "geo", "news", "xmpp"})
_SHOWS_HOST = re.compile(r"(?:https?://)?(?:[^\s/@:?#.]{1,63}\.){1,8}[^\s/@:?#.\d]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_SHOWS_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@(?:[^\s@.]{1,63}\.)+[^\s@.]{2,24}")
_NOTHING = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
_WRAPPERS = (("safelinks.protection.outlook.com", "url"), ("google.com", "q"))
"""Services that put their own address around a link, and the parameter it is in."""


class Links:
    """The links of one page in the order they were met, each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, shown: str, href: str) -> str:
        """What stands behind the text of a link: `[1]`, `[1 → other.example]`, or nothing where the text says it all or it leads nowhere."""
        href = target(href)
        if not href or _plain(href) == _plain(shown):
            return ""
        if href not in self._numbers and len(self._numbers) >= MOST_LINKS:
            return ""
        number = self._numbers.setdefault(href, len(self._numbers) + 1)
        elsewhere = deceives(shown, href)
        return f"[{number} → {elsewhere}]" if elsewhere else f"[{number}]"

    def listed(self) -> str:
        """The list below the text; "" when there is none."""
        return "\n".join(f"[{number}] {href}" for href, number in self._numbers.items())


def target(href: str) -> str:
    """Where a link leads, as one word; "" for a place on the page, a script, or data."""
    href = _CONTROLS.sub("", href[: LONGEST * 2])
    href = href if len(href) <= LONGEST else href[:LONGEST] + "…"
    if href.startswith("//"):
        return "https:" + href
    scheme = _SCHEME.match(href)
    if scheme is None:
        return href if href.lower().startswith("www.") else ""
    return href if scheme[1].lower() in _LEADS_SOMEWHERE and len(href) > scheme.end() else ""


def deceives(shown: str, href: str) -> str:
    """The host or address a link really leads to, when its text names another; else ""."""
    shown = shown.strip()
    if len(shown) > 300:
        return ""
    if href.lower().startswith("mailto:"):
        address = href[7:].partition("?")[0]
        return address if _SHOWS_ADDRESS.fullmatch(shown) and shown.lower() != address.lower() else ""
    if not _SHOWS_HOST.fullmatch(shown):
        return ""
    named, led = _host(shown if "://" in shown else "http://" + shown), _host(_unwrapped(href))
    if not named or not led or named == led or led.endswith("." + named) or named.endswith("." + led):
        return ""
    return led


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def _unwrapped(href: str) -> str:
    host = _host(href)
    for service, parameter in _WRAPPERS:
        if host == service or host.endswith("." + service):
            try:
                found = parse_qs(urlsplit(href).query, max_num_fields=50).get(parameter)
            except ValueError:
                return href
            return found[0] if found else href
    return href


def _plain(link: str) -> str:
    """A link without what does not change where it goes, to see whether its text already says it."""
    return _NOTHING.sub("", link.strip()).rstrip("/").lower()
