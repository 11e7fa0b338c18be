"""Replying: the lease, a colleague in the way, the composer, and what to do when the fence stopped a reply."""

from dataclasses import dataclass

from msgspec.structs import replace

from mailsync.link.errors import ServerAway
from mailsync.link.protocol import Done, Refused
from store.domain.commands import CancelReply, ReleaseReply, TakeLease
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.ids import ConversationId, Revision
from store.domain.lease import Token
from store.domain.outbox import OutboxState, Submission
from store.domain.refusals import LeaseHeld
from store.errors import MadoError
from store.settings.kept import Kept
from tui.actions.carrying import ask_known, carry_out
from tui.actions.port import Desk
from tui.actions.talking import ask, comment
from tui.composing import Composing
from tui.opened import Opened
from tui.reading_marks import mark_read
from tui.reply import QUOTING, quoting_of, start_draft
from tui.screens.collision import ASK, COMMENT, TAKE_OVER, Collision, collision_picking
from tui.screens.fence import EDIT, KEEP, SEND, Fence, fence_picking
from tui.view.banner import conversation_words, held_words, open_submission
from tui.view.commands.command import Place
from tui.view.next_steps import with_step
from tui.view.refusals import refusal_words
from tui.view.trouble import trouble_words
from tui.words import _


@dataclass(frozen=True)
class MayWrite:
    """Go on; without a token while the server is away."""

    token: Token | None


async def reply(desk: Desk, _argument: str) -> None:
    """Reply to the customer."""
    await _reply(desk, reply_all=False)


async def reply_all(desk: Desk, _argument: str) -> None:
    """Reply to everybody in To and Cc."""
    await _reply(desk, reply_all=True)


async def _reply(desk: Desk, *, reply_all: bool) -> None:
    row = desk.row
    opened = await desk.read(row.id) if row else None
    if opened is None:
        return
    submission = open_submission(opened.conversation)
    if submission is not None and submission.by == desk.session.me and submission.state is OutboxState.HELD:
        await decide_about_held(desk, opened, submission)
    elif submission is not None or _waits_for_check(opened):
        desk.say(conversation_words(opened.conversation, desk.session.me, desk.session.names, desk.session.keys.shown))
    else:
        await _write(desk, opened, reply_all=reply_all)


def _waits_for_check(opened: Opened) -> bool:
    check = opened.conversation.check
    return check is not None and check.waits


async def _write(desk: Desk, opened: Opened, *, reply_all: bool, take_over: str | None = None) -> None:
    inbox = desk.session.inbox(opened.row.inbox)
    if inbox is None:
        desk.say(_("The inbox {inbox} is not set up on this machine.").format(inbox=opened.row.inbox), "alarm")
        return
    may = await take_lease(desk, opened, take_over=take_over)
    if may is None:
        return
    member_name = desk.session.names.get(desk.session.me, "") if desk.session.me else ""
    draft = opened.draft or start_draft(
        opened.conversation,
        opened.messages,
        inbox,
        member_name,
        desk.session.signature(inbox.key),
        reply_all=reply_all,
        own_addresses=desk.session.own_addresses,
        quoting=quoting_of(Kept(desk.session.home).preference(QUOTING)),
    )
    await desk.open_composer(Composing(desk.session, opened, inbox, draft, may.token))


async def take_lease(desk: Desk, opened: Opened, *, take_over: str | None = None) -> MayWrite | None:
    """The right to reply; None: no, and the agent has been told why or has chosen something else."""
    link = await desk.session.found_link()
    command = TakeLease(
        conversation_id=opened.row.id, seen_revision=opened.conversation.revision, terminal=desk.session.terminal_id, take_over=take_over
    )
    if link is None:
        return MayWrite(None)
    try:
        answer = await ask_known(desk, command)
    except ServerAway:
        return MayWrite(None)
    except MadoError as error:
        desk.say(trouble_words(error), "alarm")
        return None
    match answer:
        case Done():
            return MayWrite(own_token(desk, opened.row.id))
        case Refused(refusal=LeaseHeld() as held):
            await _collide(desk, opened, held)
        case Refused(refusal=refusal):
            words = refusal_words(refusal, desk.session.names, desk.session.clock.now())
            desk.say(with_step(words, refusal, desk.session.keys), "alarm")
    return None


