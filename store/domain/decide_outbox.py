"""The outbox's own commands: the ticket with the second passage of the fence, what became of it, and the copy in Sent (rules 8 and 9)."""

from msgspec.structs import replace

from store.domain.approval import Subject, SubjectKind, checkers_of, is_approved
from store.domain.commands import IssueTicket, RecordFiled, RecordOutcome
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide_lease import moved
from store.domain.decide_reply import after_leaving, find, left_after_all
from store.domain.events import ConversationEvent, ReplyFiled, ReplyHeld, ReplyOutcome, ReplySending
from store.domain.fence import IMAP_UNREACHABLE, NOT_APPROVED, SENDER_LEFT, SENT_COPY, SOMETHING_NEW, news_since
from store.domain.outbox import (
    LEFT_STATES,
    STILL_HERE_STATES,
    TERMINAL_STATES,
    OutboxState,
    RecipientResult,
    Submission,
    has_left_in_part,
    in_doubt,
)
from store.domain.refusals import LeaseLost, Malformed, Refusal, ReplyPending, SomethingNew, TooLate, UnknownSubmission
from store.domain.table import Happening

OUTCOMES = LEFT_STATES | {OutboxState.DEFERRED, OutboxState.REFUSED, OutboxState.UNKNOWN}

RESTORED = "restored"
"""Why a reply from before a restore is unknown."""

TICKET_OUT = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN})


def issue_ticket(state: Conversation, command: IssueTicket, context: Context) -> Decision:
    """The fence for the second time, in the transaction that lets a reply go: `ReplySending` is the ticket, and nothing else is.

    `()`: not yet (its hold, or a retry, lies ahead; or it is held for the same reason still).
    """
    reply = find(state, command.submission_id)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    if (refusal := _no_ticket(state, reply)) is not None:
        return refusal
    if reply.token.epoch != context.epoch:
        # A journal that was restored does not know whether this one left in the time it lost.
        return _unknown(state, reply, RESTORED)
    if reply.send_at > context.now:
        return ()
    held = _held(state, reply, command, context)
    if held is None:
        return (ReplySending(reply.id, attempt=reply.attempts + 1),)
    return () if reply.state is OutboxState.HELD and reply.why == held.why else (held,)


def _no_ticket(state: Conversation, reply: Submission) -> Refusal | None:
    """What no waiting can mend: it is gone, it waits for its sender, its claim is another's, or another one is out."""
    if reply.state not in STILL_HERE_STATES:
        return TooLate(reply.state)
    if reply.state is OutboxState.HELD and reply.why == SOMETHING_NEW:
        return SomethingNew(state.revision, news_since(state, reply.seen_revision, reply.by))
    if state.claim is None or (state.claim.submission_id, state.claim.token) != (reply.id, reply.token):
        return LeaseLost(state.claim.by if state.claim else None)
    out = next((other for other in state.submissions if other.state in TICKET_OUT), None)
    return None if out is None else ReplyPending(out.by, out.state, out.id)


def _held(state: Conversation, reply: Submission, command: IssueTicket, context: Context) -> ReplyHeld | None:
    """Why it does not go now."""
    if new := news_since(state, reply.seen_revision, reply.by, checkers_of(reply.approvals)):
        return ReplyHeld(reply.id, SOMETHING_NEW, new)
    if reply.by not in context.members:
        return ReplyHeld(reply.id, SENDER_LEFT)
    if (unapproved := _unapproved(reply, context)) is not None:
        return ReplyHeld(reply.id, unapproved)
    return None if command.imap_checked else ReplyHeld(reply.id, IMAP_UNREACHABLE)


def _unapproved(reply: Submission, context: Context) -> str | None:
    """Why the yeses it has do not let it leave: those it needed when it was handed over, of these very bytes, by others than its drafter.

    Whoever gave one was a checker then; that they are none any more takes nothing back. Whose replies are checked from now on needs one.
    """
    checked = reply.by in context.checked
    if reply.by in context.cannot_send and not checked:
        return SENDER_LEFT
    if checked and not reply.approvals:
        return SENDER_LEFT
    needed = max(reply.stages, 1 if checked or reply.approvals else 0)
    if not needed:
        return None
    subject = Subject(SubjectKind.REPLY, reply.id, context.frozen_sha256 or "")
    return None if is_approved(subject, reply.by, reply.approvals, needed) else NOT_APPROVED


def record_outcome(state: Conversation, command: RecordOutcome, context: Context) -> Decision:
    """What SMTP said of a ticket. `unknown` may also be said of any reply that is not over: after a crash, after a restore."""
    del context
    reply = find(state, command.submission_id)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    if (refusal := _no_outcome(reply, command)) is not None:
        return refusal
    if reply.state is command.state and reply.state is not OutboxState.SENDING:
        return ()  # said before
    if command.state is OutboxState.UNKNOWN:
        return _unknown(state, reply, command.why, command.results)
    outcome = ReplyOutcome(reply.id, command.state, command.results, command.why, command.retry_at)
    follows = after_leaving(state, reply) if command.state in LEFT_STATES else ()
    return (outcome, *follows, *(moved(state, Happening.REPLY_REFUSED) if command.state is OutboxState.REFUSED else ()))


def _no_outcome(reply: Submission, command: RecordOutcome) -> Refusal | None:
    """Only a ticket has an outcome; that of one that is over stands."""
    if command.state not in OUTCOMES or (command.retry_at is not None and command.retry_at.tzinfo is None):
        return Malformed(f"`{command.state}` is no outcome, or its retry has no time zone")
    if reply.state in {OutboxState.SENDING, command.state}:
        return None
    if command.state is OutboxState.UNKNOWN and reply.state not in TERMINAL_STATES:
        return None
    return TooLate(reply.state)


def _unknown(state: Conversation, reply: Submission, why: str, results: tuple[RecipientResult, ...] = ()) -> tuple[ConversationEvent, ...]:
    """Flag it, and settle it at once where its copy was seen before. `results`: of those who were answered before the line broke."""
    left = replace(reply, state=OutboxState.UNKNOWN, results=results or in_doubt(reply.results))
    unknown = ReplyOutcome(reply.id, OutboxState.UNKNOWN, left.results, why)
    copied = any(message.message_id == reply.message_id and not message.inbound for message in state.messages)
    return (unknown, *(left_after_all(state, left, SENT_COPY) if copied and not has_left_in_part(left) else ()))


def record_filed(state: Conversation, command: RecordFiled, context: Context) -> Decision:
    """The copy of a reply that left lies in Sent."""
    del context
    reply = find(state, command.submission_id)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    if reply.state not in LEFT_STATES:
        return TooLate(reply.state)
    return () if reply.filed else (ReplyFiled(reply.id),)
