"""A conversation as the team knows it: the state that `evolve` folds and `decide` reads."""

from datetime import datetime

import msgspec

from store.domain.check import Check
from store.domain.events import ConversationEvent
from store.domain.facts import Comment, Follower, MessageFact, Woken
from store.domain.ids import CommentId, ConversationId, InboxKey, MemberKey, MessageId, Revision, Seq, StatusKey, SubmissionId, ThreadKey
from store.domain.lease import Claim, Lease
from store.domain.outbox import Submission
from store.domain.standing import Standing
from store.domain.status import FINISHED, NEW, Category, Urgency, category_of

__all__ = ["Before", "Comment", "Conversation", "MessageFact", "Prior", "Undoable"]


class Before(msgspec.Struct, frozen=True):
    """Status and owner as they would be had the composer not opened: to go back to when it is left empty."""

    status: StatusKey
    owner: MemberKey | None
    own_category: Category | None = None


class Prior(msgspec.Struct, frozen=True):
    """What an action swept away and its event does not say; undoing puts it back."""

    status_reason: str = ""
    wake_at: datetime | None = None
    done_at: datetime | None = None
    suggested_owner: MemberKey | None = None
    flags: tuple[str, ...] = ()
    own_category: Category | None = None
    tags: tuple[str, ...] = ()
    followers: tuple[Follower, ...] = ()
    wake_notify: MemberKey | None = None
    held_by: MemberKey | None = None
    woken: Woken | None = None
    comment: Comment | None = None
    """The comment it was about, and where it stood."""
    comment_at: int = 0
    owner: MemberKey | None = None


class Undoable(msgspec.Struct, frozen=True):
    """One action that its author may still take back."""

    seq: Seq
    by: MemberKey
    event: ConversationEvent
    prior: Prior = Prior()


class Absorbed(msgspec.Struct, frozen=True):
    """What came with a merge, so that it can leave again; `before`: how this conversation stood until then."""

    seq: Seq
    other: ConversationId
    number: int
    messages: tuple[tuple[MessageId, str], ...]
    comments: tuple[CommentId, ...]
    submissions: tuple[SubmissionId, ...]
    before: Standing


class Away(msgspec.Struct, frozen=True):
    """A message, or a comment, that a split took along, and the place it had."""

    to: ConversationId
    at: int
    message: MessageFact | None = None
    comment: Comment | None = None


class Conversation(msgspec.Struct, frozen=True):
    """The fold of a conversation's events."""

    id: ConversationId
    number: int = 0
    inbox: InboxKey = InboxKey("")
    thread_key: ThreadKey = ThreadKey("")
    revision: Revision = Revision(0)
    """0: nothing happened yet, the conversation does not exist."""
    seq: Seq = Seq(0)
    """The journal position of its last event."""
    status: StatusKey = NEW
    own_category: Category | None = None
    """Of a status of the team's own: the category it was made with. None: a built-in one says its own."""
    status_reason: str = ""
    wake_at: datetime | None = None
    wake_notify: MemberKey | None = None
    """Who is told when the hold ends; None: its owner, or whoever put it on hold."""
    held_by: MemberKey | None = None
    """Who put it on hold."""
    woken: Woken | None = None
    """Set while nothing was done since a hold ended by itself."""
    owner: MemberKey | None = None
    suggested_owner: MemberKey | None = None
    urgency: Urgency = Urgency.NORMAL
    tags: tuple[str, ...] = ()
    folder: str = ""
    """`complaints/2026`; "": none."""
    due_at: datetime | None = None
    """By when it is to be answered, where somebody said so. It counts while it is in work (`due_in_work`), and stays for a reopening."""
    followers: tuple[Follower, ...] = ()
    subject: str = ""
    customer_name: str = ""
    customer_address: str = ""
    last_at: datetime | None = None
    started_at: datetime | None = None
    """When one of us began it with a mail of ours; None: it began with a message that came."""
    messages: tuple[MessageFact, ...] = ()
    comments: tuple[Comment, ...] = ()
    lease: Lease | None = None
    lease_before: Before | None = None
    last_token_n: int = 0
    """The highest fencing token ever given here; the next is one more."""
    claim: Claim | None = None
    submissions: tuple[Submission, ...] = ()
    asked_by: MemberKey | None = None
    asked_at: datetime | None = None
    follow_up_of: ConversationId | None = None
    done_at: datetime | None = None
    """When it was last finished; the reopen window counts from here."""
    flags: tuple[str, ...] = ()
    """`refused unknown bounced answered_outside held`: what a person should look at."""
    merged_into: ConversationId | None = None
    """Set: it is part of that one by now, and holds nothing of its own any more."""
    kept: "Conversation | None" = None
    """Of one that is part of another: what it was until then. Only the server has it."""
    absorbed: tuple[Absorbed, ...] = ()
    """The merges that can be taken back, oldest first."""
    away: tuple[Away, ...] = ()
    """What splits took along."""
    parted: tuple[ConversationId, ...] = ()
    """Conversations that people parted from this one: mail alone never brings them together again."""
    split_from: ConversationId | None = None
    merges_waiting: tuple[ConversationId, ...] = ()
    """Conversations that turned out to be of the same thread, and join once nobody writes in either."""
    reply_token: str = ""
    """What proves that a Message-ID of this conversation is ours (`store.domain.own_id`); "" where it was opened before there were any."""
    legal_hold: bool = False
    """It is not erased, and retention passes it by."""
    erasure: str = ""
    """The order by which it was erased last; "": it never was."""
    undoable: tuple[Undoable, ...] = ()
    """The latest actions that may be undone, oldest first; at most 20."""
    check: Check | None = None
    """The newest check asked for here, decided or not."""

    def follows(self, member: MemberKey) -> bool:
        """Whether the member follows it."""
        return any(one.member == member for one in self.followers)

    @property
    def due_in_work(self) -> datetime | None:
        """By when it is to be answered; None where nothing is, or no time was said."""
        return None if self.category in FINISHED else self.due_at

    def standing(self) -> Standing:
        """How it stands beside what it holds."""
        return Standing(**{name: getattr(self, name) for name in Standing.__struct_fields__})

    @property
    def category(self) -> Category:
        """What the logic reads."""
        return self.own_category or category_of(self.status)
