"""How the screen looks: whose colours, how many, and which signs. Decided once from the settings and the terminal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

NO_COLOURS, SIXTEEN, MANY, ALL = 0, 16, 256, 1 << 24
THEMES = ("terminal", "dark", "light", "contrast")
LINUX_CONSOLE = "linux"
LINKING_TERMS = frozenset({"alacritty", "contour", "foot", "ghostty", "kitty", "wezterm"})
LINKING_PROGRAMS = frozenset({"ghostty", "hyper", "iterm.app", "rio", "tabby", "vscode", "wezterm"})
VTES_FIRST, KONSOLES_FIRST, TMUXES_FIRST = 5_003, 201_200, (3, 4)
"""Since when they know links, as they say their version: VTE 0.50.3, Konsole 20.12, tmux 3.4. Before, VTE 0.50 crashed at some."""
COERCED = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})
"""What Python itself sets LC_CTYPE to where the locale is C (PEP 538)."""


@dataclass(frozen=True, slots=True)
class Look:
    """`depth`: how many colours there are; 0: none. `ascii`: every sign of ours is an ASCII one. `ambiguous`: see `tui.view.ambiguous`.

    `hyperlinks`: whether addresses in mails are marked as such (OSC 8), for the terminal to open at a click.
    """

    theme: str = "terminal"
    depth: int = SIXTEEN
    ascii: bool = False
    ambiguous: int = 1
    hyperlinks: bool = False


TODAYS = Look()
"""Where nothing was set."""


def look_for(screen: Mapping[str, object], environ: Mapping[str, str]) -> Look:
    """What `[screen]` of the settings asks for, on such a terminal. MADO_THEME goes before the setting, NO_COLOR (no-color.org) before both."""
    theme = environ.get("MADO_THEME") or screen.get("theme")
    is_ascii, links = screen.get("ascii"), screen.get("hyperlinks")
    return Look(
        theme=str(theme) if theme in THEMES else "terminal",
        depth=depth_of(environ),
        ascii=is_ascii if isinstance(is_ascii, bool) else is_plain(environ),
        ambiguous=2 if screen.get("ambiguous_width") == 2 else 1,
        hyperlinks=links if isinstance(links, bool) else takes_links(environ) and not screen.get("slow_line"),
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


def takes_links(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is known to open addresses that are marked (OSC 8). Within tmux or screen that one counts, not the terminal around it."""
    term = environ.get("TERM", "").strip().lower()
    program = environ.get("TERM_PROGRAM", "").strip().lower()
    if program == "tmux":
        return _version(environ.get("TERM_PROGRAM_VERSION", "")) >= TMUXES_FIRST
    if term in ("", "dumb", "unknown", LINUX_CONSOLE) or term.startswith(("screen", "tmux")) or environ.get("TMUX") or environ.get("STY"):
        return False
    return (
        not LINKING_TERMS.isdisjoint(term.split("-"))
        or program in LINKING_PROGRAMS
        or any(environ.get(name) for name in ("KITTY_WINDOW_ID", "WT_SESSION"))
        or _number(environ.get("VTE_VERSION", "")) >= VTES_FIRST
        or _number(environ.get("KONSOLE_VERSION", "")) >= KONSOLES_FIRST
    )


def _version(said: str) -> tuple[int, int]:
    """`3.4`, `3.3a`, `next-3.5` as numbers; (0, 0) where it says none."""
    major, _point, minor = said.removeprefix("next-").partition(".")
    return _number(major), _number("".join(each for each in minor if each.isdecimal())[:3])


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0
