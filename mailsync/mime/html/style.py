"""What a page's styles say about being seen: hidden, too small, of the ground's colour, kept as typed. Only what mail really uses."""

import re
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from mailsync.mime.html.symbols import names_pictures

SHEET_CHARS = 200_000
MOST_RULES = 5_000

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAY_HIDE = re.compile(
    r"display\s*:\s*none|visibility\s*:|opacity\s*:\s*0|max-height\s*:\s*0|overflow(?:-[xy])?\s*:\s*hidden|:\s*-999|font-size\s*:\s*(?:0|1p[xt])",
    re.IGNORECASE,
)
"""One of them is in every rule that hides or shrinks: only those are read."""
_EACH = re.compile(r"[.#][\w-]{1,80}")
_NAMED = re.compile(r"\w*([.#])([\w-]{1,80})")
_SIZE = re.compile(r"\s*(-?\d*\.?\d+)\s*(px|pt|em|rem|%|vw|)")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\D+(\d{1,3})\D+(\d{1,3})(?:\D+([\d.]+%?))?\s*\)")
_COLOURS = {"white": "ffffff", "black": "000000", "snow": "fffafa", "ivory": "fffff0", "red": "ff0000", "blue": "0000ff", "yellow": "ffff00"}
_GONE = "transparent"


class Look(msgspec.Struct, frozen=True):
    """What an element says about itself; None where it says nothing and its parent's holds."""

    hidden: bool = False
    tiny: bool | None = None
    colour: str | None = None
    ground: str | None = None
    as_typed: bool | None = None
    tight: bool = False
    """A paragraph without a gap after it."""
    frameless: bool = False
    """A blockquote that only indents."""
    pictured: bool | None = None
    """Its letters are pictures in its font."""
    struck: bool = False


PLAIN = Look()


class Sheet(msgspec.Struct, frozen=True):
    """What the style sheets of a page hide, by class and id, and whether they colour any ground."""

    hidden: frozenset[str] = frozenset()
    grounds: bool = False
    tiny: frozenset[str] = frozenset()
    """Whose letters are too small to be seen."""
    sized: frozenset[str] = frozenset()
    """Whose letters have a size, where there are any that are tiny: columns of letters of a size stand in a row of the size 0."""


def sheet_of(html: str) -> Sheet:
    """The part of a page's own style sheets that counts here; rules for other media are not read."""
    low = html.lower()
    rules: list[str] = []
    at, left = low.find("<style"), SHEET_CHARS
    while at != -1 and left > 0:
        begin = low.find(">", at) + 1
        end = low.find("</style", begin) if begin else -1
        if end == -1:
            break
        rules.append(html[begin : min(end, begin + left)])
        left -= end - begin
        at = low.find("<style", end)
    css = _COMMENT.sub(" ", "\n".join(rules))
    grounds = "background" in css.lower()
    hidden: set[str] = set()
    tiny: set[str] = set()
    read = _rules(css)
    for selectors, body in read:
        if _MAY_HIDE.search(body) is None or not (names := _names(selectors)):
            continue
        said = _said(body)
        if _HIDING.search(body) or (_is_hidden(said, "") and not any(name.startswith("animation") for name in said)):
            hidden |= names
        elif _tiny(said):
            tiny |= names
    sized = _sized(read) if tiny else frozenset()
    return Sheet(frozenset(hidden), grounds) if sized is None else Sheet(frozenset(hidden), grounds, frozenset(tiny), sized)


def _names(selectors: str) -> set[str]:
    """The classes and ids that a rule is about, each by itself."""
    found = (_NAMED.fullmatch(selector.strip()) for selector in selectors.split(","))
    return {each[1] + each[2] for each in found if each is not None}


def _sized(rules: list[tuple[str, str]]) -> frozenset[str] | None:
    """The classes and ids whose letters get a size, wherever they stand; None: elements without a name do, and nobody can tell which are seen."""
    sized: set[str] = set()
    for selectors, body in rules:
        if "font" not in body.lower() or _tiny(said := _said(body)) or not (said.get("font-size") or said.get("font")):
            continue
        for selector in selectors.split(","):
            last = (selector.replace(">", " ").split() or [""])[-1]
            names = _EACH.findall(last[:500])
            if not names and last.lower() not in ("body", "html"):
                return None
            sized.update(names)
    return frozenset(sized)


def _rules(css: str) -> list[tuple[str, str]]:
    """The rules at the top level: what stands inside `@media` holds for other screens."""
    found: list[tuple[str, str]] = []
    depth = start = 0
    selectors = ""
    for brace in re.finditer(r"[{}]", css):
        if brace[0] == "{":
            if depth == 0:
                selectors, start = css[start : brace.start()], brace.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if not selectors.lstrip().startswith("@"):
                    found.append((selectors, css[start : brace.start()]))
                start = brace.end()
        if len(found) >= MOST_RULES:
            break
    return found


