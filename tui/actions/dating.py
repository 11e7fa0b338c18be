"""By when it is to be answered."""

from datetime import datetime

from store.domain.commands import SetDue
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.screens.picker import Picking
from tui.view.ages import day_and_time
from tui.view.choosing import Choice
from tui.view.due_times import NO_TIME, no_due_time_words, parse_due
from tui.view.gate import clean
from tui.view.whens import offered_times
from tui.words import _

NONE = "none"


async def due(desk: Desk, argument: str) -> None:
    """Due by a time, picked or typed: `:due tomorrow 9`; `:due none` takes it away."""
    row = desk.row
    if row is None:
        return
    now = desk.session.clock.now()
    wanted = argument.strip() or await _pick(desk, row.due_at, now)
    if not wanted:
        return
    none = wanted.lower() in NO_TIME
    due_at = None if none else parse_due(wanted, now)
    if due_at is None and not none:
        desk.say(no_due_time_words(wanted), "alarm")
        return
    said = (
        _("No due time ({undo} takes it back)").format(undo=desk.session.undo_key)
        if due_at is None
        else _("Due by {at} ({undo} takes it back)").format(undo=desk.session.undo_key, at=day_and_time(due_at, now))
    )
    await carry_out(desk, SetDue(conversation_id=row.id, due_at=due_at), said=said)


async def _pick(desk: Desk, due_at: datetime | None, now: datetime) -> str | None:
    """What is picked, as it could have been typed."""
    times = tuple(Choice(at.isoformat(), words, day_and_time(at, now)) for words, at in offered_times(now))
    no_time = () if due_at is None else (Choice(NONE, _("no due time"), _("not {at}").format(at=day_and_time(due_at, now))),)

    def typed(text: str) -> Choice | None:
        if text.strip().lower() in NO_TIME:
            return Choice(NONE, _("no due time"))
        at = parse_due(text, now)
        return Choice(at.isoformat(), clean(text), day_and_time(at, now)) if at is not None else None

    return await desk.choose(Picking(_("Due by (2h, 17:30, tomorrow 9, 12-24 9:00, any time; none)"), times + no_time, making=typed))
