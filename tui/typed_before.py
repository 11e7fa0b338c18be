"""What this person typed before: searches, commands, kept in the home. Blocking; call it from a thread."""

from pathlib import Path

from store.errors import MadoError
from store.settings.kept import Kept

KEPT_LINES = 50


def lines_kept(home: Path, kind: str) -> tuple[str, ...]:
    """The newest last; none when the file cannot be read: a search must not fail for it."""
    try:
        return Kept(home).lines(kind)
    except MadoError:
        return ()


def remember_line(home: Path, kind: str, text: str) -> None:
    """The newest from now on; of one typed again only the newest stays."""
    try:
        Kept(home).remember_line(kind, text, at_most=KEPT_LINES)
    except MadoError:
        return
