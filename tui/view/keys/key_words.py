"""Keys as people write them."""

_NAMES = {"enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "pagedown": "PgDn", "pageup": "PgUp"}
_ARROWS = {"down": "↓", "up": "↑", "home": "Home", "end": "End"}


def key_words(key: str) -> str:
    """A key as people write it: `^D`, `Enter`, `gg`."""
    if key.startswith("ctrl+"):
        return "^" + key[5:].upper()
    if key.startswith("alt+"):
        return "Alt+" + key_words(key[4:])
    if key[1:].isdigit():
        return key.upper()
    return _NAMES.get(key) or _ARROWS.get(key) or key.replace(" ", "")
