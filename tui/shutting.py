"""Access to the team has ended while the terminal was open: what was written is saved, the team's mail removed, and that is said."""

from collections.abc import Sequence
from pathlib import Path

from store.domain.draft import Draft
from store.local.wiping import wipe
from tui.view.gate import clean
from tui.words import _


def shut(home: Path, drafts: Sequence[Draft]) -> str:
    """Wipe the home, whose store is closed; returns what to tell its owner. A reply that was handed over lies at the server."""
    place = wipe(home, [draft for draft in drafts if draft.submission_id is None])
    said = _("You are no member of this team any more. Its mail was removed from this machine.")
    if place is not None:
        said += " " + _("What you wrote and had not sent is in {path}.").format(path=clean(str(place)))
    return said
