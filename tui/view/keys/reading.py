"""Reading keys one after the other in one place: the beginning of a chord is remembered."""

from collections.abc import Callable

from tui.view.commands.command import Place
from tui.view.gate import writable
from tui.view.keys.keymap import KeyMap

WIDE_BLANK = "\u3000"
"""What the space bar types while a Japanese input method is on."""


def key_named(key: str, character: str | None) -> str:
    """A key as the map calls it: the letter it types, or its name."""
    if character == WIDE_BLANK:
        return "space"
    return narrowed(character) if character and character.isprintable() and character != " " else key


def types_text(character: str | None) -> bool:
    """Whether a key types what may stand in a text: anything beyond ASCII that neither steers a terminal nor turns text round."""
    return character is not None and not character.isascii() and writable(character) == character


def narrowed(text: str) -> str:
    """Full-width letters, digits and signs as ASCII: an input method that was left on types `ｊ` for `j`, and `：` for `:`."""
    return text if text.isascii() else text.translate(_NARROW)


_NARROW = {0x3000: 0x20, **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}}
MOST_TIMES = 999


def count_with(count: int, key: str) -> int | None:
    """The count with one more digit; None: the key is none of a count. A zero begins none."""
    if len(key) != 1 or key not in "0123456789" or (key == "0" and not count):
        return None
    return min(MOST_TIMES, count * 10 + int(key))


class KeyReader:
    """What the keys of one place ask for, by the map in use when they are pressed."""

    def __init__(self, place: Callable[[], Place], keys: Callable[[], KeyMap]) -> None:
        self._place = place
        self._keys = keys
        self._waiting = ""

    def hear(self, key: str, character: str | None) -> str:
        """The name of a command; "": none, or not yet."""
        heard = self._keys().hear(key_named(key, character), self._waiting, self._place())
        self._waiting = heard.waiting
        return heard.command.name if heard.command is not None else ""

    @property
    def is_waiting(self) -> bool:
        """Whether a chord has begun."""
        return bool(self._waiting)
