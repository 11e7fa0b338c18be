"""A reply in work."""

from datetime import datetime

import msgspec

from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, InboxKey, MessageId, Revision, StatusKey, SubmissionId
from store.domain.template import Inserted


class Carried(msgspec.Struct, frozen=True):
    """An attachment of a mail that was received, which goes along. Only named here: its bytes are fetched when the draft is frozen."""

    message_id: MessageId
    part: str
    """As in `store.domain.message.Attachment`."""
    name: str
    content_type: str
    size_bytes: int


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
    kind: DraftKind = DraftKind.REPLY
    inbox: InboxKey = InboxKey("")
    """Of a new mail, whose conversation the server does not know yet; "": its conversation's."""
    from_address: str = ""
    """Which of the inbox's own addresses it is from; "": the first."""
    passes_on: MessageId | None = None
    """Of a forward or a redirect: the message."""
    carried: tuple[Carried, ...] = ()
    """Attachments of that message, or of others in the conversation, that go along."""
    inserted: tuple[Inserted, ...] = ()
    """The templates in the text, with the version and the words that were put in; `template` is the last one's key."""
    left_empty: tuple[str, ...] = ()
    """Placeholders that the agent wants to go out as they stand."""
    receipt: bool | None = None
    """Whether a receipt is asked for; None: as the inbox does."""
    delivered: bool | None = None
    """Whether the mail servers are asked to say that it arrived (RFC 3461); None: as the inbox does."""
    utf_8: bool = False
    """Its writer has said that it goes in UTF-8 where the charset meant for the recipient does not have all of it."""
