"""Taking back: a reply in its hold, one's own last action, an earlier one, or a colleague's."""

import asyncio
from collections.abc import Sequence
from functools import partial

from mailsync.link.outcome import Queued
from store.domain.check_commands import reply_of
from store.domain.commands import CancelReply, RequestCheck, Undo, WithdrawCheck
from store.domain.context import LEADING
from store.domain.conversation import Conversation, Undoable
from store.domain.decide_undo import LINK_EVENTS
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, SubmissionId
from store.domain.outbox import LEFT_STATES, OutboxState, Submission
from store.local.waiting_replies import Recall
from tui.acted import Acted, mails_last
from tui.actions import many, marking
from tui.actions.carrying import ask_server, carry_out
from tui.actions.checking import take_check_back
from tui.actions.port import Desk
from tui.actions.replying import resume
from tui.screens.picker import Picking
from tui.view.banner import open_submission
from tui.view.choosing import Choice
from tui.view.commands.every import BY_NAME
from tui.view.gate import clean
from tui.view.timeline import event_words
from tui.words import _

TAKEN_BACK = frozenset({OutboxState.SCHEDULED, OutboxState.QUEUED, OutboxState.HELD, OutboxState.DEFERRED})
"""A reply in one of these has not left yet."""


async def undo(desk: Desk, _argument: str) -> None:
    """A reply in its hold first, its text back in the composer; else one's own last action. Where there is none, what colleagues did is offered."""
    if await marking.take_back(desk) or await _bring_back(desk):
        return
    row = desk.row
    places = [*(stroke[0].conversation_id for stroke in reversed(desk.acted_on) if len(stroke) == 1), *([row.id] if row else [])]
    for conversation_id in places:
        if await _waits_here(desk, conversation_id):
            return
        if await take_check_back(desk, conversation_id):
            return
        submission = _own_in_hold(desk, conversation_id)
        if submission is not None:
            await take_back(desk, conversation_id, submission)
            return
    if _is_told_what_has_left(desk):
        return
    if desk.acted_on and len(desk.acted_on[-1]) > 1:
        many.take_back(desk, desk.acted_on.pop())
    else:
        await _undo_last(desk, places)


async def _undo_last(desk: Desk, places: Sequence[ConversationId]) -> None:
    row = desk.row
    if not places:
        desk.say(_("There is nothing of yours to undo here."))
        return
    if row is not None and desk.acted_on[-1:] in ([], [(Acted(row.id),)]) and await _stands_aside(desk, row.id):
        return
    # Whatever comes of it: what cannot be taken back now must not stand in the way of what was done before.
    stroke = desk.acted_on.pop() if desk.acted_on else ()
    if _is_out_of_sight(desk, places[0]):
        desk.say(_("That is in an inbox that you do not see: you cannot take it back."), "alarm")
        return
    seq = stroke[0].seq if stroke else None
    # What stands elsewhere is named: nobody sees there what has become of it.
    other = desk.session.store.row(places[0]) if row is None or row.id != places[0] else None
    said = _("Taken back: {subject}").format(subject=clean(other.subject)) if other is not None else _("Taken back.")
    await carry_out(desk, Undo(conversation_id=places[0], event_seq=seq), said=said, counts=False)


async def _waits_here(desk: Desk, conversation_id: ConversationId) -> bool:
    """A reply that waits for a server that is away: out of the queue, its text back in the composer. False: none waits."""
    store = desk.session.store
    waiting = await asyncio.wrap_future(store.ask(partial(store.waiting_replies.of, conversation_id)))
    link = await desk.session.found_link() if waiting is not None else None
    if waiting is None or link is None:
        return False
    submission_id = reply_of(waiting).submission_id
    match await link.take_back(conversation_id, submission_id):
        case Recall.ANSWERED:
            return False
        case Recall.NO_TEXT:
            desk.say(_("Another draft stands in its place: the waiting reply cannot be taken back."), "alarm")
            return True
        case Recall.ASKED:
            stop = WithdrawCheck if isinstance(waiting, RequestCheck) else CancelReply
            words = _("The server may have it already: on its return it is asked to stop it.")
            if isinstance(await ask_server(desk, stop(conversation_id=conversation_id, submission_id=submission_id)), Queued):
                desk.say(words, "alarm")
        case Recall.TAKEN:
            desk.say(_("The reply was taken back: it had not been sent."))
            await _write_on(desk, conversation_id)
    _forget(desk, conversation_id, submission_id)
    return True


async def _write_on(desk: Desk, conversation_id: ConversationId) -> None:
    draft = await asyncio.to_thread(desk.session.store.draft, conversation_id)
    if draft is not None and draft.kind is DraftKind.NEW:
        desk.say(_("The text is back: {key} offers it.").format(key=desk.session.keys.key_of(BY_NAME["new"])))
    else:
        await resume(desk, conversation_id)


def _forget(desk: Desk, conversation_id: ConversationId, submission_id: SubmissionId) -> None:
    desk.acted_on[:] = [stroke for stroke in desk.acted_on if stroke != (Acted(conversation_id, submission=submission_id),)]


