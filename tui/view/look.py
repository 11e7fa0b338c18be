"""How the screen looks: whose colours, how many, and which signs. Decided once from the settings and the terminal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

NO_COLOURS, SIXTEEN, MANY, ALL = 0, 16, 256, 1 << 24
THEMES = ("terminal", "dark", "light", "contrast")
LINUX_CONSOLE = "linux"
COERCED = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})
"""What Python itself sets LC_CTYPE to where the locale is C (PEP 538)."""


@dataclass(frozen=True, slots=True)
class Look:
    """`depth`: how many colours there are; 0: none. `ascii`: every sign of ours is an ASCII one. `ambiguous`: see `tui.view.ambiguous`."""

    theme: str = "terminal"
    depth: int = SIXTEEN
    ascii: bool = False
    ambiguous: int = 1


TODAYS = Look()
"""Where nothing was set."""


def look_for(screen: Mapping[str, object], environ: Mapping[str, str]) -> Look:
    """What `[screen]` of the settings asks for, on such a terminal. MADO_THEME goes before the setting, NO_COLOR (no-color.org) before both."""
    theme = environ.get("MADO_THEME") or screen.get("theme")
    is_ascii = screen.get("ascii")
    return Look(
        theme=str(theme) if theme in THEMES else "terminal",
        depth=depth_of(environ),
        ascii=is_ascii if isinstance(is_ascii, bool) else is_plain(environ),
        ambiguous=2 if screen.get("ambiguous_width") == 2 else 1,
    )


def depth_of(environ: Mapping[str, str]) -> int:
    """How many colours the terminal has, as far as it says so; told as Rich is told, which paints after us."""
    if "NO_COLOR" in environ:
        return NO_COLOURS
    term = environ.get("TERM", "").strip().lower()
    if term in ("dumb", "unknown"):
        return NO_COLOURS
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ALL
    return MANY if term.rpartition("-")[2] in ("256color", "kitty") else SIXTEEN


def is_plain(environ: Mapping[str, str]) -> bool:
    """Whether it shows ASCII and nothing else for certain: the Linux console, and a locale that is not UTF-8. One that is not set says nothing."""
    if environ.get("TERM") == LINUX_CONSOLE:
        return True
    told = (environ.get("LC_ALL"), None if environ.get("LC_CTYPE") in COERCED else environ.get("LC_CTYPE"), environ.get("LANG"))
    locale = next((each for each in told if each), "")
    return bool(locale) and "utf" not in locale.lower()
