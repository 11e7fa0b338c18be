"""The steps of the fold that are about replies: the lease, the claim, and the outbox."""

from msgspec.structs import replace

from store.domain.conversation import Before, Conversation
from store.domain.draft_kind import PASSES_ON
from store.domain.events import (
    Event,
    LeaseAsked,
    LeaseLapsed,
    LeaseReleased,
    LeaseTaken,
    Recorded,
    ReplyCancelled,
    ReplyFiled,
    ReplyHeld,
    ReplyOutcome,
    ReplyQueued,
    ReplyReleased,
    ReplySending,
    ReplySettled,
)
from store.domain.evolve_mail import answered_by
from store.domain.evolve_steps import TO_LOOK_AT, Step, flagged, on, unflagged
from store.domain.ids import SubmissionId
from store.domain.lease import Claim, Lease
from store.domain.outbox import LEFT_STATES, NOT_SENT_BY_HAND, TERMINAL_STATES, OutboxState, RecipientResult, Submission, once_left
from store.domain.reply_events import DeliveryTold, ReceiptCame, ReplyBounced, ReplyScheduled


def _lease_taken(state: Conversation, event: LeaseTaken, recorded: Recorded) -> Conversation:
    own = state.lease is not None and state.lease.by == event.by
    return replace(
        state,
        lease=Lease(event.by, event.token, recorded.at, event.seen_revision, event.terminal),
        # On another terminal one goes on with one's own work: an empty composer still goes back to where that began.
        lease_before=state.lease_before if own else Before(state.status, state.owner, state.own_category),
        last_token_n=max(state.last_token_n, event.token.n),
        asked_by=None,
        asked_at=None,
    )


def _lease_gone(state: Conversation, event: LeaseReleased | LeaseLapsed, recorded: Recorded) -> Conversation:
    del event, recorded
    return replace(state, lease=None, lease_before=None, asked_by=None, asked_at=None)


def _lease_asked(state: Conversation, event: LeaseAsked, recorded: Recorded) -> Conversation:
    return replace(state, asked_by=event.by, asked_at=recorded.at)


def _queued(state: Conversation, event: ReplyQueued, recorded: Recorded) -> Conversation:
    by = event.by or recorded.by
    reply = Submission(
        id=event.submission_id,
        message_id=event.message_id,
        by=by,
        token=event.token,
        seen_revision=event.seen_revision,
        envelope=event.envelope,
        mime_sha256=event.mime_sha256,
        then_status=event.then_status,
        state=OutboxState.SCHEDULED if event.scheduled else OutboxState.QUEUED,
        send_at=event.send_at,
        answers=event.answers,
        then_category=event.then_category,
        queued_seq=recorded.seq,
        scheduled=event.scheduled,
        kind=event.kind,
        approvals=event.approvals,
        stages=event.stages,
        delivered=event.delivered,
    )
    return replace(
        state,
        lease=None,
        lease_before=None,
        asked_by=None,
        asked_at=None,
        claim=Claim(by, event.token, event.submission_id, recorded.at),
        submissions=(*state.submissions, reply),
        flags=unflagged(state.flags, TO_LOOK_AT),
    )


def _changed(state: Conversation, changed: Submission) -> Conversation:
    """With that submission in its old one's place; a claim ends with it."""
    ends = changed.state in TERMINAL_STATES and state.claim is not None and state.claim.submission_id == changed.id
    return replace(
        state,
        submissions=tuple(changed if reply.id == changed.id else reply for reply in state.submissions),
        claim=None if ends else state.claim,
    )


def _find(state: Conversation, submission_id: SubmissionId) -> Submission | None:
    return next((reply for reply in state.submissions if reply.id == submission_id), None)


