"""A reply in its sender's hands: handing it over, releasing a held one, taking it back, settling an unknown one (rules 6 to 9)."""

from hashlib import sha256

from msgspec.structs import replace

from store.domain.approval import Approval, Subject, SubjectKind, reply_hash
from store.domain.asked_checks import asked_of
from store.domain.commands import CancelReply, ReleaseReply, SettleReply, SubmitReply
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide_lease import held_by_another, make_room, moved, next_token, not_seen_yet, owner_if_none
from store.domain.decide_schedule import AHEAD_AT_MOST, first_send_at, is_scheduled, not_a_time
from store.domain.events import (
    ConversationEvent,
    LeaseTaken,
    ReplyCancelled,
    ReplyOutcome,
    ReplyQueued,
    ReplyReleased,
    ReplySettled,
    StatusChanged,
)
from store.domain.fence import stopped_by_claim, stopped_by_news, stopped_by_token
from store.domain.ids import MemberKey, StatusKey, SubmissionId
from store.domain.outbox import LEFT_STATES, NOT_SENT_BY_HAND, STILL_HERE_STATES, OutboxState, Submission, given_up, has_left_in_part, once_left
from store.domain.refusals import ApprovalRequired, Malformed, NotAllowed, Refusal, TooLate, UnknownStatus, UnknownSubmission, WakeTimeRequired
from store.domain.rights import not_sending, not_writing
from store.domain.status import IN_PROGRESS, NO_REPLY, Category, category_of, own_category
from store.domain.table import WAKING_KINDS, Happening, status_after
from store.domain.used_templates import stopped_by_template


def find(state: Conversation, submission_id: SubmissionId) -> Submission | None:
    """The reply of that id."""
    return next((reply for reply in state.submissions if reply.id == submission_id), None)


def submit_reply(state: Conversation, command: SubmitReply, context: Context) -> Decision:
    """The fence for the first time: the lease becomes a claim, and the hold begins.

    Without a token (written offline) a lease is taken in the same stroke where nobody else holds one.
    """
    yes = tuple(one for one in dict.fromkeys(context.yes) if one != context.me)
    refusal: Refusal | None = (not_writing(context) if yes else not_sending(context)) or not_handed_over(state, command, context)
    if refusal is not None:
        return refusal
    asked = asked_of(state, command, context)
    if asked.stages > len(yes):
        return ApprovalRequired(asked.stages, asked.why)
    queued = replace(as_queued(state, command, context), stages=asked.stages, approvals=_approvals(command, yes, context))
    return (*taken_in_passing(state, command, context), queued, *moved(state, Happening.REPLY_QUEUED), *owner_if_none(state, context))


def _approvals(command: SubmitReply, yes: tuple[MemberKey, ...], context: Context) -> tuple[Approval, ...]:
    """Their yes to all rows of a mailing, as one to this: of its very bytes, which its ticket proves again."""
    subject = Subject(SubjectKind.REPLY, command.submission_id, reply_hash(command.envelope.mail_from, command.envelope.rcpt_to, command.mime))
    return tuple(Approval(subject, one, context.now, stage) for stage, one in enumerate(yes, 1))


def not_handed_over(state: Conversation, command: SubmitReply, context: Context) -> Refusal | None:
    """What stops a reply from being taken at all, whether it is to be sent or to be checked first."""
    refusal: Refusal | None = stopped_by_claim(state) or _malformed(state, command)
    refusal = refusal or not_a_time(command.send_at, context.now) or _not_then(command.then_status, context)
    if refusal is not None:
        return refusal
    refusal = held_by_another(state, context) if command.token is None else stopped_by_token(state, command.token, context)
    return refusal or stopped_by_news(state, command.seen_revision, context.me) or stopped_by_template(command.templates, context.templates)


def as_queued(state: Conversation, command: SubmitReply, context: Context) -> ReplyQueued:
    """The reply as the outbox is to hold it."""
    return ReplyQueued(
        submission_id=command.submission_id,
        message_id=command.message_id,
        token=command.token or next_token(state, context),
        seen_revision=command.seen_revision,
        envelope=command.envelope,
        mime_sha256=sha256(command.mime).hexdigest(),
        then_status=command.then_status,
        send_at=first_send_at(command, context.now),
        answers=command.answers,
        then_category=own_category(context.team.status(command.then_status)),
        scheduled=is_scheduled(command, context.now),
        kind=command.kind,
        templates=command.templates,
        delivered=command.delivered,
    )


def taken_in_passing(state: Conversation, command: SubmitReply, context: Context) -> tuple[ConversationEvent, ...]:
    """The lease of a reply that was written without one."""
    if command.token is not None:
        return ()
    taken = LeaseTaken(context.me, next_token(state, context), command.seen_revision, command.terminal)
    return (*make_room(state, context), taken)


def _malformed(state: Conversation, command: SubmitReply) -> Malformed | None:
    """A submission that contradicts itself, or reuses what must be unique for exactly-once to mean anything."""
    if (ahead := not_seen_yet(state, command.seen_revision)) is not None:
        return ahead
    if not command.envelope.rcpt_to or not command.mime:
        return Malformed("a reply needs a recipient and a text")
    if not 0 <= command.hold_seconds <= AHEAD_AT_MOST.total_seconds():
        return Malformed("`hold_seconds` is out of range")
    checked = state.check
    if not command.submission_id or find(state, command.submission_id) is not None or (checked and checked.id == command.submission_id):
        return Malformed("this submission id is taken")
    known = {reply.message_id for reply in state.submissions} | {message.message_id for message in state.messages}
    known |= {checked.reply.message_id} if checked else set()
    if not command.message_id or command.message_id in known:
        return Malformed("this Message-ID is taken")
    return None


