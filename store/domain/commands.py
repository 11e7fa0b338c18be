"""What a member, or the server itself, asks for. Imperative; each becomes events or a refusal (`store.domain.decide`)."""

from datetime import datetime

from store.domain.check_commands import Approve, EditChecked, RequestCheck, SaveCheckPolicy, SendBack, WithdrawCheck
from store.domain.command import Command
from store.domain.comment_files import CommentFile
from store.domain.ids import CommentId, ConversationId, InboxKey, MemberKey, MessageId, Revision, StatusKey, SubmissionId, ThreadKey
from store.domain.lease import Token
from store.domain.link_commands import MergeConversations, MoveToInbox, SplitConversation
from store.domain.message import DeliveryResult, Kind
from store.domain.outbox import OutboxState, RecipientResult
from store.domain.reply_commands import SubmitReply
from store.domain.schedule_commands import PostponeReply, ScheduleReply
from store.domain.start_commands import StartConversation
from store.domain.status import Urgency
from store.domain.talk_commands import EditComment, ReactToComment, RemoveComment
from store.domain.team_commands import (
    RetireGroup,
    RetireStatus,
    RetireView,
    SaveField,
    SaveGroup,
    SaveStatus,
    SaveTemplate,
    SaveView,
    SetAbsence,
    TeamCommand,
    WithdrawTemplate,
)
from store.domain.thread_evidence import ThreadEvidence
from store.domain.word_commands import SaveWords
from store.domain.work_commands import ChangeTags, Follow, MoveToFolder, SetDue, Unfollow

__all__ = [
    "AddComment",
    "AgentCommand",
    "AnyCommand",
    "Approve",
    "AskForLease",
    "AssignConversation",
    "CancelReply",
    "ChangeTags",
    "Command",
    "EditChecked",
    "EditComment",
    "Follow",
    "IssueTicket",
    "LapseLease",
    "MergeConversations",
    "MoveToFolder",
    "MoveToInbox",
    "PostponeReply",
    "ReactToComment",
    "RecordFiled",
    "RecordMessage",
    "RecordOutcome",
    "ReleaseLease",
    "ReleaseReply",
    "RemoveComment",
    "RequestCheck",
    "RetireGroup",
    "RetireStatus",
    "RetireView",
    "SaveCheckPolicy",
    "SaveField",
    "SaveGroup",
    "SaveStatus",
    "SaveTemplate",
    "SaveView",
    "SaveWords",
    "ScheduleReply",
    "SendBack",
    "ServerCommand",
    "SetAbsence",
    "SetDue",
    "SetStatus",
    "SetUrgency",
    "SettleReply",
    "SplitConversation",
    "StartConversation",
    "SubmitReply",
    "TakeLease",
    "TeamCommand",
    "Undo",
    "Unfollow",
    "WakeConversation",
    "WithdrawCheck",
    "WithdrawTemplate",
]


class TakeLease(Command, frozen=True, kw_only=True, tag=True):
    """Open the composer. Refused `LeaseHeld` or `ReplyPending` while somebody else writes."""

    seen_revision: Revision
    terminal: str
    take_over: str | None = None
    """The reason for breaking a colleague's lease; None: do not. A leader may always, others when it is idle."""
    helping: bool = False
    """Write without becoming the owner of a conversation that nobody owns: a helper follows instead."""


class ReleaseLease(Command, frozen=True, kw_only=True, tag=True):
    """Leave the composer. Without text the conversation goes back to the status and owner it had before."""

    token: Token
    has_text: bool


class AskForLease(Command, frozen=True, kw_only=True, tag=True):
    """Ask whoever is writing to let go; they are told, and it stands for 60 s."""


class AssignConversation(Command, frozen=True, kw_only=True, tag=True):
    """Set the owner; None: release it. Another's needs a reason or a leader."""

    owner: MemberKey | None
    reason: str = ""
    note: str = ""
    """What the new owner should know: a comment that names them, in the same stroke."""
    note_id: CommentId = CommentId("")


class SetStatus(Command, frozen=True, kw_only=True, tag=True):
    """Set a status of any category but `check` and `outbox`. Hold needs a reason and a wake time; done without a reply, a reason."""

    status: StatusKey
    reason: str = ""
    until: datetime | None = None
    notify: MemberKey | None = None
    """Who is told when a hold ends; None: its owner."""


class SetUrgency(Command, frozen=True, kw_only=True, tag=True):
    """Set the urgency."""

    urgency: Urgency


