"""A reply that was handed over: what the outbox, and a check before it, hold of it."""

from datetime import datetime

from store.domain.approval import Approval
from store.domain.event import Event
from store.domain.ids import MemberKey, MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import Envelope
from store.domain.status import Category


class ReplyQueued(Event, frozen=True, tag=True):
    """A reply passed the fence for the first time; the lease is a claim from here."""

    submission_id: SubmissionId
    message_id: MessageId
    token: Token
    seen_revision: Revision
    envelope: Envelope
    mime_sha256: str
    then_status: StatusKey
    send_at: datetime
    answers: MessageId | None = None
    then_category: Category | None = None
    """Of `then_status`, where that is one of the team's own."""
    by: MemberKey | None = None
    """Whose reply it is, where a checker's yes queued it; None: of whoever said the event."""
    approvals: tuple[Approval, ...] = ()
    stages: int = 0
    """How many yeses it needed when it was handed over; 0: none."""
