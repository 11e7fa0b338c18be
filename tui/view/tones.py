"""What each tone looks like: the terminal's own sixteen colours. Every tone also has a letter, a mark or a place of its own."""

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
    "step-1": "33",
    "step-2": "93",
    "step-3": "31",
    "step-4": "91",
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

FIRST_COLOUR = 30
"""Parameters from here on are colours: 30 to 37, and the bright ones from 90 to 97."""


def codes_of(tone: str, *, colours: bool = True) -> tuple[int, ...]:
    """The parameters of a tone; without `colours` (NO_COLOR) its attributes only. A text without a tone has none."""
    found = tuple(int(code) for code in TONES[tone].split(";")) if tone else ()
    return found if colours else tuple(code for code in found if code < FIRST_COLOUR)


def painted(text: str, tone: str, *, colours: bool = True) -> str:
    """The text as a terminal takes it, its tone switched on and off again."""
    codes = codes_of(tone, colours=colours)
    return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m" if codes and text else text
