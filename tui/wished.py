"""How a person wants to be called, kept in their home."""

from pathlib import Path

from store.settings.errors import KeptDamaged
from store.settings.kept import Kept
from tui.view.wishes import Wishes, kept_text, wishes_in

_KEY = "notify"


def wishes_of(home: Path) -> Wishes:
    """What this person wishes for; blocking."""
    try:
        return wishes_in(Kept(home).preference(_KEY) or "")
    except KeptDamaged:
        # It was set aside, and nothing is lost by calling them as everybody is at first.
        return Wishes()


def keep_wishes(home: Path, wishes: Wishes) -> None:
    """Change it, for this person on this machine; blocking."""
    Kept(home).set_preference(_KEY, kept_text(wishes))
