"""Hand a finished draft over: lease, fence, hold; then wait, if asked, for what the mail server says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from mailsync.link.errors import ServerAway
from mailsync.link.keys import new_key
from mailsync.link.protocol import Answer, Done, Refused
from mailsync.link.queue import drain
from mailsync.link.threads import in_thread
from store.clock import SystemClock
from store.domain.commands import AgentCommand, ReleaseLease, RequestCheck, SubmitReply, TakeLease
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.events import LeaseTaken, ReplyQueued
from store.domain.ids import CommandKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import OutboxState, Submission
from store.domain.people import Member, Role, role_in
from store.domain.refusals import LeaseHeld, NotAllowed, SomethingNew
from store.domain.start_commands import StartConversation
from store.errors import MadoError
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.settings import InboxSettings
from tui.cli.for_check import as_asked, waits_for_check
from tui.cli.output import Output
from tui.cli.shapes import utc
from tui.cli.team import Team
from tui.forwarding import along_from_store
from tui.freezing import freeze
from tui.new_mail import before_it_starts, is_to_start, starting
from tui.view.trouble import problem_words
from tui.words import _

LOOK_AGAIN_SECONDS = 0.2
AWAY_AT_MOST_SECONDS = 120.0
"""How long --wait puts up with a server that is away: the mail is safe there, only its fate is not known here."""


@dataclass(frozen=True)
class Sending:
    """A draft that passed the send check, and how it is to go."""

    draft: Draft
    conversation: Conversation
    messages: Sequence[StoredMessage]
    inbox: InboxSettings
    hold_seconds: float
    take_over: bool
    reason: str
    wait: bool
    send_at: datetime | None = None
    check_note: str | None = None
    """For whoever checks it; None: it is to be sent."""


async def send_now(team: Team, output: Output, sending: Sending) -> int:
    """Take the lease, submit, and wait if asked. Returns the exit code."""
    conversation_id = sending.conversation.id
    if (refusal := _not_theirs(team.me, sending)) is not None:
        return output.refused(refusal, id=conversation_id)
    held = sending.conversation.lease
    if held is not None and held.by == team.me.key and not sending.take_over:
        # The server would hand one's own lease over without a word; a script must not pull the composer from under its owner.
        return output.refused(LeaseHeld(by=held.by, since=held.since, idle=False, may_take_over=True), id=conversation_id)
    taken = await team.ask(_opening(team, sending))
    if isinstance(taken, Refused):
        return output.refused(taken.refusal, id=conversation_id)
    token = _token_of(taken)
    sending = _as_opened(team.store, sending)
    try:
        command = await _frozen(team.store, team.me, sending, token, team.terminal)
    except MadoError:
        await _give_back(team, sending, token)
        raise
    answer = await _submit(team, as_asked(command, sending.check_note))
    if answer is None:
        return _queued_here(output, command)
    if isinstance(answer, Refused):
        await _give_back(team, sending, token)
        return output.refused(answer.refusal, id=conversation_id)
    return await _queued_there(team, output, command, answer, sending)


def _opening(team: Team, sending: Sending) -> TakeLease | StartConversation:
    """What gives the right to write: a new mail begins its conversation with it."""
    if is_to_start(sending.draft, sending.conversation):
        return starting(sending.draft, team.terminal)
    return TakeLease(
        conversation_id=sending.conversation.id,
        seen_revision=sending.draft.seen_revision,
        terminal=team.terminal,
        take_over=sending.reason if sending.take_over else None,
    )


def _as_opened(store: LocalStore, sending: Sending) -> Sending:
    """With the conversation that was begun: its number, and the sign that its Message-ID bears."""
    if not is_to_start(sending.draft, sending.conversation):
        return sending
    begun = store.conversation(sending.conversation.id) or sending.conversation
    return replace(sending, conversation=begun, draft=msgspec.structs.replace(sending.draft, seen_revision=begun.revision))


def _not_theirs(me: Member, sending: Sending) -> NotAllowed | None:
    """Who may not let a mail leave here is told before anything is taken or queued; the draft is kept."""
    match role_in(me, sending.conversation.inbox):
        case Role.CHECKED if sending.check_note is None:
            return NotAllowed("approval")
        case Role.GUEST:
            return NotAllowed("reply_right")
        case _:
            return None


async def queue_here(store: LocalStore, me: Member, output: Output, sending: Sending) -> int:
    """The server is away: keep the frozen reply in the offline queue; whoever reaches the server next sends it through the fence."""
    if (refusal := _not_theirs(me, sending)) is not None:
        return output.refused(refusal, id=sending.conversation.id)
    clock = SystemClock()
    starts = is_to_start(sending.draft, sending.conversation)
    if starts:
        begun = before_it_starts(sending.draft)
        sending = replace(sending, conversation=begun, draft=msgspec.structs.replace(sending.draft, seen_revision=begun.revision))
    command = await _frozen(store, me, sending, token=None, terminal="cli")
    if starts:
        await in_thread(store.add_pending, CommandKey(new_key(clock)), starting(sending.draft, "cli"), clock.now())
    await in_thread(store.add_pending, CommandKey(new_key(clock)), as_asked(command, sending.check_note), clock.now())
    return _queued_here(output, command)


async def _frozen(store: LocalStore, me: Member, sending: Sending, token: Token | None, terminal: str) -> SubmitReply:
    clock = SystemClock()
    submission_id = SubmissionId(new_key(clock))
    along = await in_thread(along_from_store, store, sending.draft, sending.messages)
    command = await in_thread(
        freeze,
        sending.draft,
        sending.conversation,
        sending.messages,
        sending.inbox,
        me,
        clock.now(),
        submission_id=submission_id,
        token=token,
        terminal=terminal,
        hold_seconds=sending.hold_seconds,
        along=along,
    )
    command = msgspec.structs.replace(command, send_at=sending.send_at)
    # From here the draft is the text of this reply: it goes when the mail is accepted, and is free again when it is not.
    await in_thread(store.save_draft, msgspec.structs.replace(sending.draft, submission_id=submission_id))
    return command


async def _submit(team: Team, command: SubmitReply | RequestCheck) -> Answer | None:
    """Submit by way of the durable queue, so that a broken line or a kill -9 leaves it to be sent again with the same key.

    None: the server went away; it stays queued here.
    """
    key = CommandKey(new_key(team.clock))
    answers: list[Answer] = []

    def settled(done: CommandKey, _command: AgentCommand, answer: Answer) -> None:
        if done == key:
            answers.append(answer)

    await in_thread(team.store.add_pending, key, command, team.clock.now())
    try:
        await drain(team.client, team.mirror, team.store, settled, fresh=lambda waiting: waiting == key)
    except ServerAway:
        return None
    # Another terminal in this home may have drained it first; then its outcome is in the mirror.
    return answers[0] if answers else Done(team.mirror.seq, ())


async def _give_back(team: Team, sending: Sending, token: Token) -> None:
    """Release the lease; the text stays as a draft. It would lapse by itself, two minutes later."""
    await in_thread(team.store.save_draft, msgspec.structs.replace(sending.draft, submission_id=None))
    await team.ask(ReleaseLease(conversation_id=sending.conversation.id, token=token, has_text=True))


def _token_of(taken: Done) -> Token:
    return next(one.event.token for one in taken.recorded if isinstance(one.event, LeaseTaken))


def _queued_here(output: Output, command: SubmitReply) -> int:
    facts = {"queued": "local", "id": command.conversation_id, "submission_id": command.submission_id, "message_id": command.message_id}
    output.row(facts, _("queued here: the server is away; it is sent when it is back"))
    return 0


async def _queued_there(team: Team, output: Output, command: SubmitReply, done: Done, sending: Sending) -> int:
    if sending.check_note is not None:
        return waits_for_check(output, command)
    send_at = next((one.event.send_at for one in done.recorded if isinstance(one.event, ReplyQueued)), None)
    facts = {
        "queued": "server",
        "id": command.conversation_id,
        "submission_id": command.submission_id,
        "message_id": command.message_id,
        "send_at": utc(send_at),
    }
    if not sending.wait:
        output.row(facts, _("queued at the server"))
        return 0
    try:
        submission = await _settled(team, command)
    except ServerAway as error:
        # The server has it: whoever called must not take this for a mail that is still to be queued here.
        output.message(_("mado: {problem}").format(problem=problem_words(error)))
        output.row(facts, _("queued at the server"))
        return error.exit_code
    if submission.state is OutboxState.ACCEPTED:
        output.row({**facts, "state": submission.state}, _("sent"))
        return 0
    return _not_sent(output, command, submission, team.store)


async def _settled(team: Team, command: SubmitReply) -> Submission:
    """The submission once its fate is known, or needs a person.

    Raises:
        ServerAway: For too long.
    """
    away_since: float | None = None
    while True:
        try:
            await team.mirror.catch_up()
            away_since = None
        except ServerAway:
            now = team.clock.monotonic()
            away_since = now if away_since is None else away_since
            if now - away_since > AWAY_AT_MOST_SECONDS:
                raise
        state = team.store.conversation(command.conversation_id)
        for submission in state.submissions if state else ():
            if submission.id == command.submission_id and _is_settled(submission):
                return submission
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


_ANSWERED = frozenset({OutboxState.ACCEPTED, OutboxState.PARTLY_ACCEPTED, OutboxState.REFUSED, OutboxState.UNKNOWN, OutboxState.CANCELLED})


def _is_settled(submission: Submission) -> bool:
    """Held for want of IMAP goes on by itself; held because something new came waits for a person."""
    return submission.state in _ANSWERED or (submission.state is OutboxState.HELD and submission.why != "imap_unreachable")


_REFUSED_AS = {
    OutboxState.PARTLY_ACCEPTED: "SubmissionRefused",
    OutboxState.REFUSED: "SubmissionRefused",
    OutboxState.UNKNOWN: "SubmissionUnknown",
    OutboxState.CANCELLED: "SubmissionCancelled",
}


def _not_sent(output: Output, command: SubmitReply, submission: Submission, store: LocalStore) -> int:
    if submission.state is OutboxState.HELD:
        state = store.conversation(command.conversation_id)
        new = tuple(message.message_id for message in state.messages if message.revision > submission.seen_revision) if state else ()
        return output.refused(
            SomethingNew(revision=state.revision if state else submission.seen_revision, new=new),
            id=command.conversation_id,
            submission_id=submission.id,
        )
    facts = {
        "refused": _REFUSED_AS[submission.state],
        "id": command.conversation_id,
        "submission_id": submission.id,
        "message_id": submission.message_id,
        "state": submission.state,
        "why": submission.why,
        "results": [msgspec.to_builtins(result) for result in submission.results],
    }
    return output.stopped(facts, _("not sent: {why}").format(why=submission.why or submission.state))
