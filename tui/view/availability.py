"""Why a command cannot be done just now, in words: asked before it is done, and shown beside it in the help."""

from dataclasses import dataclass

from store.domain.people import Role
from store.domain.rights import MAY_WRITE
from store.domain.status import FINISHED, Category
from tui.view.commands.command import WORK, Command
from tui.view.rows import RowFacts
from tui.words import _


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides whether a command makes sense."""

    row: RowFacts | None
    me: str | None
    has_team: bool
    """There is a team's server, or at least a queue for it."""
    connected: bool
    marked: bool = False
    """Something is marked: a sorting command is for all of that, whatever the line under the cursor is."""
    role: Role | None = None
    """One's own, where the conversation is; None: nobody has said so yet, and nothing is kept back."""
    has_inbox: bool = True


def is_offered(command: Command, role: Role | None) -> bool:
    """Whether the role allows it at all: what it does not is in no footer and no help."""
    return command.right != WORK or role is None or role in MAY_WRITE


def why_not(command: Command, situation: Situation) -> str | None:
    """The reason in words, or None: it can be done."""
    if not is_offered(command, situation.role):
        return _("Guests read and comment here; this is for members who answer mail.")
    if "inbox" in command.needs and not situation.has_inbox:
        return _("There is no inbox here yet: mado join INVITATION, or mado demo to try it.")
    if "selection" in command.needs and situation.row is None:
        return _("There is no conversation here.")
    if "server" in command.needs and not situation.has_team:
        return _("There is no team's server yet: mado join INVITATION, or mado demo to try it.")
    if situation.row is None or (situation.marked and command.task == "sort"):
        return None
    return _already(command.name, situation.row, situation.me)


def _already(name: str, row: RowFacts, me: str | None) -> str | None:
    """What makes the command pointless on this row."""
    pointless = {
        "take": (me is not None and row.owner == me, _("It is yours already.")),
        "release": (row.owner is None, _("It is nobody's already.")),
        "wake": (row.category is not Category.WAITING, _("It is not on hold.")),
        "unfollow": (me is not None and me not in row.followers, _("You do not follow it.")),
        "done": (row.category in FINISHED, _("It is done already.")),
        "due": (row.category in FINISHED, _("It is finished: nothing is due there.")),
        "ask": (row.lease_by is None or row.lease_by == me, _("Nobody else is writing here.")),
        "sent": ("unknown" not in row.flags, _("No reply here has an unknown outcome.")),
    }
    is_so, words = pointless.get(name, (False, ""))
    return words if is_so else None
