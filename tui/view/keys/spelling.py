"""Keys as people write them in the settings, and as the terminal's parser calls them: `^D` and `ctrl+d`, `gi` and `g i`. Pure."""

import re

_NAMED = {
    **dict.fromkeys(("enter", "return"), "enter"),
    **dict.fromkeys(("esc", "escape"), "escape"),
    **dict.fromkeys(("pgdn", "pagedown"), "pagedown"),
    **dict.fromkeys(("pgup", "pageup"), "pageup"),
    **dict.fromkeys(("del", "delete"), "delete"),
    **{name: name for name in ("space", "tab", "backspace", "insert", "home", "end", "up", "down", "left", "right")},
    **{f"f{n}": f"f{n}" for n in range(1, 13)},
}
_SAME_ON_A_LINE = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
"""What a terminal sends for both (ECMA-48, ASCII): no program can tell them apart."""
_CONTROL = re.compile(r"(?:\^|ctrl\+|c-)(?P<key>.)", re.IGNORECASE)
_ALT = re.compile(r"(?:alt\+|m-)(?P<key>up|down|left|right)", re.IGNORECASE)
_SHIFT = re.compile(r"shift\+(?P<key>tab|up|down|left|right|f\d+)", re.IGNORECASE)


def spelled(written: str) -> str | None:
    """The key, or the keys of a chord with a blank between them; None: no terminal sends that."""
    keys = written.split()
    if not keys:
        return "space" if written == " " else None
    found = [each for key in keys for each in _keys(key)]
    return None if None in found else " ".join(key for key in found if key is not None)


def _keys(written: str) -> list[str | None]:
    one = _key(written)
    if one is None and len(written) <= 3 and written.isprintable() and "+" not in written and "^" not in written:
        # `gi`: one after the other.
        return list(written)
    return [one]


def _key(written: str) -> str | None:
    if len(written) == 1:
        return written if written.isprintable() else None
    if (named := _NAMED.get(written.lower())) is not None:
        return named
    if (control := _CONTROL.fullmatch(written)) is not None:
        key = f"ctrl+{control['key'].lower()}"
        return _SAME_ON_A_LINE.get(key, key if control["key"].isascii() and control["key"].isalpha() else None)
    if (alt := _ALT.fullmatch(written)) is not None:
        return f"alt+{alt['key'].lower()}"
    if (shift := _SHIFT.fullmatch(written)) is not None:
        return f"shift+{shift['key'].lower()}"
    return None
