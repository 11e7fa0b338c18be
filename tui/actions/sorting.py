"""Sorting: status, urgency, done; and what a person decides about a reply of unknown outcome."""

import asyncio

from store.domain.commands import SetStatus, SettleReply, SetUrgency
from store.domain.conversation import Conversation
from store.domain.decide_work import NOT_BY_HAND
from store.domain.ids import ConversationId, StatusKey
from store.domain.outbox import OutboxState
from store.domain.status import DONE, NO_REPLY, Category, Status, Urgency
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.actions.waiting import put_on_hold
from tui.outgoing import HOLD_AT_MOST_SECONDS, hold_seconds, seconds_in, set_hold_seconds
from tui.screens.picker import Picking
from tui.view.banner import open_submission
from tui.view.choosing import Choice, folded
from tui.view.commands.command import Place
from tui.view.gate import clean
from tui.view.statuses import status_choices, status_name, urgency_word
from tui.words import _


async def status(desk: Desk, argument: str) -> None:
    """Set a status, built-in or the team's own, picked or named; one that waits asks for a reason and a wake time."""
    row = desk.row
    if row is None:
        return
    chosen = _status_named(desk, argument) if argument else await _pick_status(desk)
    if chosen is None:
        return
    if chosen.category is Category.WAITING:
        await put_on_hold(desk, row.id, chosen.key)
    elif chosen.category is Category.DONE:
        await _finish(desk, row.id, chosen.key, "")
    else:
        await carry_out(desk, SetStatus(conversation_id=row.id, status=chosen.key), said=_status_words(desk, chosen.key))


def settable(desk: Desk) -> tuple[Status, ...]:
    """What can be chosen by hand, in the team's order."""
    return tuple(each for each in desk.session.team.statuses() if each.category not in NOT_BY_HAND)


async def _pick_status(desk: Desk) -> Status | None:
    statuses = settable(desk)
    by_key = {each.key: each for each in statuses}
    choices = status_choices(statuses, desk.session.statuses)
    picked = await desk.choose(Picking(_("Status"), choices, by_letter=True))
    return by_key[StatusKey(picked)] if picked is not None else None


def _status_named(desk: Desk, typed: str) -> Status | None:
    wanted = folded(typed.strip())
    found = next((each for each in settable(desk) if wanted in (folded(each.key), folded(each.name_ja), folded(each.name_en))), None)
    if found is None:
        desk.say(_("There is no status {status} that could be set by hand.").format(status=clean(typed)), "alarm")
    return found


def _status_words(desk: Desk, key: StatusKey) -> str:
    return _("Status: {name} ({undo} takes it back)").format(undo=desk.session.undo_key, name=status_name(key, desk.session.statuses))


def was_answered(conversation: Conversation) -> bool:
    """Whether a reply ever went out, from here or from elsewhere."""
    sent = (OutboxState.ACCEPTED, OutboxState.PARTLY_ACCEPTED)
    return any(not message.inbound for message in conversation.messages) or any(each.state in sent for each in conversation.submissions)


async def done(desk: Desk, argument: str) -> None:
    """Done. Without any reply it asks: no reply needed, or why."""
    row = desk.row
    if row is None:
        return
    opened = await desk.read(row.id)
    if opened is None:
        return
    if desk.marks and desk.place is Place.LIST:
        # Each as it stands: what was never answered needed no reply, unless a reason is given.
        await _finish(desk, row.id, DONE, argument)
        return
    if argument or was_answered(opened.conversation):
        await _finish(desk, row.id, DONE, argument)
        return
    choices = (
        Choice("no_reply", status_name(NO_REPLY), letter="n"),
        Choice("reason", _("done without a reply, because …"), letter="d"),
    )
    picked = await desk.choose(Picking(_("No reply was ever sent"), choices, by_letter=True))
    if picked == "no_reply":
        await _finish(desk, row.id, NO_REPLY, "")
    elif picked == "reason" and (reason := await desk.ask_line(_("Done because: "))):
        await _finish(desk, row.id, DONE, reason)


async def _finish(desk: Desk, conversation_id: ConversationId, key: StatusKey, reason: str) -> None:
    await carry_out(desk, SetStatus(conversation_id=conversation_id, status=key, reason=reason), said=_status_words(desk, key))


async def urgency(desk: Desk, argument: str) -> None:
    """The next urgency, or the one named."""
    row = desk.row
    if row is None:
        return
    names = {each.name.lower(): each for each in Urgency} | {"0": Urgency.NORMAL, "1": Urgency.URGENT, "2": Urgency.VERY_URGENT}
    wanted = names.get(argument.strip().lower().replace("-", "_")) if argument else Urgency((row.urgency + 1) % len(Urgency))
    if wanted is None:
        desk.say(_("Urgency is normal, urgent or very_urgent."), "alarm")
        return
    said = _("Urgency: {name}").format(name=urgency_word(wanted) or _("normal"))
    await carry_out(desk, SetUrgency(conversation_id=row.id, urgency=wanted), said=said)


async def hold_time(desk: Desk, argument: str) -> None:
    """How long this person's replies wait for `u`."""
    home = desk.session.home
    now = await asyncio.to_thread(hold_seconds, home)
    typed = argument or await desk.ask_line(_("Seconds in which a sent reply can be taken back: "), initial=f"{now:g}")
    if not typed:
        return
    seconds = seconds_in(typed)
    if seconds is None:
        desk.say(_("{typed} is no number of seconds from 0 to {most}.").format(typed=typed, most=f"{HOLD_AT_MOST_SECONDS:g}"), "alarm")
        return
    await asyncio.to_thread(set_hold_seconds, home, seconds)
    desk.say(
        _("Your replies leave {seconds} s after {send}; until then {undo} takes them back.").format(
            send=desk.session.keys.shown("send"), undo=desk.session.undo_key, seconds=f"{seconds:g}"
        )
    )


async def sent(desk: Desk, argument: str) -> None:
    """A person decides about an unknown outcome."""
    row = desk.row
    conversation = desk.session.store.conversation(row.id) if row else None
    submission = open_submission(conversation) if conversation else None
    answers = {"yes": True, "y": True, "はい": True, "no": False, "n": False, "いいえ": False}
    if row is None or submission is None or argument.strip().lower() not in answers:
        desk.say(_("Say :sent yes when it did leave, :sent no when it did not."))
        return
    await carry_out(desk, SettleReply(conversation_id=row.id, submission_id=submission.id, sent=answers[argument.strip().lower()]), said=_("Noted."))