def _held(state: Conversation, event: ReplyHeld, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    if reply is None:
        return state
    return replace(_changed(state, replace(reply, state=OutboxState.HELD, why=event.why)), flags=flagged(state.flags, "held"))


def _released(state: Conversation, event: ReplyReleased, recorded: Recorded) -> Conversation:
    reply = _find(state, event.submission_id)
    if reply is None:
        return state
    waits = OutboxState.SCHEDULED if reply.scheduled and event.send_at > recorded.at else OutboxState.QUEUED
    again = replace(reply, state=waits, why="", seen_revision=event.seen_revision, send_at=event.send_at)
    return replace(_changed(state, again), flags=unflagged(state.flags, ("held",)))


def _cancelled(state: Conversation, event: ReplyCancelled, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    if reply is None:
        return state
    return replace(_changed(state, replace(reply, state=OutboxState.CANCELLED, why="")), flags=unflagged(state.flags, ("held",)))


def _sending(state: Conversation, event: ReplySending, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    if reply is None:
        return state
    going = replace(reply, state=OutboxState.SENDING, why="", attempts=event.attempt)
    return replace(_changed(state, going), flags=unflagged(state.flags, ("held",)))


def _outcome(state: Conversation, event: ReplyOutcome, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    if reply is None:
        return state
    now = replace(
        reply,
        state=event.state,
        results=_merged(reply.results, event.results),
        why=event.why,
        send_at=event.retry_at or reply.send_at,
    )
    flags = unflagged(state.flags, ("held",))
    if event.state in LEFT_STATES:
        return _left(replace(state, flags=flags), now)
    if event.state in {OutboxState.REFUSED, OutboxState.UNKNOWN}:
        flags = flagged(flags, event.state.value)
    return replace(_changed(state, now), flags=flags)


def _merged(old: tuple[RecipientResult, ...], new: tuple[RecipientResult, ...]) -> tuple[RecipientResult, ...]:
    """Each recipient's newest result: a second attempt speaks only of those deferred by the first.

    A bounce may be here before the outcome is written down: whoever was found not to have it does not get it by having been accepted.
    """
    bounced = {result.address for result in old if result.bounced}
    later = (result for result in new if result.bounced or result.address not in bounced)
    return tuple({result.address: result for result in (*old, *later)}.values())


def _left(state: Conversation, reply: Submission) -> Conversation:
    """The reply is out: what it answers is answered, and what asked for a look has had one. What was passed on answers nothing."""
    target = next((message for message in state.messages if message.inbound and message.message_id == reply.answers), None)
    up_to = target.revision if target else reply.seen_revision
    messages = state.messages if reply.kind in PASSES_ON else answered_by(reply.message_id, state.messages, up_to)
    return replace(
        _changed(state, replace(reply, sent_revision=state.revision)),
        messages=messages,
        flags=unflagged(state.flags, ("unknown", "refused")),
    )


def _settled(state: Conversation, event: ReplySettled, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    if reply is None:
        return state
    state = replace(state, flags=unflagged(state.flags, ("unknown", "held")))
    if not event.sent:
        return _changed(state, replace(reply, state=OutboxState.CANCELLED, why=NOT_SENT_BY_HAND))
    left = once_left(reply, event.how)
    return _left(state, left) if left.state in LEFT_STATES else _changed(state, left)


def _filed(state: Conversation, event: ReplyFiled, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    return state if reply is None else _changed(state, replace(reply, filed=True))


def _scheduled(state: Conversation, event: ReplyScheduled, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    if reply is None:
        return state
    waits = OutboxState.QUEUED if event.at_once else OutboxState.SCHEDULED
    return _changed(state, replace(reply, state=waits, why="", send_at=event.send_at, scheduled=not event.at_once))


def _bounced(state: Conversation, event: ReplyBounced, recorded: Recorded) -> Conversation:
    del recorded
    reply = _find(state, event.submission_id)
    return state if reply is None else _changed(state, replace(reply, results=_merged(reply.results, event.results)))


REPLY_STEPS: dict[type[Event], Step] = dict(
    (
        on(LeaseTaken, _lease_taken),
        on(LeaseReleased, _lease_gone),
        on(LeaseLapsed, _lease_gone),
        on(LeaseAsked, _lease_asked),
        on(ReplyQueued, _queued),
        on(ReplyHeld, _held),
        on(ReplyReleased, _released),
        on(ReplyCancelled, _cancelled),
        on(ReplySending, _sending),
        on(ReplyOutcome, _outcome),
        on(ReplySettled, _settled),
        on(ReplyFiled, _filed),
        on(ReplyBounced, _bounced),
        on(DeliveryTold, lambda state, _event, _recorded: state),
        on(ReceiptCame, lambda state, _event, _recorded: state),
        on(ReplyScheduled, _scheduled),
    )
)
