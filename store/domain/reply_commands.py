"""Handing a frozen reply over."""

from datetime import datetime

from store.domain.command import Command
from store.domain.draft_kind import DraftKind
from store.domain.ids import MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import Envelope
from store.domain.status import DONE
from store.domain.template import TemplateRef


class SubmitReply(Command, frozen=True, kw_only=True, tag=True):
    """Hand over a frozen reply. Passes the fence, turns the lease into a claim and waits out its hold."""

    submission_id: SubmissionId
    message_id: MessageId
    envelope: Envelope
    mime: bytes
    seen_revision: Revision
    token: Token | None
    """None: written offline, without a lease; the server takes one in the same stroke if it is free."""
    hold_seconds: float = 20.0
    then_status: StatusKey = DONE
    answers: MessageId | None = None
    terminal: str = ""
    send_at: datetime | None = None
    """Aware; None: once its hold is over."""
    kind: DraftKind = DraftKind.REPLY
    templates: tuple[TemplateRef, ...] = ()
    """What its text was made with; an old version, or a withdrawn one, is refused."""
    delivered: bool | None = None
    """As `Draft.delivered`."""
