"""The last sorting once more, and whether the cursor goes on after a decision."""

import asyncio

import msgspec

from store.domain.commands import AssignConversation, SetStatus
from store.domain.ids import CommentId
from store.domain.status import DONE
from store.settings.kept import Kept
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.actions.sorting import done
from tui.advancing import ADVANCE, NEXT, STAY
from tui.words import _


async def repeat(desk: Desk, _argument: str) -> None:
    """What was done last to one conversation is done to this one, or to all that is marked."""
    row, last = desk.row, desk.repeated
    if last is None:
        desk.say(_("Nothing was sorted yet that could be repeated."))
    elif row is not None:
        if isinstance(last.command, SetStatus) and last.command.status == DONE and not last.command.reason:
            # Asks where nobody ever answered, as the key itself does; for many at once that was part of the preview.
            await done(desk, "")
            return
        command = msgspec.structs.replace(last.command, conversation_id=row.id)
        if isinstance(command, AssignConversation) and command.note:
            command = msgspec.structs.replace(command, note_id=CommentId(desk.session.new_key()))
        await carry_out(desk, command, said=last.said, counts=last.counts)


async def advance(desk: Desk, argument: str) -> None:
    """Go on to the next line after done, on hold, junk and given away; or stay. Kept for this person."""
    wanted = argument.strip()
    if wanted not in (STAY, NEXT):
        wanted = NEXT if desk.session.stays else STAY
    desk.session.stays = wanted == STAY
    await asyncio.to_thread(Kept(desk.session.home).set_preference, ADVANCE, wanted)
    desk.say(_("After a decision the cursor stays.") if desk.session.stays else _("After a decision the cursor goes on to the next line."))
