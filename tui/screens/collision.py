"""A colleague is writing: who, since when, typing or idle; and what one can do."""

from dataclasses import dataclass
from datetime import datetime

from store.domain.refusals import LeaseHeld
from tui.screens.picker import Picking
from tui.view.ages import age_words, clock_time
from tui.view.choosing import Choice
from tui.view.spans import line
from tui.words import _

READ, COMMENT, ASK, TAKE_OVER = "read", "comment", "ask", "take_over"


@dataclass(frozen=True)
class Collision:
    """What the dialog shows."""

    held: LeaseHeld
    who: str
    now: datetime


def collision_picking(collision: Collision) -> Picking:
    """Read, comment, ask, and take over where the rules let one."""
    held = collision.held
    state = _("idle") if held.idle else _("typing")
    since = _("since {at} ({age}), {state}").format(at=clock_time(held.since)[:5], age=age_words(collision.now - held.since), state=state)
    choices = [
        Choice(READ, _("read on"), letter="r"),
        Choice(COMMENT, _("comment"), letter="c"),
        Choice(ASK, _("ask {who} to let you write").format(who=collision.who), letter="a"),
    ]
    if held.may_take_over:
        choices.append(Choice(TAKE_OVER, _("take over"), _("with a reason; their text is kept"), letter="t"))
    return Picking(_("{who} is writing here").format(who=collision.who), tuple(choices), by_letter=True, detail=(line(since, "notice"), line("")))
