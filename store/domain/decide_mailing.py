"""The rules of a mailing: who may start, approve, begin, pause and end one. Pure; never raises, whatever a client says."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from store.domain.approval import Approval, may_still_approve
from store.domain.asked_checks import may_read_checks, not_a_remark
from store.domain.context import LEADING
from store.domain.mailing import MOST_PER_MINUTE, NOT_HANDED_IN, OVER, Mailing, MailingState
from store.domain.mailing_check import MAY_SEND, Today, check_of, counted
from store.domain.mailing_commands import (
    AnyMailingCommand,
    ApprovalMissing,
    ApproveMailing,
    BeginMailing,
    CancelMailing,
    FinishMailing,
    HandInMailing,
    MailingChanged,
    MailingRefusal,
    MailingStands,
    OwnMailing,
    PauseMailing,
    ResumeMailing,
    SendBackMailing,
    StartMailing,
)
from store.domain.mailing_events import MailingMoved
from store.domain.mailing_recipients import MOST_ROWS
from store.domain.people import SERVER, Member, Role
from store.domain.refusals import Malformed, NotAllowed, NotOwnCheck

MAY_WRITE = MAY_SEND | {Role.CHECKED}
LONGEST_NAME = 200


class MailingContext(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, with the role that counts in the mailing's inbox, and what only the server knows."""

    actor: Member
    now: datetime
    epoch: int = 1
    there: int = 0
    """Rows that are at the server."""
    sha256: str = ""
    """Their hash; asked for when it is handed in."""
    today: Today = Today()
    """Who is here, and the rules of the house."""


MailingDecision = MailingMoved | MailingRefusal | None
"""None: taken, and nothing changed."""


def decide_mailing(mailing: Mailing | None, command: AnyMailingCommand, context: MailingContext) -> MailingDecision:
    """What a command comes to; `mailing` None: there is none of that id."""
    if (refusal := _not_theirs(command, context)) is not None:
        return refusal
    if isinstance(command, StartMailing):
        return _start(mailing, command, context)
    if mailing is None:
        return MailingStands("")
    decision: MailingDecision
    match command:
        case HandInMailing():
            decision = _hand_in(mailing, command, context)
        case ApproveMailing():
            decision = _approve(mailing, command, context)
        case SendBackMailing():
            decision = _send_back(mailing, command, context)
        case BeginMailing():
            decision = _begin(mailing, context)
        case PauseMailing():
            decision = _pause(mailing, command, context)
        case ResumeMailing():
            decision = _resume(mailing, command, context)
        case CancelMailing():
            decision = _cancel(mailing, context)
        case FinishMailing():
            decision = _finish(mailing, context)
    return decision


def _not_theirs(command: AnyMailingCommand, context: MailingContext) -> MailingRefusal | None:
    if context.actor.key == SERVER:
        return None
    if not context.actor.active:
        return NotAllowed("admin")
    if isinstance(command, FinishMailing):
        return Malformed("only the server itself says FinishMailing")
    return None if context.actor.role in MAY_WRITE else NotAllowed("reply_right")


def _start(mailing: Mailing | None, command: StartMailing, context: MailingContext) -> MailingDecision:
    if mailing is not None and (mailing.by, mailing.inbox) != (context.actor.key, command.inbox):
        return MailingStands(mailing.state)
    if mailing is not None and not mailing.takes_rows:
        # Begun before: the same table and text. But who starts what a checker sent back has other rows to hand in, and some may have left.
        return MailingStands(mailing.state) if mailing.state is MailingState.SENT_BACK else None
    if not 0 < command.rows <= MOST_ROWS or not 0 < command.per_minute <= MOST_PER_MINUTE:
        return Malformed("`rows` or `per_minute` is out of range")
    if not command.mailing_id or not 0 < len(command.name.strip()) <= LONGEST_NAME:
        return Malformed("a mailing needs an id and a name")
    made = Mailing(
        id=command.mailing_id,
        inbox=command.inbox,
        name=command.name.strip(),
        by=context.actor.key,
        rows=command.rows,
        per_minute=command.per_minute,
        # Whole seconds: a Date header has no more.
        started_at=context.now.replace(microsecond=0),
        template=command.template,
        template_version=command.template_version,
        ask_approval=command.ask_approval,
    )
    made = replace(made, ask_approval=check_of(made, context.today).stages > 0)
    if mailing is not None:
        # Its rows are still on their way, and may have become others since: a stricter check, another pace.
        made = replace(made, started_at=mailing.started_at)
        return None if made == mailing else MailingMoved(made, "started")
    return MailingMoved(made, "started")


def _hand_in(mailing: Mailing, command: HandInMailing, context: MailingContext) -> MailingDecision:
    if mailing.state not in NOT_HANDED_IN:
        return None if mailing.sha256 == command.sha256 else MailingStands(mailing.state)
    if mailing.by != context.actor.key:
        return NotAllowed("author")
    if context.there != mailing.rows or context.sha256 != command.sha256:
        return MailingChanged(context.sha256)
    # What was begun before a checker said no stays begun: a leader or its maker resumes it.
    state = MailingState.WAITING if mailing.begun_at is None else MailingState.PAUSED
    return MailingMoved(replace(mailing, state=state, sha256=command.sha256, sent_back_by=None, remark="", why=""), "handed_in")


