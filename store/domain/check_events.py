"""What happened to a reply that somebody else must read first, and which replies those are."""

from datetime import datetime

from store.domain.approval import Approval
from store.domain.check_policy import CheckPolicy
from store.domain.event import Event
from store.domain.ids import Revision, SubmissionId
from store.domain.reply_events import ReplyQueued


class CheckRequested(Event, frozen=True, tag=True):
    """A reply was frozen for a check; the lease is a claim from here. `reply`: as it will be queued, but for its time and its approvals."""

    reply: ReplyQueued
    frozen_sha256: str
    stages: int
    hold_seconds: float = 0.0
    note: str = ""
    why: tuple[str, ...] = ()
    """The rules that ask for it, by their keys; empty: its drafter wished for it."""
    limit_at: datetime | None = None
    """By when somebody should have read it."""


class CheckApproved(Event, frozen=True, tag=True):
    """A checker's yes to one stage. After the last one the reply is queued in the same stroke."""

    submission_id: SubmissionId
    approval: Approval
    seen_revision: Revision


class CheckSentBack(Event, frozen=True, tag=True):
    """A checker's no: the drafter writes on. `kind`: of which sort the remark is, "" for none."""

    submission_id: SubmissionId
    remark: str
    kind: str = ""


class CheckWithdrawn(Event, frozen=True, tag=True):
    """Its drafter, or a leader, took it back before it was decided."""

    submission_id: SubmissionId


class CheckEdited(Event, frozen=True, tag=True):
    """A checker writes it anew: what was frozen is over, and the text is theirs from here."""

    submission_id: SubmissionId


class CheckOverdue(Event, frozen=True, tag=True):
    """Nobody has decided it within its limit; those who lead are told."""

    submission_id: SubmissionId


class CheckPolicySaved(Event, frozen=True, tag=True):
    """Which replies need a check, and who checks, from now on."""

    policy: CheckPolicy