def look_of(tag: str, attributes: dict[str, str | None], sheet: Sheet) -> Look:
    """What the element looks like by its attributes, its style and the page's sheets."""
    if "hidden" in attributes or (sheet.hidden and _named_hidden(attributes, sheet)):
        return Look(hidden=True)
    style = attributes.get("style")
    look = styled(style[:2_000], tag) if style else PLAIN
    if sheet.tiny and look.tiny is None and (tiny := _named_tiny(attributes, sheet)) is not None:
        look = replace(look, tiny=tiny)
    colour, ground = attributes.get("color") if tag == "font" else None, attributes.get("bgcolor") or attributes.get("background")
    if colour or ground:
        look = Look(
            look.hidden, look.tiny, look.colour or (_colour(colour) if colour else None), look.ground or (_colour(ground) if ground else None),
            look.as_typed, look.tight, look.frameless, look.pictured, look.struck,
        )  # fmt: skip
    if tag == "font" and (face := attributes.get("face")):
        look = replace(look, pictured=names_pictures(face))
    return look


def _named_hidden(attributes: dict[str, str | None], sheet: Sheet) -> bool:
    return not sheet.hidden.isdisjoint(_names_of(attributes))


def _named_tiny(attributes: dict[str, str | None], sheet: Sheet) -> bool | None:
    names = _names_of(attributes)
    return False if not sheet.sized.isdisjoint(names) else True if not sheet.tiny.isdisjoint(names) else None


def _names_of(attributes: dict[str, str | None]) -> list[str]:
    names = ["." + each for each in (attributes.get("class") or "").split()[:20]]
    return [*names, "#" + (attributes.get("id") or "")]


@lru_cache(2048)
def styled(style: str, tag: str) -> Look:
    """What a `style` attribute says."""
    said = _said(style)
    space = said.get("white-space", "")
    family = said.get("font-family")
    ground = said.get("background-color") or said.get("background") or ("image" if "background-image" in said else None)
    return Look(
        hidden=_is_hidden(said, tag),
        tiny=_tiny(said),
        colour=_colour(said["color"]) if said.get("color") else None,
        ground=_colour(ground) if ground else None,
        as_typed=space.startswith("pre") if space else None,
        tight=_is_tight(said),
        frameless=said.get("border", "").startswith("none") or said.get("border-left", "").startswith("none"),
        pictured=names_pictures(family) if family else None,
        struck="line-through" in said.get("text-decoration", "") or "line-through" in said.get("text-decoration-line", ""),
    )


def _said(style: str) -> dict[str, str]:
    """The declarations of a `style` attribute or of a rule."""
    said: dict[str, str] = {}
    for declaration in style.lower().split(";"):
        name, _, value = declaration.partition(":")
        said[name.strip()] = value.replace("!important", "").strip()
    return said


def _is_hidden(said: dict[str, str], tag: str) -> bool:
    clipped = "hidden" in said.get("overflow", "")
    return (
        said.get("display") == "none"
        or said.get("visibility") in ("hidden", "collapse")
        or _zero(said.get("max-height"))
        or _zero(said.get("opacity"))
        or (clipped and (_zero(said.get("height")) or _zero(said.get("width")) or _zero(said.get("max-width"))))
        or said.get("text-indent", "").startswith("-999")
        or ("absolute" in said.get("position", "") and any(said.get(side, "").startswith("-999") for side in ("left", "top", "right")))
        # Buttons that every program but Outlook shows say `mso-hide` too: a link is never lost by it.
        or (said.get("mso-hide") == "all" and tag in ("div", "span", "p"))
    )


def _zero(value: str | None) -> bool:
    return value is not None and (found := _SIZE.match(value)) is not None and float(found[1]) == 0


def _tiny(said: dict[str, str]) -> bool | None:
    """Whether the letters are too small to be seen; None: nothing is said of their size."""
    size = said.get("font-size") or said.get("font")
    found = _SIZE.match(size) if size else None
    if found is None:
        return None if "font-size" not in said else False
    if "font-size" not in said and float(found[1]) != 0:
        return False
    return float(found[1]) <= (1 if found[2] in ("px", "pt") else 0)


def _is_tight(said: dict[str, str]) -> bool:
    margin = said.get("margin", "").split()
    if not margin:
        return _zero(said.get("margin-bottom")) and _zero(said.get("margin-top"))
    below = said.get("margin-bottom") or margin[2 if len(margin) > 2 else 0]
    return _zero(below) or below.startswith(".0001")


@lru_cache(512)
def _colour(value: str) -> str:
    """A colour as six hexadecimal digits; `transparent` where there is none; another value, a picture for one, as it stands."""
    value = value.strip().lower()[:60]
    if (found := _RGB.match(value)) is not None:
        if found[4] in ("0", "0.0", "0%"):
            return _GONE
        return "".join(f"{min(int(part), 255):02x}" for part in found.groups()[:3])
    value = value.lstrip("#")
    value = _COLOURS.get(value, value)
    return "".join(digit * 2 for digit in value) if re.fullmatch(r"[0-9a-f]{3}", value) else value


def cannot_be_seen(colour: str | None, ground: str | None, *, grounds_elsewhere: bool) -> bool:
    """Whether letters of a colour vanish on their ground. Without any ground a page is white."""
    if colour is None:
        return False
    if colour == _GONE:
        return True
    if ground is None or ground == _GONE:
        return not grounds_elsewhere and _nearly_white(colour)
    return colour == ground or (_nearly_white(colour) and _nearly_white(ground))


def _nearly_white(colour: str) -> bool:
    return re.fullmatch(r"f[c-f]f[c-f]f[c-f]", colour) is not None
