"""What waits to be sent: the states of a submission and of each of its recipients (conversations.md, rule 9)."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

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
    """What the SMTP server said of one recipient. `state` is accepted, deferred, refused or, where the line broke, unknown; `reply` its own words."""

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
    delivered: bool | None = None
    """As `Draft.delivered`."""


NO_REPORTS = "no_delivery_reports"
"""It left, but the mail server does not tell of arrivals, as was wished for this mail."""
NOT_SENT_BY_HAND = "not_sent"
"""Somebody found out that it had not left."""


def in_doubt(results: tuple[RecipientResult, ...]) -> tuple[RecipientResult, ...]:
    """As it stands when nobody knows what came of an attempt: whoever was to be asked again may have it now."""
    return tuple(RecipientResult(one.address, OutboxState.UNKNOWN, 0, one.reply) if one.state is OutboxState.DEFERRED else one for one in results)


def doubtful(reply: Submission) -> frozenset[str]:
    """Those of whom nothing definite was said."""
    told = {result.address for result in reply.results if result.state is not OutboxState.UNKNOWN}
    return frozenset(reply.envelope.rcpt_to) - told


def has_left_in_part(reply: Submission) -> bool:
    """Whether somebody is known to have it, and somebody not: a copy in Sent may be of the first, and proves nothing of the others."""
    had = any(result.state is OutboxState.ACCEPTED or result.bounced for result in reply.results)
    return had and (bool(doubtful(reply)) or any(result.state is OutboxState.DEFERRED for result in reply.results))


def once_left(reply: Submission, how: str) -> Submission:
    """It is known now to have left. Of an unknown one only those in doubt got it: who was refused has not, who was deferred is asked again."""
    if reply.state is not OutboxState.UNKNOWN:
        return replace(reply, state=OutboxState.ACCEPTED, why=how)
    # Somebody must have it: where there is none of whom nothing was said, it was somebody who was to be asked again.
    told = reply.results if doubtful(reply) else in_doubt(reply.results)
    results = _become(told, OutboxState.UNKNOWN, OutboxState.ACCEPTED, "")
    said = {result.state for result in results if not result.bounced}
    state = (
        OutboxState.DEFERRED if OutboxState.DEFERRED in said else OutboxState.PARTLY_ACCEPTED if OutboxState.REFUSED in said else OutboxState.ACCEPTED
    )
    return replace(reply, state=state, results=results, why=how)


def given_up(results: tuple[RecipientResult, ...]) -> tuple[RecipientResult, ...]:
    """Whoever has not got it will not get it any more."""
    for state in (OutboxState.UNKNOWN, OutboxState.DEFERRED):
        results = _become(results, state, OutboxState.REFUSED, NOT_SENT_BY_HAND)
    return results


def _become(results: tuple[RecipientResult, ...], before: OutboxState, after: OutboxState, reply: str) -> tuple[RecipientResult, ...]:
    return tuple(RecipientResult(one.address, after, 0, reply) if one.state is before else one for one in results)