class AddComment(Command, frozen=True, kw_only=True, tag=True):
    """Say something to the team; `@name` in the text is a mention."""

    comment_id: CommentId
    text: str
    message_id: MessageId | None = None
    """The message it is about; None: the conversation."""
    reply_to: CommentId | None = None
    """The comment it answers."""
    files: tuple[CommentFile, ...] = ()
    """What was handed to the server before, under this comment's id; with files the text may be empty."""


class ReleaseReply(Command, frozen=True, kw_only=True, tag=True):
    """Send a held reply after all, having seen everything up to `seen_revision`."""

    submission_id: SubmissionId
    seen_revision: Revision


class CancelReply(Command, frozen=True, kw_only=True, tag=True):
    """Take a reply back before it is `sending`: undo in its hold, edit, or keep as draft. The lease comes back if it is free."""

    submission_id: SubmissionId
    terminal: str = ""


class SettleReply(Command, frozen=True, kw_only=True, tag=True):
    """A person decides about an `unknown` one: it did leave, or it did not."""

    submission_id: SubmissionId
    sent: bool


class SetLegalHold(Command, frozen=True, kw_only=True, tag=True):
    """Keep a conversation from being erased, or end that; a leader, with a reason."""

    on: bool
    reason: str = ""


class Undo(Command, frozen=True, kw_only=True, tag=True):
    """Take back one's own last undoable action here, or the one of `event_seq`."""

    event_seq: int | None = None


# The server's own: `store.domain.people.SERVER` alone may give these.


class RecordMessage(Command, frozen=True, kw_only=True, tag=True):
    """The watcher saw a message. Idempotent on inbox, Message-ID and content hash."""

    inbox: InboxKey
    thread_key: ThreadKey
    message_id: MessageId
    content_sha256: str
    inbound: bool
    """False: it lies in Sent. A From of ours proves nothing: anybody can write one."""
    kind: Kind
    from_name: str
    from_address: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime
    in_reply_to: tuple[MessageId, ...] = ()
    references: tuple[MessageId, ...] = ()
    number: int = 0
    """The conversation's number, `#123`; used when this message opens one."""
    follow_up_of: ConversationId | None = None
    other_ids: tuple[MessageId, ...] = ()
    hints: tuple[str, ...] = ()
    """As in `store.domain.message.Message`."""
    reported: MessageId | None = None
    """The mail of which a bounce says that it came back."""
    evidence: ThreadEvidence | None = None
    """Why it goes to `conversation_id`; like that, and the following, the registry's word."""
    vouched: bool = False
    """It names a message of ours that only those know who received it."""
    reply_token: str = ""
    delivery: tuple[DeliveryResult, ...] = ()
    """What a bounce says of each recipient."""


class LapseLease(Command, frozen=True, kw_only=True, tag=True):
    """A timer found the lease dead."""

    token: Token
    has_text: bool


class IssueTicket(Command, frozen=True, kw_only=True, tag=True):
    """The outbox wants to send now: the second passage of the fence. `imap_checked` False: the mailbox could not be looked at."""

    submission_id: SubmissionId
    imap_checked: bool


class RecordOutcome(Command, frozen=True, kw_only=True, tag=True):
    """What became of a ticket: accepted, partly_accepted, deferred, refused or unknown."""

    submission_id: SubmissionId
    state: OutboxState
    results: tuple[RecipientResult, ...] = ()
    why: str = ""
    retry_at: datetime | None = None


class RecordFiled(Command, frozen=True, kw_only=True, tag=True):
    """The copy lies in Sent."""

    submission_id: SubmissionId


class WakeConversation(Command, frozen=True, kw_only=True, tag=True):
    """A hold has reached its wake time."""


AgentCommand = (
    StartConversation
    | TakeLease
    | ReleaseLease
    | AskForLease
    | AssignConversation
    | SetStatus
    | SetUrgency
    | ChangeTags
    | MoveToFolder
    | SetDue
    | Follow
    | Unfollow
    | MergeConversations
    | SplitConversation
    | MoveToInbox
    | AddComment
    | EditComment
    | RemoveComment
    | ReactToComment
    | SubmitReply
    | RequestCheck
    | Approve
    | SendBack
    | WithdrawCheck
    | EditChecked
    | ReleaseReply
    | CancelReply
    | ScheduleReply
    | SettleReply
    | SetLegalHold
    | Undo
)
"""What may come over the wire."""

ServerCommand = RecordMessage | LapseLease | IssueTicket | PostponeReply | RecordOutcome | RecordFiled | WakeConversation
"""What only the server itself says."""

AnyCommand = AgentCommand | ServerCommand
