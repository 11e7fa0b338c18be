"""What each tone looks like: the terminal's sixteen colours, which a theme may replace. Each also has a letter, a mark or a place of its own."""

from tui.view.look import TODAYS, Look
from tui.view.themes import FIRST_COLOUR, colour_codes

TONES = {
    "new": "1;91",
    "open": "94",
    "check": "35",
    "outbox": "36",
    "waiting": "33",
    "done": "32",
    "junk": "90",
    "urgent": "1;91",
    "mine": "92",
    "other": "36",
    "writing": "1;93",
    "idle": "33",
    "looking": "90",
    "mention": "1;95",
    "draft": "33",
    "unread": "1",
    "woken": "1;33",
    "alarm": "1;91",
    "notice": "33",
    "quiet": "90",
    "from-customer": "1;96",
    "from-us": "1;32",
    "subject": "1",
    "quote": "32",
    "signature": "90",
    "attachment": "36",
    "extra": "33",
    "commenter": "96",
    "rule": "90",
    "heading": "1;4",
    "key": "96",
    "bar": "7",
    "bar-keys": "7",
    "selected": "7",
    "marked": "7",
    "label": "35",
    "red": "31",
    "orange": "33",
    "yellow": "93",
    "green": "32",
    "cyan": "36",
    "blue": "94",
    "magenta": "95",
    "grey": "90",
    "found": "1;4;93",
    "found-here": "7;93",
}
"""By tone, the parameters of Select Graphic Rendition (ECMA-48 8.3.117): the attributes, then the colour."""


def parts_of(tone: str, look: Look = TODAYS) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The parameters of a tone's attributes, and those of its colour, if there are colours. A text without a tone has none."""
    codes = tuple(map(int, TONES[tone].split(";"))) if tone else ()
    colours = (colour_codes(code, look) for code in codes if code >= FIRST_COLOUR and look.depth)
    return tuple(code for code in codes if code < FIRST_COLOUR), next(colours, ())


def painted(text: str, tone: str, look: Look = TODAYS) -> str:
    """The text as a terminal takes it, its tone switched on and off again."""
    attributes, colour = parts_of(tone, look)
    return f"\x1b[{';'.join(map(str, attributes + colour))}m{text}\x1b[0m" if (attributes or colour) and text else text