def _is_told_what_has_left(desk: Desk) -> bool:
    """Whether the last that was done is a mail that is with the mail server: whoever wants it back must not lose something else instead.

    It is said once; the next `u` is about what was done before. A mail that was stopped in another way stands in nobody's way.
    """
    mails = mails_last(desk.acted_on)
    del desk.acted_on[len(desk.acted_on) - len(mails) :]
    if not any(_is_with_mail_server(desk, each) for each in mails):
        return False
    key = desk.session.keys.key_of(BY_NAME["undo"])
    again = " " + _("{key} again takes back what you did before.").format(key=key) if desk.acted_on else ""
    desk.say(_("Your last mail has left: it cannot be taken back.") + again)
    return True


def _is_with_mail_server(desk: Desk, sent: Acted) -> bool:
    conversation = desk.session.store.conversation(sent.conversation_id)
    return any(each.id == sent.submission and each.state in LEFT_STATES for each in (conversation.submissions if conversation else ()))


async def _bring_back(desk: Desk) -> bool:
    """A text that was thrown away, where nothing was done since; False: there is none."""
    thrown, desk.thrown = desk.thrown, None
    if thrown is None or thrown[1] != len(desk.acted_on):
        return False
    draft = thrown[0]
    await asyncio.to_thread(desk.session.store.save_draft, draft)
    await _write_on(desk, draft.conversation_id)
    return True


async def undo_more(desk: Desk, _argument: str) -> None:
    """Pick one of the actions here that this member may take back."""
    row = desk.row
    actions = may_take_back(desk, row.id) if row is not None else ()
    if row is None or not actions:
        desk.say(_("There is nothing here that you could undo."))
        return
    session = desk.session
    choices = []
    for each in actions:
        who = _("you") if each.by == session.me else clean(session.names.get(each.by, each.by))
        choices.append(Choice(str(each.seq), event_words(each.event, session.names, session.statuses) or type(each.event).__name__, who))
    picked = await desk.choose(Picking(_("Take back"), tuple(choices)))
    if picked is not None:
        await carry_out(desk, Undo(conversation_id=row.id, event_seq=int(picked)), said=_("Taken back."), counts=False)


def may_take_back(desk: Desk, conversation_id: ConversationId) -> tuple[Undoable, ...]:
    """The latest first: one's own; of others a merge, a split or a move of what is one's own or nobody's; a leader anything."""
    session = desk.session
    conversation = session.store.conversation(conversation_id)
    if conversation is None:
        return ()
    row = session.store.row(conversation_id)
    leads = session.role_at(row) in LEADING
    return tuple(each for each in reversed(conversation.undoable) if each.by == session.me or leads or _is_open_to(conversation, each, desk))


def _is_open_to(conversation: Conversation, action: Undoable, desk: Desk) -> bool:
    return isinstance(action.event, LINK_EVENTS) and conversation.owner in {None, desk.session.me}


def _is_out_of_sight(desk: Desk, conversation_id: ConversationId) -> bool:
    """Whether nothing is left of it here: it, or its inbox, was taken from this member. What is part of another now has left a state."""
    store = desk.session.store
    return store.row(conversation_id) is None and store.conversation(conversation_id) is None


def _own_in_hold(desk: Desk, conversation_id: ConversationId) -> Submission | None:
    conversation = desk.session.store.conversation(conversation_id)
    submission = open_submission(conversation) if conversation else None
    return submission if submission and submission.by == desk.session.me and submission.state in TAKEN_BACK else None


async def _stands_aside(desk: Desk, conversation_id: ConversationId) -> bool:
    """True: nothing of one's own is to be taken back here, and that was said, or what colleagues did was offered."""
    if _has_left(desk, conversation_id):
        # Whoever wants their mail back must not lose something else instead.
        words = _("Your reply here has left for good. {key} shows what can be taken back.")
        desk.say(words.format(key=desk.session.keys.shown("undo-more")))
        return True
    if not desk.acted_on and not any(each.by == desk.session.me for each in may_take_back(desk, conversation_id)):
        await undo_more(desk, "")
        return True
    return False


def _has_left(desk: Desk, conversation_id: ConversationId) -> bool:
    """Whether the newest thing this member did here is a reply that is with the mail server."""
    conversation = desk.session.store.conversation(conversation_id)
    newest = next(iter(conversation.submissions[-1:]), None) if conversation else None
    if newest is None or newest.by != desk.session.me or newest.state not in LEFT_STATES:
        return False
    return not any(each.by == desk.session.me and each.seq > newest.queued_seq for each in may_take_back(desk, conversation_id))


async def take_back(desk: Desk, conversation_id: ConversationId, submission: Submission) -> None:
    """Stop a reply that has not left; its text is in the composer again."""
    command = CancelReply(conversation_id=conversation_id, submission_id=submission.id, terminal=desk.session.terminal_id)
    if await carry_out(desk, command, said=_("The reply was taken back."), counts=False):
        _forget(desk, conversation_id, submission.id)
        await resume(desk, conversation_id)
