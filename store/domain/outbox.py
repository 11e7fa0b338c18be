"""What waits to be sent: the states of a submission and of each of its recipients (conversations.md, rule 9)."""

from datetime import datetime
from enum import StrEnum

import msgspec

from store.domain.approval import Approval
from store.domain.draft_kind import DraftKind
from store.domain.ids import MemberKey, MessageId, Revision, Seq, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.status import Category


class OutboxState(StrEnum):
    """Where one submission stands."""

    SCHEDULED = "scheduled"
    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


TERMINAL_STATES = frozenset({OutboxState.ACCEPTED, OutboxState.PARTLY_ACCEPTED, OutboxState.REFUSED, OutboxState.CANCELLED})
"""Nothing more will happen to these."""

NOT_OVER_STATES = tuple(state for state in OutboxState if state not in TERMINAL_STATES)
"""Something will, or somebody has to decide."""

LEFT_STATES = frozenset({OutboxState.ACCEPTED, OutboxState.PARTLY_ACCEPTED})
"""The mail server has taken it, for somebody at least."""

STILL_HERE_STATES = frozenset({OutboxState.SCHEDULED, OutboxState.QUEUED, OutboxState.HELD, OutboxState.DEFERRED})
"""No ticket is out: it can be held or taken back."""


class RecipientResult(msgspec.Struct, frozen=True):
    """What the SMTP server said of one recipient. `state` is accepted, deferred or refused; `reply` its own words."""

    address: str
    state: OutboxState
    code: int
    reply: str
    bounced: bool = False
    """It was taken, and came back later; then `reply` is what the bounce says."""


class Envelope(msgspec.Struct, frozen=True):
    """RFC 5321's envelope, frozen with the text: nothing can be added to it later."""

    mail_from: str
    rcpt_to: tuple[str, ...]


class Submission(msgspec.Struct, frozen=True):
    """One reply on its way, as the conversation knows it; the MIME itself lies at the server, beside the journal."""

    id: SubmissionId
    message_id: MessageId
    by: MemberKey
    token: Token
    seen_revision: Revision
    envelope: Envelope
    mime_sha256: str
    then_status: StatusKey
    state: OutboxState
    send_at: datetime
    """End of the hold, by the server's clock; of a deferred one, when it may be tried again."""
    answers: MessageId | None = None
    """The inbound message this answers."""
    then_category: Category | None = None
    """Of `then_status`, where that is one of the team's own."""
    results: tuple[RecipientResult, ...] = ()
    why: str = ""
    """Held, deferred, refused, unknown: the reason, in words or as a key of `store.domain.refusals`."""
    filed: bool = False
    """True once a copy lies in Sent."""
    attempts: int = 0
    """How many tickets it was given."""
    queued_seq: Seq = Seq(0)
    """The journal position at which it was handed over; 0 while only predicted."""
    sent_revision: Revision = Revision(0)
    """The conversation's revision at which it was known to have left; 0: it has not."""
    scheduled: bool = False
    """Somebody chose its time."""
    kind: DraftKind = DraftKind.REPLY
    approvals: tuple[Approval, ...] = ()
    stages: int = 0
    """How many yeses it needed when it was handed over; 0: none."""
