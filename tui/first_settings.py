"""What the first picture must know of the settings: how the screen looks, and which keys are shown. Read only where the file says anything of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FILE = "settings.toml"


class FirstSettings(NamedTuple):
    """`[screen]` and `[keys]` as they stand there, unchecked, and whether anything is said of a server or an inbox."""

    screen: Mapping[str, object] = {}
    keys: Mapping[str, object] = {}
    has_team: bool = False


def first_settings(home: Path) -> FirstSettings:
    """What the file says; one that cannot be read says nothing, and the app says what is wrong with it."""
    try:
        text = (home / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return FirstSettings()
    has_team = "[server]" in text or "[[inbox]]" in text
    if "screen" not in text and "keys" not in text:
        return FirstSettings(has_team=has_team)
    # Here, not at the top: most homes say nothing of it, and need not wait for it.
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return FirstSettings()
    return FirstSettings(_table(found.get("screen")), _table(found.get("keys")), has_team)


def _table(found: object) -> Mapping[str, object]:
    return found if isinstance(found, dict) else {}
