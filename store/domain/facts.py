"""What a conversation holds besides its state: messages and comments, as the team must know them."""

from datetime import datetime

import msgspec

from store.domain.ids import CommentId, MemberKey, MessageId, Revision, Seq, SubmissionId
from store.domain.message import Kind
from store.domain.thread_evidence import ThreadEvidence


class MessageFact(msgspec.Struct, frozen=True):
    """What the team must know of a message; its text is in the mailbox."""

    message_id: MessageId
    revision: Revision
    inbound: bool
    kind: Kind
    from_name: str
    from_address: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime
    content_sha256: str
    submission_id: SubmissionId | None = None
    """Set when it is one of our own replies coming back from Sent."""
    answered_by: MessageId | None = None
    new_sender: bool = False
    """From somebody who was no participant, and does not become one by writing."""
    answered_outside: bool = False
    evidence: ThreadEvidence | None = None
    """Why it is here; None: journaled before that was kept."""


class Follower(msgspec.Struct, frozen=True):
    """Somebody who follows a conversation, by whose word, and whether they help without owning it."""

    member: MemberKey
    invited_by: MemberKey
    helping: bool = False


class Comment(msgspec.Struct, frozen=True):
    """Said to the team, never mailed."""

    id: CommentId
    revision: Revision
    seq: Seq
    by: MemberKey
    at: datetime
    text: str
    mentions: tuple[MemberKey, ...] = ()
