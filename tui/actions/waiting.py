"""On hold until a time, with a reason; and back before it."""

from datetime import datetime

from store.domain.commands import SetStatus
from store.domain.ids import ConversationId, StatusKey
from store.domain.status import HOLD, IN_PROGRESS, NEW
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.screens.picker import Picking
from tui.view.ages import day_and_time
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.statuses import status_name
from tui.view.whens import offered_times, parse_when, time_at_start
from tui.words import _


async def snooze(desk: Desk, argument: str) -> None:
    """On hold until a time; `:snooze tomorrow 9 the supplier is asked`, or asked for one after the other."""
    row = desk.row
    if row is None:
        return
    if not argument:
        await put_on_hold(desk, row.id, HOLD)
        return
    begun = time_at_start(argument, desk.session.clock.now())
    if begun is None:
        desk.say(_no_time(argument), "alarm")
        return
    await put_on_hold(desk, row.id, HOLD, until=begun[0], reason=begun[1])


async def put_on_hold(desk: Desk, conversation_id: ConversationId, status: StatusKey, *, until: datetime | None = None, reason: str = "") -> None:
    """Any status that waits: what is not given is asked for."""
    until = until or await _ask_time(desk)
    if until is None:
        return
    reason = reason or await desk.ask_line(_("{status} because: ").format(status=status_name(status, desk.session.statuses))) or ""
    if not reason.strip():
        desk.say(_("Nothing was changed."))
        return
    at = day_and_time(until, desk.session.clock.now())
    said = _("{status} until {at} ({undo} takes it back)").format(
        undo=desk.session.undo_key, status=status_name(status, desk.session.statuses), at=at
    )
    await carry_out(desk, SetStatus(conversation_id=conversation_id, status=status, reason=reason.strip(), until=until), said=said)


async def _ask_time(desk: Desk) -> datetime | None:
    now = desk.session.clock.now()
    choices = tuple(Choice(at.isoformat(), words, day_and_time(at, now)) for words, at in offered_times(now))

    def typed(text: str) -> Choice | None:
        at = parse_when(text, now)
        return Choice(at.isoformat(), clean(text), day_and_time(at, now)) if at is not None else None

    picked = await desk.choose(Picking(_("Back when (2h, tomorrow 9, 12-24 9:00, any time)"), choices, making=typed))
    return datetime.fromisoformat(picked) if picked else None


def _no_time(typed: str) -> str:
    return _("{when} is no time in the future.").format(when=clean(typed))


async def wake(desk: Desk, _argument: str) -> None:
    """Back to work now: in progress where it has an owner, else new."""
    row = desk.row
    if row is not None:
        status = IN_PROGRESS if row.owner is not None else NEW
        said = _("Back from hold: {status} ({undo} takes it back)").format(undo=desk.session.undo_key, status=status_name(status))
        await carry_out(desk, SetStatus(conversation_id=row.id, status=status), said=said)