def own_token(desk: Desk, conversation_id: ConversationId) -> Token | None:
    """The token of one's own lease, as the mirror knows it once the server has answered."""
    conversation = desk.session.store.conversation(conversation_id)
    lease = conversation.lease if conversation else None
    return lease.token if lease is not None and lease.by == desk.session.me else None


async def _collide(desk: Desk, opened: Opened, held: LeaseHeld) -> None:
    who = desk.session.names.get(held.by, held.by)
    picked = await desk.choose(collision_picking(Collision(held, who, desk.session.clock.now())))
    if picked == COMMENT:
        await comment(desk, "")
    elif picked == ASK:
        await ask(desk, "")
    elif picked == TAKE_OVER:
        reason = await desk.ask_line(_("Taking over because: "))
        if reason:
            await _write(desk, opened, reply_all=False, take_over=reason)
    elif picked is not None:
        desk.go(Place.READING)
        desk.look(anew=True)


async def decide_about_held(desk: Desk, opened: Opened, submission: Submission) -> None:
    """One's own reply is held: show what is new, then send, edit or keep."""
    new = news_for(opened.conversation, submission)
    why = "" if new else _("Your reply is held: {why}").format(why=held_words(submission.why))
    fence = Fence(opened, new, desk.session.me, desk.session.names, desk.session.clock.now(), why)
    picked = await desk.choose(fence_picking(fence, desk.list.app.size))
    if picked is not None:
        # It was shown, and decided about.
        await mark_read(desk.session, opened.row.id, opened.conversation.revision)
    if picked == SEND:
        command = ReleaseReply(conversation_id=opened.row.id, submission_id=submission.id, seen_revision=opened.conversation.revision)
        await carry_out(desk, command, said=_("It is sent after all."))
    elif picked in (EDIT, KEEP):
        command_back = CancelReply(conversation_id=opened.row.id, submission_id=submission.id, terminal=desk.session.terminal_id)
        if await carry_out(desk, command_back, said=_("The reply was taken back; the text is kept as a draft.")) and picked == EDIT:
            # It was on the screen: the fence stops the text again only for what comes after it.
            await resume(desk, opened.row.id, seen=opened.conversation.revision)


def news_for(conversation: Conversation, submission: Submission) -> tuple[str, ...]:
    """Ids of messages and comments newer than what the sender had seen."""
    messages = tuple(each.message_id for each in conversation.messages if each.revision > submission.seen_revision and each.submission_id is None)
    comments = tuple(each.id for each in conversation.comments if each.revision > submission.seen_revision and each.by != submission.by)
    return (*messages, *comments)


async def resume(desk: Desk, conversation_id: ConversationId, *, seen: Revision | None = None) -> None:
    """Open the composer on a draft that was taken back. `seen`: how far its writer has read since.

    Where the server has not yet said that it stops it, nothing opens: a text that may leave is not sent a second time.
    """
    opened = await desk.read(conversation_id)
    if opened is None or opened.draft is None or opened.draft.submission_id is not None:
        return
    inbox = desk.session.inbox(opened.row.inbox)
    token = own_token(desk, conversation_id)
    may = MayWrite(token) if token is not None else await take_lease(desk, opened)
    if inbox is not None and may is not None:
        await desk.open_composer(Composing(desk.session, opened, inbox, again(opened.draft, seen), may.token))


def again(draft: Draft, seen: Revision | None) -> Draft:
    """The draft as a text in work once more: the same mail in everything, but that nobody has it."""
    return replace(draft, submission_id=None, seen_revision=draft.seen_revision if seen is None else seen)
