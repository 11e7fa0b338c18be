"""Our own colours in place of the terminal's sixteen, as data. Each theme names another colour for each of those that `tones.py` asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from tui.view.look import ALL, MANY, Look

FIRST_COLOUR = 30
"""Parameters from here on are colours: 30 to 37, and the bright ones from 90 to 97 (ECMA-48 8.3.117, and what every terminal adds)."""


@dataclass(frozen=True, slots=True)
class Theme:
    """`colours`: by the terminal's colour ours, `rrggbb`. `instead`: the same where there are sixteen colours only."""

    colours: Mapping[int, str] = field(default_factory=dict)
    instead: Mapping[int, int] = field(default_factory=dict)


THEMES: Mapping[str, Theme] = {
    "terminal": Theme(),
    "dark": Theme(
        colours={
            31: "ff7b72", 32: "7ee787", 33: "e3b341", 34: "79c0ff", 35: "d2a8ff", 36: "76e3ea",
            90: "9aa4af", 91: "ff8a80", 92: "8ff0a4", 93: "f8e45c", 94: "99c1f1", 95: "f5a8ff", 96: "93ddf0", 37: "dddddd", 97: "ffffff",
        },
        instead={34: 94},
    ),
    "light": Theme(
        colours={
            31: "b3261e", 32: "1a6b2a", 33: "7d5a00", 34: "0a4fb3", 35: "7a2a9c", 36: "00626b",
            90: "5f6670", 91: "b00020", 92: "12622b", 93: "7a5200", 94: "0b50c2", 95: "8a1c8a", 96: "005f73", 37: "444444", 97: "000000",
        },
        instead={33: 35, 36: 34, 90: 30, 91: 31, 92: 32, 93: 35, 94: 34, 95: 35, 96: 34, 37: 30, 97: 30},
    ),
    "contrast": Theme(
        colours={
            31: "ff9e9e", 32: "8cff8c", 33: "ffe94d", 34: "9ecbff", 35: "ffb3ff", 36: "7dffff",
            90: "e0e0e0", 91: "ffa8a8", 92: "a6ffa6", 93: "ffff66", 94: "b3d7ff", 95: "ffc2ff", 96: "99ffff", 37: "ffffff", 97: "ffffff",
        },
        instead={31: 91, 32: 92, 33: 93, 34: 96, 35: 95, 36: 96, 90: 37, 94: 96},
    ),
}  # fmt: skip
"""`dark` and `contrast` are for a dark background, `light` for a light one; it stays the terminal's own, whose cells cost nothing."""


@cache
def colour_codes(code: int, look: Look) -> tuple[int, ...]:
    """The parameters that switch a colour on."""
    theme = THEMES[look.theme]
    ours = theme.colours.get(code)
    if ours is None or look.depth < MANY:
        return (theme.instead.get(code, code),)
    red, green, blue = rgb_of(ours)
    return (38, 2, red, green, blue) if look.depth >= ALL else (38, 5, nearest(red, green, blue))


def rgb_of(colour: str) -> tuple[int, int, int]:
    """Its three parts."""
    return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)


_STEPS = (0, 95, 135, 175, 215, 255)
"""What xterm's cube of 6 x 6 x 6 colours is made of; 24 greys stand behind it."""


def nearest(red: int, green: int, blue: int) -> int:
    """The number of the colour that is nearest among xterm's 240 fixed ones."""
    known = {16 + 36 * r + 6 * g + b: (_STEPS[r], _STEPS[g], _STEPS[b]) for r in range(6) for g in range(6) for b in range(6)}
    known |= {232 + n: (8 + 10 * n,) * 3 for n in range(24)}
    return min(known, key=lambda n: sum((ours - theirs) ** 2 for ours, theirs in zip((red, green, blue), known[n], strict=True)))
