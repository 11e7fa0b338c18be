"""A reply in work."""

from datetime import datetime

import msgspec

from store.domain.ids import ConversationId, Revision, StatusKey, SubmissionId
from store.domain.template import Inserted


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A reply in work, as the composer saves it every 5 s: locally, and as the body of `PUT /v1/drafts` at the server."""

    conversation_id: ConversationId
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    attachments: tuple[str, ...] = ()
    """Paths on the agent's machine."""
    answers: str | None = None
    """The Message-ID it replies to."""
    seen_revision: Revision = Revision(0)
    then_status: StatusKey = StatusKey("done")
    template: str | None = None
    saved_at: datetime | None = None
    submission_id: SubmissionId | None = None
    """Set while it is in the outbox: the text is kept until the mail is accepted."""
    inserted: tuple[Inserted, ...] = ()
    """The templates in the text, with the version and the words that were put in; `template` is the last one's key."""
    left_empty: tuple[str, ...] = ()
    """Placeholders that the agent wants to go out as they stand."""
