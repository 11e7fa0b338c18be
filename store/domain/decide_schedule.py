"""When a reply leaves: at a time chosen with it, chosen later, or now instead of at the next try."""

from datetime import datetime, timedelta

from store.domain.commands import SubmitReply
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.events import ReplyOutcome
from store.domain.fence import RATE_LIMIT
from store.domain.outbox import OutboxState, Submission
from store.domain.refusals import Malformed, NotAllowed, TooLate, UnknownSubmission
from store.domain.reply_events import ReplyScheduled
from store.domain.rights import not_sending
from store.domain.schedule_commands import PostponeReply, ScheduleReply

AHEAD_AT_MOST = timedelta(days=366)
"""How far ahead a reply may be handed over."""

WAITING_FOR_A_TIME = frozenset({OutboxState.QUEUED, OutboxState.SCHEDULED, OutboxState.DEFERRED})
"""A held one waits for a person, or for the mailbox: no time helps it."""


def not_a_time(send_at: datetime | None, now: datetime) -> Malformed | None:
    """Why a reply cannot be sent at that time; one that has passed means now."""
    if send_at is None:
        return None
    if send_at.tzinfo is None:
        return Malformed("`send_at` has no time zone")
    return Malformed("`send_at` is more than a year ahead") if send_at - now > AHEAD_AT_MOST else None


def first_send_at(command: SubmitReply, now: datetime) -> datetime:
    """When it leaves at the soonest: whatever its time, its sender has the hold to take it back."""
    held_until = now + timedelta(seconds=command.hold_seconds)
    return held_until if command.send_at is None else max(held_until, command.send_at)


def is_scheduled(command: SubmitReply, now: datetime) -> bool:
    """Whether its time lies behind its hold."""
    return command.send_at is not None and command.send_at > now + timedelta(seconds=command.hold_seconds)


def schedule_reply(state: Conversation, command: ScheduleReply, context: Context) -> Decision:
    """Another time for a reply of one's own; a leader may choose it for others. Nothing but the time changes."""
    reply = next((one for one in state.submissions if one.id == command.submission_id), None)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    refusal = not_sending(context) or _not_theirs(reply, context) or not_a_time(command.send_at, context.now)
    if refusal is not None:
        return refusal
    if reply.state not in WAITING_FOR_A_TIME:
        return TooLate(reply.state)
    at_once = command.send_at is None or command.send_at <= context.now
    send_at = context.now if at_once or command.send_at is None else command.send_at
    return (ReplyScheduled(reply.id, send_at, at_once=at_once),)


def _not_theirs(reply: Submission, context: Context) -> NotAllowed | None:
    return None if reply.by == context.me or context.leads else NotAllowed("leader")


def postpone_reply(state: Conversation, command: PostponeReply, context: Context) -> Decision:
    """It is due, but the provider's pace has no room for it: deferred, without a ticket, without an attempt."""
    reply = next((one for one in state.submissions if one.id == command.submission_id), None)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    if reply.state not in WAITING_FOR_A_TIME:
        return TooLate(reply.state)
    if reply.send_at > context.now or command.until <= context.now:
        return ()
    return (ReplyOutcome(reply.id, OutboxState.DEFERRED, (), RATE_LIMIT, command.until),)
