"""What this person searched for before, kept in the home. Blocking; call it from a thread."""

from pathlib import Path

from store.errors import MadoError
from store.settings.kept import Kept

KEPT = 50


def searches(home: Path) -> tuple[str, ...]:
    """The newest last; none when the file cannot be read: a search must not fail for it."""
    try:
        return Kept(home).searches()
    except MadoError:
        return ()


def remember_search(home: Path, text: str) -> None:
    """The newest from now on; of one searched for again only the newest stays."""
    try:
        Kept(home).remember_search(text, at_most=KEPT)
    except MadoError:
        return
