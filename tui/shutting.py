"""Access to the team has ended while the terminal was open: what was written is saved, the team's mail removed, and that is said."""

from collections.abc import Sequence
from pathlib import Path

from store.domain.commands import SubmitReply
from store.domain.draft import Draft
from store.local.rows import Pending
from store.local.wiping import wipe
from tui.view.gate import clean
from tui.words import _


def unsent(drafts: Sequence[Draft], pending: Sequence[Pending]) -> tuple[Draft, ...]:
    """What no server has: drafts, and replies that were handed over and still wait for it. Any other that was handed over lies there."""
    waiting = {each.command.submission_id for each in pending if isinstance(each.command, SubmitReply)}
    return tuple(draft for draft in drafts if draft.submission_id is None or draft.submission_id in waiting)


def shut(home: Path, drafts: Sequence[Draft]) -> str:
    """Wipe the home, whose store is closed; returns what to tell its owner."""
    place = wipe(home, drafts)
    said = _("You are no member of this team any more. Its mail was removed from this machine.")
    if place is not None:
        said += " " + _("What you wrote and had not sent is in {path}.").format(path=clean(str(place)))
    return said
