"""A reply that was handed over: what the outbox, and a check before it, hold of it, each step until it left, and a bounce."""

from datetime import datetime

from store.domain.approval import Approval
from store.domain.draft_kind import DraftKind
from store.domain.event import Event
from store.domain.ids import MemberKey, MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import Envelope, OutboxState, RecipientResult
from store.domain.status import Category
from store.domain.template import TemplateRef


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
    scheduled: bool = False
    """Its sender chose the time."""
    kind: DraftKind = DraftKind.REPLY
    templates: tuple[TemplateRef, ...] = ()
    """What its text was made with."""
    by: MemberKey | None = None
    """Whose reply it is, where a checker's yes queued it; None: of whoever said the event."""
    approvals: tuple[Approval, ...] = ()
    stages: int = 0
    """How many yeses it needed when it was handed over; 0: none."""
    delivered: bool | None = None
    """As `Draft.delivered`."""


class ReplyBounced(Event, frozen=True, tag=True):
    """A bounce says who did not get a reply of ours; `results` holds those recipients of it, refused, with the reason as it was told."""

    submission_id: SubmissionId
    bounce: MessageId
    """The message that says so."""
    results: tuple[RecipientResult, ...]


class DeliveryTold(Event, frozen=True, tag=True):
    """A mail server says how far a reply of ours has come to somebody. Nothing follows: anybody can say so."""

    submission_id: SubmissionId
    report: MessageId
    """The message that says so."""
    recipient: str
    action: str
    """`delayed`, or one of `store.domain.message.ARRIVED` (RFC 3464 2.3.3)."""


class ReceiptCame(Event, frozen=True, tag=True):
    """A recipient's mail program says that a reply of ours was opened there, or thrown away unopened. Nothing follows: anybody can say so."""

    submission_id: SubmissionId
    receipt: MessageId
    """The message that says so."""
    recipient: str
    displayed: bool
    """False: deleted without having been opened."""


class ReplyScheduled(Event, frozen=True, tag=True):
    """Somebody chose when it leaves. `at_once`: now, instead of a time or of the next try."""

    submission_id: SubmissionId
    send_at: datetime
    at_once: bool = False


class ReplyHeld(Event, frozen=True, tag=True):
    """The fence stopped it: `new` names what came (message and comment ids), `why` is a key: `something_new imap_unreachable sender_left`."""

    submission_id: SubmissionId
    why: str
    new: tuple[str, ...] = ()


class ReplyReleased(Event, frozen=True, tag=True):
    """Its sender has seen what is new and sends all the same."""

    submission_id: SubmissionId
    seen_revision: Revision
    send_at: datetime


class ReplyCancelled(Event, frozen=True, tag=True):
    """Taken back before it left."""

    submission_id: SubmissionId


class ReplySending(Event, frozen=True, tag=True):
    """A ticket was issued; until its outcome is known there is no second one."""

    submission_id: SubmissionId
    attempt: int


class ReplyOutcome(Event, frozen=True, tag=True):
    """What became of a ticket."""

    submission_id: SubmissionId
    state: OutboxState
    results: tuple[RecipientResult, ...] = ()
    why: str = ""
    retry_at: datetime | None = None


class ReplySettled(Event, frozen=True, tag=True):
    """An unknown outcome was cleared up. `how`: `sent_copy bounce watcher person`."""

    submission_id: SubmissionId
    sent: bool
    how: str


class ReplyFiled(Event, frozen=True, tag=True):
    """A copy lies in Sent."""

    submission_id: SubmissionId
