"""What a conversation holds besides its state: messages and comments, as the team must know them."""

from datetime import datetime

import msgspec

from store.domain.comment_files import CommentFile
from store.domain.ids import CommentId, ConversationId, GroupKey, InboxKey, MemberKey, MessageId, Revision, Seq, SubmissionId
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
    came_from: ConversationId | None = None
    """The conversation it was in before a merge or a split; None: it has always been here."""
    inbox: InboxKey = InboxKey("")
    """In whose mailboxes it lies: moving the conversation to another inbox moves no mail."""


class Follower(msgspec.Struct, frozen=True):
    """Somebody who follows a conversation, by whose word, and whether they help without owning it."""

    member: MemberKey
    invited_by: MemberKey
    helping: bool = False


class Woken(msgspec.Struct, frozen=True):
    """A hold that ended by itself: at which revision, when, who is told, and what ended it (`wake_time customer_wrote bounced`)."""

    revision: Revision
    at: datetime
    told: MemberKey
    why: str


class Edit(msgspec.Struct, frozen=True):
    """What a comment said until `at`."""

    at: datetime
    text: str


class Reaction(msgspec.Struct, frozen=True):
    """A sign that somebody put on a comment."""

    by: MemberKey
    sign: str


class Comment(msgspec.Struct, frozen=True):
    """Said to the team, never mailed."""

    id: CommentId
    revision: Revision
    seq: Seq
    by: MemberKey
    at: datetime
    text: str
    mentions: tuple[MemberKey, ...] = ()
    groups: tuple[GroupKey, ...] = ()
    message_id: MessageId | None = None
    """The message it is about; None: the conversation."""
    reply_to: CommentId | None = None
    """The first comment of the thread it belongs to; None: it begins one."""
    edits: tuple[Edit, ...] = ()
    """What it said before, oldest first."""
    reactions: tuple[Reaction, ...] = ()
    files: tuple[CommentFile, ...] = ()
