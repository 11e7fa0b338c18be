"""Where a home lies. Apart from the settings, because the first picture asks for it before anything dear is imported."""

import os
from pathlib import Path


def home_folder(explicit: Path | None = None) -> Path:
    """Where everything of one agent, or of a server, lies: `--home`, else $MADO_HOME, else $XDG_DATA_HOME/madoguchi. Not created here."""
    if explicit is not None:
        return explicit.expanduser().absolute()
    if chosen := os.environ.get("MADO_HOME"):
        return Path(chosen).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    folder = Path(data) if data.startswith("/") else Path.home() / ".local" / "share"
    return folder / "madoguchi"