def _approve(mailing: Mailing, command: ApproveMailing, context: MailingContext) -> MailingDecision:
    if (refusal := _not_checking(mailing, context)) is not None:
        return refusal
    if mailing.subject.frozen_sha256 != command.sha256 or mailing.sha256 != context.sha256:
        return MailingChanged(mailing.subject.frozen_sha256)
    check, me = check_of(mailing, context.today), context.actor.key
    # Who makes a mailing that needs no yes may wish for one all the same.
    if not may_still_approve(mailing.by, counted(mailing, context.today), me) or check.stage > max(1, check.stages):
        return None
    approval = Approval(mailing.subject, me, context.now, check.stage)
    return MailingMoved(replace(mailing, approvals=(*mailing.approvals, approval)), "approved")


def _not_checking(mailing: Mailing, context: MailingContext) -> MailingRefusal | None:
    """Why whoever asks can say neither yes nor no to it."""
    if mailing.state not in {MailingState.WAITING, MailingState.PAUSED}:
        return MailingStands(mailing.state)
    if mailing.by == context.actor.key:
        return OwnMailing()
    may = may_read_checks(context.actor.role, context.actor.key, context.today.policy)
    return None if may else NotAllowed("checker")


def _send_back(mailing: Mailing, command: SendBackMailing, context: MailingContext) -> MailingDecision:
    """Every yes so far is void: what is handed in then, changed or not, is read from the first stage."""
    me = context.actor.key
    if mailing.state is MailingState.SENT_BACK and (mailing.sent_back_by, mailing.remark) == (me, command.remark.strip()):
        return None
    if (refusal := _not_checking(mailing, context) or not_a_remark(command.remark)) is not None:
        return refusal
    check = check_of(mailing, context.today)
    if not check.waits:
        return MailingStands(mailing.state)
    if not may_still_approve(mailing.by, counted(mailing, context.today), me):
        return NotOwnCheck(me)
    moved = replace(mailing, state=MailingState.SENT_BACK, approvals=(), sent_back_by=me, remark=command.remark.strip(), why="")
    return MailingMoved(moved, "sent_back")


def _begin(mailing: Mailing, context: MailingContext) -> MailingDecision:
    if mailing.state is MailingState.RUNNING:
        return None
    if mailing.state is not MailingState.WAITING:
        return MailingStands(mailing.state)
    return _let_run(mailing, context, "begun")


def _resume(mailing: Mailing, command: ResumeMailing, context: MailingContext) -> MailingDecision:
    if mailing.state is MailingState.RUNNING and not command.per_minute:
        return None
    if mailing.state not in {MailingState.PAUSED, MailingState.RUNNING}:
        return MailingStands(mailing.state)
    if not 0 <= command.per_minute <= MOST_PER_MINUTE:
        return Malformed("`per_minute` is out of range")
    return _let_run(replace(mailing, per_minute=command.per_minute or mailing.per_minute), context, "resumed")


def _let_run(mailing: Mailing, context: MailingContext, how: str) -> MailingDecision:
    """In its maker's name; whoever's mails are checked cannot let this one go alone either."""
    if mailing.by != context.actor.key and context.actor.role not in LEADING:
        return NotAllowed("leader")
    if check_of(mailing, context.today).waits:
        return ApprovalMissing()
    begun_at = mailing.begun_at or context.now
    return MailingMoved(replace(mailing, state=MailingState.RUNNING, sender=mailing.by, begun_at=begun_at, epoch=context.epoch, why=""), how)


def _pause(mailing: Mailing, command: PauseMailing, context: MailingContext) -> MailingDecision:
    if mailing.state is MailingState.PAUSED:
        return None
    if mailing.state is not MailingState.RUNNING:
        return MailingStands(mailing.state)
    why = command.why if context.actor.key == SERVER else ""
    return MailingMoved(replace(mailing, state=MailingState.PAUSED, why=why), "paused")


def _cancel(mailing: Mailing, context: MailingContext) -> MailingDecision:
    if mailing.state in OVER:
        return None if mailing.state is MailingState.CANCELLED else MailingStands(mailing.state)
    if mailing.by != context.actor.key and context.actor.role not in LEADING:
        return NotAllowed("leader")
    return MailingMoved(replace(mailing, state=MailingState.CANCELLED, ended_at=context.now), "cancelled")


def _finish(mailing: Mailing, context: MailingContext) -> MailingDecision:
    if mailing.state is not MailingState.RUNNING:
        return None if mailing.state is MailingState.FINISHED else MailingStands(mailing.state)
    return MailingMoved(replace(mailing, state=MailingState.FINISHED, ended_at=context.now), "finished")
