"""Where a home has no mail yet, its first pull begins right behind the splash: while the screens are imported here, mail comes in there."""

from pathlib import Path

from mailsync.engine.apart import Apart
from store.settings.home import home_folder


def begin_ahead(explicit_home: str) -> Apart | None:
    """Begin it; None: there is mail, or nothing is set up."""
    home = home_folder(Path(explicit_home) if explicit_home else None)
    if (home / "cache" / "mail.db").exists() or not (home / "settings.toml").exists():
        return None
    return Apart.begin(home)
