"""What the first picture must know of the settings: how the screen looks, and which keys are shown. Read only where the file says anything of it."""

from collections.abc import Mapping
from pathlib import Path

FILE = "settings.toml"


def first_settings(home: Path) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """`[screen]` and `[keys]` as they stand there, unchecked; a file that cannot be read has neither, and the app says what is wrong with it."""
    try:
        text = (home / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}, {}
    if "screen" not in text and "keys" not in text:
        return {}, {}
    # Here, not at the top: most homes say nothing of it, and need not wait for it.
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}, {}
    return _table(found.get("screen")), _table(found.get("keys"))


def _table(found: object) -> Mapping[str, object]:
    return found if isinstance(found, dict) else {}
