"""A reply that somebody else must read first: asked for, approved, sent back, taken back, written anew (conversations.md, rules 6 to 8)."""

from datetime import timedelta

from msgspec.structs import replace

from store.domain.approval import MOST_STAGES, Approval, checkers_of, may_still_approve, reply_hash
from store.domain.asked_checks import REMARK_AT_MOST, asked_of, may_check, not_a_remark
from store.domain.check import Check
from store.domain.commands import Approve, EditChecked, RequestCheck, SendBack, WithdrawCheck
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide_lease import moved, next_token, not_seen_yet, owner_if_none
from store.domain.decide_reply import as_queued, not_handed_over, taken_in_passing
from store.domain.events import CheckApproved, CheckEdited, CheckRequested, CheckSentBack, CheckWithdrawn, ConversationEvent, LeaseTaken
from store.domain.fence import news_since
from store.domain.ids import SubmissionId
from store.domain.outbox import OutboxState
from store.domain.refusals import (
    CheckOver,
    HashMismatch,
    LeaseLost,
    Malformed,
    NotAllowed,
    NotOwnCheck,
    Refusal,
    SomethingNew,
    TooLate,
    UnknownMember,
    UnknownSubmission,
)
from store.domain.rights import not_writing
from store.domain.table import Happening


def request_check(state: Conversation, command: RequestCheck, context: Context) -> Decision:
    """Freeze a reply for a checker. Who may send it at once may wish for a check all the same: it takes one stage then."""
    reply = command.reply
    refusal: Refusal | None = not_writing(context) or not_handed_over(state, reply, context)
    if refusal is None and len(command.note) > REMARK_AT_MOST:
        refusal = Malformed(f"a note has at most {REMARK_AT_MOST} characters")
    if refusal is not None:
        return refusal
    asked = asked_of(state, reply, context)
    limit = None if asked.limit_minutes is None else context.now + timedelta(minutes=asked.limit_minutes)
    requested = CheckRequested(
        reply=replace(as_queued(state, reply, context), stages=asked.stages),
        frozen_sha256=reply_hash(reply.envelope.mail_from, reply.envelope.rcpt_to, reply.mime),
        stages=min(MOST_STAGES, max(1, asked.stages)),
        hold_seconds=reply.hold_seconds,
        note=command.note.strip(),
        why=asked.why,
        limit_at=limit,
    )
    return (*taken_in_passing(state, reply, context), requested, *moved(state, Happening.CHECK_REQUESTED), *owner_if_none(state, context))


def _open(state: Conversation, submission_id: SubmissionId) -> Check | Refusal:
    """The check of that id, while it is not decided."""
    check = state.check
    if check is None or check.id != submission_id:
        return UnknownSubmission(submission_id)
    return check if check.waits else CheckOver(check.state.value, check.ended_by)


def _not_checking(state: Conversation, check: Check, context: Context) -> Refusal | None:
    """Who may not say anything about it: not a checker, its drafter, or whoever said yes to it already."""
    if not may_check(context):
        return NotOwnCheck(context.me) if check.by == context.me else NotAllowed("checker")
    if state.claim is None or state.claim.submission_id != check.id:
        return LeaseLost(state.claim.by if state.claim else None)
    return None if may_still_approve(check.by, check.approvals, context.me) else NotOwnCheck(context.me)


def approve(state: Conversation, command: Approve, context: Context) -> Decision:
    """Say yes to one stage; after the last, the reply is queued for its drafter, with its hold.

    The checker answers for what they have seen: whatever came since stops them, and what they saw stops the reply no more.
    """
    check = _open(state, command.submission_id)
    if isinstance(check, Refusal):
        return check
    refusal = _not_checking(state, check, context) or not_seen_yet(state, command.seen_revision)
    kept = check.frozen_sha256 if context.frozen_sha256 is None else context.frozen_sha256
    if refusal is None and not command.frozen_sha256 == check.frozen_sha256 == kept:
        refusal = HashMismatch(check.id)
    if refusal is None and check.by not in context.members:
        refusal = UnknownMember(check.by)
    if refusal is None and any(message.message_id == check.reply.message_id for message in state.messages):
        # It lies in Sent: a journal that was restored does not know that it was approved, and has left.
        refusal = TooLate(OutboxState.ACCEPTED)
    seen = max(check.seen_revision, command.seen_revision)
    if refusal is None and (new := news_since(state, seen, check.by, checkers_of(check.approvals) | {context.me})):
        refusal = SomethingNew(state.revision, new)
    if refusal is not None:
        return refusal
    approval = Approval(check.subject, context.me, context.now, check.stage)
    approved = CheckApproved(check.id, approval, seen)
    if check.stage < check.stages:
        return (approved,)
    queued = replace(
        check.reply,
        by=check.by,
        seen_revision=seen,
        send_at=max(check.reply.send_at, context.now + timedelta(seconds=check.hold_seconds)),
        approvals=(*check.approvals, approval),
    )
    return (approved, queued, *moved(state, Happening.APPROVED))


def send_back(state: Conversation, command: SendBack, context: Context) -> Decision:
    """Say no, with a remark; at any stage."""
    check = _open(state, command.submission_id)
    if isinstance(check, Refusal):
        return check
    if (refusal := _not_checking(state, check, context)) is not None:
        return refusal
    if (refusal := not_a_remark(command.remark)) is not None:
        return refusal
    return (CheckSentBack(check.id, command.remark.strip(), command.kind.strip()), *moved(state, Happening.SENT_BACK))


def withdraw_check(state: Conversation, command: WithdrawCheck, context: Context) -> Decision:
    """Take it back; its drafter gets the lease back on `terminal`, where one is named."""
    check = _open(state, command.submission_id)
    if isinstance(check, Refusal):
        return check
    if (refusal := not_writing(context)) is not None:
        return refusal
    if check.by != context.me and not context.leads:
        return NotAllowed("leader")
    withdrawn: tuple[ConversationEvent, ...] = (CheckWithdrawn(check.id), *moved(state, Happening.SENT_BACK))
    if not command.terminal or check.by != context.me or state.lease is not None:
        return withdrawn
    return (*withdrawn, LeaseTaken(context.me, next_token(state, context), check.reply.seen_revision, command.terminal))


def edit_checked(state: Conversation, command: EditChecked, context: Context) -> Decision:
    """Write it anew: the lease goes to the checker, and what comes of it needs another person's yes where the rules ask for one."""
    check = _open(state, command.submission_id)
    if isinstance(check, Refusal):
        return check
    refusal = _not_checking(state, check, context) or not_seen_yet(state, command.seen_revision)
    if refusal is not None:
        return refusal
    taken = LeaseTaken(context.me, next_token(state, context), command.seen_revision, command.terminal)
    return (CheckEdited(check.id), *moved(state, Happening.SENT_BACK), taken)
