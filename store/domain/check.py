"""A reply that waits for a checker, or did: as its conversation knows it. The bytes lie at the server, beside the journal."""

from datetime import datetime
from enum import StrEnum

import msgspec

from store.domain.approval import Approval, Subject, SubjectKind
from store.domain.ids import MemberKey, Revision, SubmissionId
from store.domain.reply_events import ReplyQueued

OVERDUE = "check_overdue"
"""The flag of a conversation whose check is past its limit."""


class CheckState(StrEnum):
    """Where a check stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    EDITED = "edited"


class Check(msgspec.Struct, frozen=True):
    """The newest one of a conversation; the earlier ones are in its journal."""

    by: MemberKey
    """The drafter."""
    since: datetime
    reply: ReplyQueued
    frozen_sha256: str
    stages: int
    state: CheckState = CheckState.WAITING
    hold_seconds: float = 0.0
    note: str = ""
    why: tuple[str, ...] = ()
    limit_at: datetime | None = None
    approvals: tuple[Approval, ...] = ()
    seen_revision: Revision = Revision(0)
    """The newest that its drafter or a checker who said yes has seen."""
    ended_by: MemberKey | None = None
    remark: str = ""
    kind: str = ""
    overdue: bool = False
    """Its limit has passed, and the team was told."""
    before: SubmissionId | None = None
    """The one that was sent back last in this conversation: what the drafter changed since is shown."""

    @property
    def id(self) -> SubmissionId:
        """The reply's."""
        return self.reply.submission_id

    @property
    def subject(self) -> Subject:
        """What an approval of it speaks of."""
        return Subject(SubjectKind.REPLY, self.id, self.frozen_sha256)

    @property
    def stage(self) -> int:
        """Which yes is waited for, from 1."""
        return len(self.approvals) + 1

    def next_limit(self) -> datetime | None:
        """By when somebody should have read it; None: there is no limit, or it has passed and was told of."""
        return self.limit_at if self.waits and not self.overdue else None

    @property
    def waits(self) -> bool:
        """Whether it is not decided."""
        return self.state is CheckState.WAITING