def _not_then(then: StatusKey, context: Context) -> Refusal | None:
    """The status after sending: one of work or of done; a hold would need a reason and a wake time, which a reply does not carry."""
    status = context.team.status(then)
    if status is not None and status.category is Category.WAITING:
        return WakeTimeRequired()
    if status is None or status.retired or status.category not in {Category.OPEN, Category.DONE} or then == NO_REPLY:
        return UnknownStatus(then)
    return None


def release_reply(state: Conversation, command: ReleaseReply, context: Context) -> Decision:
    """Send a held reply after all. Only its sender can have seen what is new to them."""
    reply = find(state, command.submission_id)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    refusal: Refusal | None = not_sending(context) or not_seen_yet(state, command.seen_revision)
    refusal = refusal or (None if reply.by == context.me else NotAllowed("sender"))
    refusal = refusal or (None if reply.state in STILL_HERE_STATES else TooLate(reply.state))
    if refusal is None and reply.state is not OutboxState.HELD:
        return ()
    # The yes was given to it as an answer to what had been written by then.
    refusal = refusal or (ApprovalRequired(reply.stages) if reply.stages else None)
    refusal = refusal or stopped_by_news(state, command.seen_revision, context.me)
    return refusal or (ReplyReleased(reply.id, command.seen_revision, send_at=max(context.now, reply.send_at)),)


def cancel_reply(state: Conversation, command: CancelReply, context: Context) -> Decision:
    """Take a reply back before it is sending; its sender gets the lease back on `terminal`, where one is named and nobody writes."""
    reply = find(state, command.submission_id)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    if (refusal := _not_ones_own(reply, context)) is not None:
        return refusal
    if reply.state not in STILL_HERE_STATES:
        return TooLate(reply.state)
    if has_left_in_part(reply):
        return TooLate(OutboxState.PARTLY_ACCEPTED)  # some recipients have it: it is no draft any more
    cancelled: tuple[ConversationEvent, ...] = (ReplyCancelled(reply.id), *moved(state, Happening.REPLY_CANCELLED))
    if not command.terminal or reply.by != context.me or state.lease is not None:
        return cancelled
    return (*cancelled, LeaseTaken(context.me, next_token(state, context), reply.seen_revision, command.terminal))


def _not_ones_own(reply: Submission, context: Context) -> NotAllowed | None:
    """A reply belongs to its sender; a leader may too."""
    if (refusal := not_writing(context)) is not None:
        return refusal
    return None if reply.by == context.me or context.leads else NotAllowed("leader")


def settle_reply(state: Conversation, command: SettleReply, context: Context) -> Decision:
    """A person decides about an unknown one. Not sent: it can never leave any more; its text is a draft for a new reply, if nobody has it."""
    reply = find(state, command.submission_id)
    if reply is None:
        return UnknownSubmission(command.submission_id)
    if (refusal := _not_ones_own(reply, context)) is not None:
        return refusal
    if reply.state is not OutboxState.UNKNOWN:
        return TooLate(reply.state)
    if command.sent:
        return left_after_all(state, reply, "person")
    settled: ReplySettled | ReplyOutcome = ReplySettled(reply.id, sent=False, how="person")
    if has_left_in_part(reply):
        # Somebody got it in an earlier attempt: it is no draft that could go to all of them again.
        settled = ReplyOutcome(reply.id, OutboxState.PARTLY_ACCEPTED, given_up(reply.results), NOT_SENT_BY_HAND)
    return (settled, *moved(state, Happening.REPLY_NOT_SENT))


def left_after_all(state: Conversation, reply: Submission, how: str) -> tuple[ReplySettled | StatusChanged, ...]:
    """It is known now to have left. Where some of its recipients are still to be asked it stays on its way."""
    settled = ReplySettled(reply.id, sent=True, how=how)
    return (settled, *(after_leaving(state, reply) if once_left(reply, how).state in LEFT_STATES else ()))


def after_leaving(state: Conversation, reply: Submission) -> tuple[StatusChanged, ...]:
    """The status once a reply has left: the one chosen at send.

    A customer who wrote while it was being sent has not been answered by it, nor has one whose bounce was quicker than the outcome: the
    conversation comes back at once. One that had been given up and left all the same counts like an answer from outside; whoever works
    there already is warned instead.
    """
    bounced = any(result.bounced for result in reply.results)
    anew = bounced or _wrote_meanwhile(state, reply)
    if state.category is not Category.OUTBOX:
        busy = anew or state.lease is not None or state.claim is not None
        return () if busy else moved(state, Happening.ANSWERED_OUTSIDE)
    if state.claim is None or state.claim.submission_id != reply.id:
        return ()
    then = status_after(Happening.REPLY_ACCEPTED, state, reply.then_status)
    left = StatusChanged(state.status, then, reason=Happening.REPLY_ACCEPTED.value, own_category=reply.then_category)
    if anew and (reply.then_category or category_of(then)) is Category.DONE:
        return (left, StatusChanged(then, IN_PROGRESS, reason=(Happening.BOUNCED if bounced else Happening.CUSTOMER_WROTE).value))
    return (left,)


def _wrote_meanwhile(state: Conversation, reply: Submission) -> bool:
    """Whether a customer's message came that the sender had not seen."""
    return any(message.inbound and message.kind in WAKING_KINDS and message.revision > reply.seen_revision for message in state.messages)
