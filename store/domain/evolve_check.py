"""The steps of the fold that are about checks: the claim stands from the request to the decision, and goes over to the outbox."""

from msgspec.structs import replace

from store.domain.check import OVERDUE, Check, CheckState
from store.domain.conversation import Conversation
from store.domain.events import CheckApproved, CheckEdited, CheckOverdue, CheckRequested, CheckSentBack, CheckWithdrawn, Event, Recorded
from store.domain.evolve_steps import TO_LOOK_AT, Step, flagged, on, unflagged
from store.domain.ids import SubmissionId
from store.domain.lease import Claim


def _requested(state: Conversation, event: CheckRequested, recorded: Recorded) -> Conversation:
    reply, old = event.reply, state.check
    check = Check(
        by=recorded.by,
        since=recorded.at,
        reply=reply,
        frozen_sha256=event.frozen_sha256,
        stages=event.stages,
        hold_seconds=event.hold_seconds,
        note=event.note,
        why=event.why,
        limit_at=event.limit_at,
        seen_revision=reply.seen_revision,
        before=None if old is None else old.id if old.state is CheckState.SENT_BACK else old.before if old.state is CheckState.WITHDRAWN else None,
    )
    return replace(
        state,
        lease=None,
        lease_before=None,
        asked_by=None,
        asked_at=None,
        claim=Claim(recorded.by, reply.token, reply.submission_id, recorded.at),
        check=check,
        flags=unflagged(state.flags, TO_LOOK_AT),
    )


def _approved(state: Conversation, event: CheckApproved, recorded: Recorded) -> Conversation:
    check = state.check
    if check is None or check.id != event.submission_id:
        return state
    given = (*check.approvals, event.approval)
    over = len(given) >= check.stages
    after = replace(
        check,
        approvals=given,
        seen_revision=event.seen_revision,
        state=CheckState.APPROVED if over else check.state,
        ended_by=recorded.by if over else None,
    )
    return replace(state, check=after, flags=unflagged(state.flags, (OVERDUE,)) if over else state.flags)


def _overdue(state: Conversation, event: CheckOverdue, _recorded: Recorded) -> Conversation:
    check = state.check
    if check is None or check.id != event.submission_id:
        return state
    return replace(state, check=replace(check, overdue=True), flags=flagged(state.flags, OVERDUE))


def _over(state: Conversation, submission_id: SubmissionId, how: CheckState, recorded: Recorded, remark: str = "", kind: str = "") -> Conversation:
    check = state.check
    if check is None or check.id != submission_id:
        return state
    claim = None if state.claim is not None and state.claim.submission_id == submission_id else state.claim
    after = replace(check, state=how, ended_by=recorded.by, remark=remark, kind=kind)
    return replace(state, claim=claim, check=after, flags=unflagged(state.flags, (OVERDUE,)))


CHECK_STEPS: dict[type[Event], Step] = dict(
    (
        on(CheckRequested, _requested),
        on(CheckApproved, _approved),
        on(CheckOverdue, _overdue),
        on(CheckSentBack, lambda state, event, recorded: _over(state, event.submission_id, CheckState.SENT_BACK, recorded, event.remark, event.kind)),
        on(CheckWithdrawn, lambda state, event, recorded: _over(state, event.submission_id, CheckState.WITHDRAWN, recorded)),
        on(CheckEdited, lambda state, event, recorded: _over(state, event.submission_id, CheckState.EDITED, recorded)),
    )
)
