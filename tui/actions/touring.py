"""The tour: begun, left, a task skipped."""

from tui.actions.port import Desk
from tui.words import _


async def tour(desk: Desk, argument: str) -> None:
    """`off` ends it, `next` skips a task; else it begins, or begins anew."""
    match argument.strip():
        case "":
            await desk.guide.begin()
        case "off":
            desk.guide.end()
            desk.say(_("The tour is over; :tour begins it anew."))
        case "next" if desk.guide.is_on:
            desk.guide.skip()
        case _other:
            desk.say(_("No tour is on: :tour begins it.") if _other == "next" else _("One of: :tour, :tour next, :tour off"), "alarm")
