"""Sorting: owner, status, urgency, done, undo."""

import asyncio

from store.domain.commands import AssignConversation, CancelReply, SetStatus, SettleReply, SetUrgency, Undo
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, MemberKey, StatusKey
from store.domain.outbox import OutboxState, Submission
from store.domain.status import BUILT_IN, DONE, HOLD, NO_REPLY, Category, Urgency
from tui.actions.carrying import carry_out
from tui.actions.moving import advance
from tui.actions.port import Desk
from tui.actions.replying import resume
from tui.outgoing import HOLD_AT_MOST_SECONDS, hold_seconds, seconds_in, set_hold_seconds
from tui.screens.picker import Picking
from tui.view.ages import day_and_time
from tui.view.banner import open_submission
from tui.view.choosing import Choice, folded
from tui.view.statuses import status_name, urgency_word
from tui.view.whens import parse_when
from tui.words import _

TAKEN_BACK = frozenset({OutboxState.SCHEDULED, OutboxState.QUEUED, OutboxState.HELD, OutboxState.DEFERRED})
"""A reply in one of these has not left yet."""


async def take(desk: Desk, _argument: str) -> None:
    """I do it."""
    row = desk.row
    if row is not None and desk.session.me is not None:
        await carry_out(desk, AssignConversation(conversation_id=row.id, owner=desk.session.me), said=_("It is yours."))


async def release(desk: Desk, argument: str) -> None:
    """Nobody's any more."""
    row = desk.row
    if row is not None:
        await carry_out(desk, AssignConversation(conversation_id=row.id, owner=None, reason=argument), said=_("It is nobody's now."))


async def assign(desk: Desk, argument: str) -> None:
    """Give it to a member, picked or named."""
    row = desk.row
    if row is None:
        return
    key = _member_named(desk, argument) if argument else await _pick_member(desk)
    if key is None:
        return
    who = desk.session.names.get(key, key)
    await carry_out(desk, AssignConversation(conversation_id=row.id, owner=key), said=_("It is {who}'s now.").format(who=who))


async def _pick_member(desk: Desk) -> MemberKey | None:
    choices = tuple(Choice(member.key, member.name, f"@{member.key}") for member in desk.session.members)
    picked = await desk.choose(Picking(_("Give it to"), choices))
    return MemberKey(picked) if picked else None


def _member_named(desk: Desk, argument: str) -> MemberKey | None:
    wanted = folded(argument.strip().lstrip("@"))
    for member in desk.session.members:
        if wanted in (folded(member.key), folded(member.name)):
            return member.key
    desk.say(_("There is no active member {member}.").format(member=argument), "alarm")
    return None


async def status(desk: Desk, argument: str) -> None:
    """Set a status, picked or named; on hold asks for a reason and a wake time."""
    row = desk.row
    if row is None:
        return
    settable = [each for each in BUILT_IN.values() if each.category not in (Category.CHECK, Category.OUTBOX)]
    if argument:
        key: str | None = argument.strip()
    else:
        choices = tuple(Choice(each.key, status_name(each.key), letter=each.letter.lower()) for each in settable)
        key = await desk.choose(Picking(_("Status"), choices, by_letter=True))
    if key is None:
        return
    if key == HOLD:
        await _hold(desk, row.id)
    elif key in (DONE, NO_REPLY):
        await _finish(desk, row.id, StatusKey(key), "")
    else:
        await carry_out(desk, SetStatus(conversation_id=row.id, status=StatusKey(key)), said=_status_words(StatusKey(key)))


def _status_words(key: StatusKey) -> str:
    return _("Status: {name} (u takes it back)").format(name=status_name(key))


async def _hold(desk: Desk, conversation_id: ConversationId) -> None:
    reason = await desk.ask_line(_("On hold because: "))
    if not reason:
        return
    when = await desk.ask_line(_("Back when (2h, 3d, tomorrow, 17:30, 12-24 9:00): "))
    if not when:
        return
    now = desk.session.clock.now()
    until = parse_when(when, now)
    if until is None:
        desk.say(_("{when} is no time in the future.").format(when=when), "alarm")
        return
    said = _("On hold until {at} (u takes it back)").format(at=day_and_time(until, now))
    await carry_out(desk, SetStatus(conversation_id=conversation_id, status=HOLD, reason=reason, until=until), said=said)


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
    row = desk.row
    if row is not None and row.id == conversation_id:
        advance(desk)
    await carry_out(desk, SetStatus(conversation_id=conversation_id, status=key, reason=reason), said=_status_words(key))


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


async def undo(desk: Desk, _argument: str) -> None:
    """A reply in its hold first, its text back in the composer; else one's own last action."""
    row = desk.row
    places = [*reversed(desk.acted_on), *([row.id] if row else [])]
    for conversation_id in places:
        submission = _own_in_hold(desk, conversation_id)
        if submission is not None:
            await take_back(desk, conversation_id, submission)
            return
    if not places:
        desk.say(_("There is nothing of yours to undo here."))
        return
    if await carry_out(desk, Undo(conversation_id=places[0]), said=_("Taken back.")):
        desk.acted_on = [each for each in desk.acted_on[:-1] if each != places[0]] if desk.acted_on[-1:] == [places[0]] else desk.acted_on


def _own_in_hold(desk: Desk, conversation_id: ConversationId) -> Submission | None:
    conversation = desk.session.store.conversation(conversation_id)
    submission = open_submission(conversation) if conversation else None
    return submission if submission and submission.by == desk.session.me and submission.state in TAKEN_BACK else None


async def take_back(desk: Desk, conversation_id: ConversationId, submission: Submission) -> None:
    """Stop a reply that has not left; its text is in the composer again."""
    command = CancelReply(conversation_id=conversation_id, submission_id=submission.id, terminal=desk.session.terminal_id)
    if await carry_out(desk, command, said=_("The reply was taken back.")):
        await resume(desk, conversation_id)


async def hold_time(desk: Desk, argument: str) -> None:
    """How long this person's replies wait for `u`."""
    home = desk.session.home
    now = await asyncio.to_thread(hold_seconds, home)
    typed = argument or await desk.ask_line(_("A sent reply waits so many seconds for u: "), initial=f"{now:g}")
    if not typed:
        return
    seconds = seconds_in(typed)
    if seconds is None:
        desk.say(_("{typed} is no number of seconds from 0 to {most}.").format(typed=typed, most=f"{HOLD_AT_MOST_SECONDS:g}"), "alarm")
        return
    await asyncio.to_thread(set_hold_seconds, home, seconds)
    desk.say(_("Your replies leave {seconds} s after ^S; until then u takes them back.").format(seconds=f"{seconds:g}"))


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
