"""What is asked for about the time of a reply that was handed over: by an agent, and by the outbox."""

from datetime import datetime

from store.domain.command import Command
from store.domain.ids import SubmissionId


class ScheduleReply(Command, frozen=True, kw_only=True, tag=True):
    """Send a reply that waits at another time, or at once: in its hold, scheduled, or deferred by the mail server. It passes the fence then."""

    submission_id: SubmissionId
    send_at: datetime | None = None
    """Aware; None: now."""


class PostponeReply(Command, frozen=True, kw_only=True, tag=True):
    """The outbox may not send it yet, though it is due: the provider takes so many mails in a time. No attempt was made."""

    submission_id: SubmissionId
    until: datetime
