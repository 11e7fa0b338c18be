"""What happened. Past tense; a conversation is the fold of these (`store.domain.evolve`), at the server and in every mirror."""

from datetime import datetime

import msgspec

from store.domain.check_events import CheckApproved, CheckEdited, CheckOverdue, CheckPolicySaved, CheckRequested, CheckSentBack, CheckWithdrawn
from store.domain.event import Event
from store.domain.ids import (
    CommandKey,
    ConversationId,
    InboxKey,
    MemberKey,
    MessageId,
    Seq,
    ThreadKey,
)
from store.domain.lease_events import LeaseAsked, LeaseLapsed, LeaseReleased, LeaseTaken
from store.domain.link_events import (
    ConversationAbsorbed,
    ConversationMerged,
    ConversationMovedIn,
    ConversationParted,
    ConversationRestored,
    InboxChanged,
    MergeWaits,
    MessagesJoined,
    MessagesLeft,
)
from store.domain.mailing_events import MailingMoved, SuppressionChanged
from store.domain.message import Kind
from store.domain.people import Member
from store.domain.reply_events import (
    DeliveryTold,
    ReceiptCame,
    ReplyBounced,
    ReplyCancelled,
    ReplyFiled,
    ReplyHeld,
    ReplyOutcome,
    ReplyQueued,
    ReplyReleased,
    ReplyScheduled,
    ReplySending,
    ReplySettled,
)
from store.domain.start_events import ConversationStarted
from store.domain.talk_events import CommentAdded, CommentEdited, CommentReacted, CommentRemoved, CommentRestored
from store.domain.team_events import AbsenceSet, FieldSaved, GroupSaved, StatusSaved, ViewSaved
from store.domain.template import Template
from store.domain.thread_evidence import ThreadEvidence
from store.domain.word_events import WordSaved
from store.domain.work_events import (
    DueSet,
    FolderChanged,
    FollowerAdded,
    FollowerRemoved,
    OwnerChanged,
    OwnerSuggested,
    StatusChanged,
    TagsChanged,
    UrgencyChanged,
)

__all__ = [
    "AbsenceSet",
    "AnyEvent",
    "CheckApproved",
    "CheckEdited",
    "CheckOverdue",
    "CheckPolicySaved",
    "CheckRequested",
    "CheckSentBack",
    "CheckWithdrawn",
    "CommentAdded",
    "CommentEdited",
    "CommentReacted",
    "CommentRemoved",
    "CommentRestored",
    "ConversationAbsorbed",
    "ConversationEvent",
    "ConversationMerged",
    "ConversationMovedIn",
    "ConversationOpened",
    "ConversationParted",
    "ConversationRestored",
    "ConversationStarted",
    "DueSet",
    "Event",
    "FieldSaved",
    "FolderChanged",
    "FollowerAdded",
    "FollowerRemoved",
    "GroupSaved",
    "InboxChanged",
    "LeaseAsked",
    "LeaseLapsed",
    "LeaseReleased",
    "LeaseTaken",
    "MailingMoved",
    "MemberChanged",
    "MergeWaits",
    "MessageArrived",
    "MessagesJoined",
    "MessagesLeft",
    "OwnerChanged",
    "OwnerSuggested",
    "Recorded",
    "ReplyCancelled",
    "ReplyFiled",
    "ReplyHeld",
    "ReplyOutcome",
    "ReplyQueued",
    "ReplyReleased",
    "ReplySending",
    "ReplySettled",
    "StatusChanged",
    "StatusSaved",
    "SuppressionChanged",
    "TagsChanged",
    "TeamEvent",
    "TemplateSaved",
    "UrgencyChanged",
    "ViewSaved",
    "WordSaved",
]


class ConversationOpened(Event, frozen=True, tag=True):
    """The first event of every conversation."""

    number: int
    inbox: InboxKey
    thread_key: ThreadKey
    follow_up_of: ConversationId | None = None
    reply_token: str = ""
    """What its replies' Message-IDs are to bear (`store.domain.own_id`)."""
    split_from: ConversationId | None = None


class MessageArrived(Event, frozen=True, tag=True):
    """A message of this conversation lies in the shared mailbox."""

    message_id: MessageId
    content_sha256: str
    inbound: bool
    kind: Kind
    from_name: str
    from_address: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime
    new_sender: bool = False
    """From somebody who was no participant; never put into the recipients by itself."""
    answered_outside: bool = False
    """In Sent, and not one of ours: somebody answered with another program."""
    bounce_of: MessageId | None = None
    """The message of ours that this one says could not be delivered."""
    evidence: ThreadEvidence | None = None
    """Why it is in this conversation."""
    inbox: InboxKey = InboxKey("")
    """In whose mailboxes it lies, where its conversation has moved to another inbox; "": the conversation's own."""


class LegalHoldChanged(Event, frozen=True, tag=True):
    """It must be kept whatever anybody erases, or need not any more."""

    on: bool
    reason: str = ""


class PayloadErased(Event, frozen=True, tag=True):
    """All that people wrote here up to now is gone, here and in every mirror. `why`: `erasure retention`; `erasure` names the order."""

    erasure: str
    why: str


ConversationEvent = (
    ConversationOpened
    | ConversationStarted
    | MessageArrived
    | ConversationMerged
    | ConversationAbsorbed
    | MergeWaits
    | ConversationParted
    | ConversationRestored
    | MessagesLeft
    | MessagesJoined
    | InboxChanged
    | ConversationMovedIn
    | StatusChanged
    | OwnerChanged
    | OwnerSuggested
    | UrgencyChanged
    | TagsChanged
    | FolderChanged
    | DueSet
    | FollowerAdded
    | FollowerRemoved
    | LeaseTaken
    | LeaseReleased
    | LeaseLapsed
    | LeaseAsked
    | CommentAdded
    | CommentRemoved
    | CommentEdited
    | CommentRestored
    | CommentReacted
    | CheckRequested
    | CheckApproved
    | CheckSentBack
    | CheckWithdrawn
    | CheckEdited
    | CheckOverdue
    | ReplyQueued
    | ReplyHeld
    | ReplyReleased
    | ReplyCancelled
    | ReplySending
    | ReplyOutcome
    | ReplySettled
    | ReplyFiled
    | ReplyBounced
    | DeliveryTold
    | ReceiptCame
    | ReplyScheduled
    | LegalHoldChanged
    | PayloadErased
)


class MemberChanged(Event, frozen=True, tag=True):
    """Somebody joined the team, or changed role, or left it (`active` false)."""

    member: Member


class TemplateSaved(Event, frozen=True, tag=True):
    """A template has a new version, or is withdrawn."""

    template: Template


TeamEvent = (
    MemberChanged
    | TemplateSaved
    | StatusSaved
    | GroupSaved
    | AbsenceSet
    | WordSaved
    | FieldSaved
    | CheckPolicySaved
    | ViewSaved
    | MailingMoved
    | SuppressionChanged
)

AnyEvent = ConversationEvent | TeamEvent


class Recorded(msgspec.Struct, frozen=True):
    """An event in the journal. `conversation_id` is None for events about the team."""

    seq: Seq
    at: datetime
    by: MemberKey
    conversation_id: ConversationId | None
    event: AnyEvent
    command_key: CommandKey | None = None
