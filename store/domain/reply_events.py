"""What happens to a reply beside its way out: somebody chooses another time for it, or a bounce says who did not get it."""

from datetime import datetime

from store.domain.event import Event
from store.domain.ids import MessageId, SubmissionId
from store.domain.outbox import RecipientResult


class ReplyBounced(Event, frozen=True, tag=True):
    """A bounce says who did not get a reply of ours; `results` holds those recipients of it, refused, with the reason as it was told."""

    submission_id: SubmissionId
    bounce: MessageId
    """The message that says so."""
    results: tuple[RecipientResult, ...]


class ReplyScheduled(Event, frozen=True, tag=True):
    """Somebody chose when it leaves. `at_once`: now, instead of a time or of the next try."""

    submission_id: SubmissionId
    send_at: datetime
    at_once: bool = False
