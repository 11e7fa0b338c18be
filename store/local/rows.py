"""What goes into the local store and what comes out of it: plain values, without a database behind them."""

from datetime import datetime

import msgspec

from store.domain.commands import AgentCommand
from store.domain.ids import CommandKey, CommentId, ConversationId, InboxKey, MemberKey, MessageId, Revision, StatusKey, ThreadKey
from store.domain.message import Message
from store.domain.status import NEW as NEW_STATUS
from store.domain.status import Category, Urgency
from store.domain.thread_evidence import NEW, ThreadEvidence


class NewMail(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it was pulled."""

    uid: int
    internaldate: datetime
    """When the server got it; lists and conversations are ordered by this."""
    flags: tuple[str, ...]
    raw: bytes | None
    """The whole source; None while only headers and text were fetched."""
    size_bytes: int
    """RFC822.SIZE, whatever was fetched of it."""
    message: Message
    thread_key: ThreadKey
    message_id: MessageId
    """Made up (`store.domain.threading.synthetic_message_id`) where the mail has none."""
    header_only: bool = False
    """True: parts are missing; the same message handed in again whole completes it."""
    preview: bool = False
    """True: only the header is here, and the rest is on its way; whatever comes next of this message completes it."""
    content_sha256: str


class Cursor(msgspec.Struct, frozen=True):
    """How far a mailbox was pulled (RFC 9051 2.3.1.1): everything from `lowest_uid` to `highest_uid` is stored."""

    uidvalidity: int
    highest_uid: int
    lowest_uid: int = 1
    """1 when the mailbox is complete."""
    modseq: int = 0
    """RFC 7162's; 0 where the server has none."""


class StoredMessage(msgspec.Struct, frozen=True):
    """A message of a conversation, and where it lies."""

    message: Message
    message_id: MessageId
    inbox: InboxKey
    mailbox: str
    """"" when it lies in no mailbox any more."""
    uid: int
    internaldate: datetime
    outgoing: bool
    flags: tuple[str, ...]
    size_bytes: int = 0
    header_only: bool = False
    evidence: ThreadEvidence = NEW
    """Why it is in this conversation."""
    content_sha256: str = ""
    """Tells messages with one Message-ID apart: hand it to `LocalStore.raw`."""

    @property
    def expunged(self) -> bool:
        """Somebody moved or deleted it at the server; the team's record of it stays."""
        return self.uid == 0


class SentMail(msgspec.Struct, frozen=True):
    """A copy out of Sent, and the conversation it is in."""

    conversation_id: ConversationId
    message_id: MessageId
    message: Message
    at: datetime
    """When it came into Sent."""


class Place(msgspec.Struct, frozen=True):
    """Where a message lies at the server, and whether all of it is here."""

    mailbox: str
    uidvalidity: int
    uid: int
    whole: bool


class PageKey(msgspec.Struct, frozen=True):
    """A place in a list: newest `last_at` first, then by id; in a list that is parted (`store.local.arranged`) the part too."""

    last_at: datetime | None
    id: ConversationId
    owner: MemberKey | None = None
    status: StatusKey = NEW_STATUS
    urgency: Urgency = Urgency.NORMAL
    waiting_since: datetime | None = None


class ConversationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list: what mail and team know of a conversation, the effect of waiting commands included."""

    id: ConversationId
    number: int | None
    """None: only the mailbox knows it yet."""
    revision: Revision
    inbox: InboxKey
    subject: str
    customer_name: str
    customer_address: str
    status: StatusKey
    category: Category
    owner: MemberKey | None
    suggested_owner: MemberKey | None
    urgency: Urgency
    tags: tuple[str, ...]
    folder: str = ""
    followers: tuple[MemberKey, ...] = ()
    wake_at: datetime | None = None
    """When a conversation on hold comes back."""
    lease_by: MemberKey | None
    lease_since: datetime | None
    lease_idle: bool
    present: tuple[MemberKey, ...]
    messages: int
    last_at: datetime | None
    waiting_since: datetime | None = None
    """When the first of the customer's mails came that nobody has answered."""
    due_at: datetime | None = None
    """By when it is to be answered, while it is in work."""
    pending: bool
    """A command of one's own is not yet answered by the server."""
    mentions_me: bool
    """Somebody said `@me` since one last looked or commented."""
    unread: bool = False
    """A customer or a colleague said something that one has not looked at."""
    woken: bool = False
    """A hold has ended, one is told of it, and has not looked since."""
    flags: tuple[str, ...]
    has_draft: bool

    @property
    def key(self) -> PageKey:
        """Where it stands in a list."""
        return PageKey(self.last_at, self.id, self.owner, self.status, self.urgency, self.waiting_since)


class Page(msgspec.Struct, frozen=True):
    """A stretch of a list, newest first."""

    rows: tuple[ConversationRow, ...]
    more_before: bool
    more_after: bool


class PresentRow(msgspec.Struct, frozen=True):
    """Somebody looks at a conversation, or writes in it; `idle` is about writing."""

    member: MemberKey
    conversation_id: ConversationId
    writing: bool
    idle: bool
    since: datetime


class Pending(msgspec.Struct, frozen=True):
    """A command that the server has not answered yet."""

    key: CommandKey
    command: AgentCommand
    at: datetime


class Mention(msgspec.Struct, frozen=True):
    """A comment that names a member."""

    conversation_id: ConversationId
    comment_id: CommentId
    by: MemberKey
    at: datetime
    text: str


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The last comparison of a mailbox with its server, and the last one that mended something. Counts are messages."""

    inbox: InboxKey
    mailbox: str
    at: datetime
    checked: int
    differences: int
    mended: int
    last_mended: int = 0
    """0: nothing was ever mended."""
    last_mended_at: datetime | None = None


class Entry(msgspec.Struct, frozen=True):
    """What the store holds at one place of a mailbox, as far as a server can be asked for the same."""

    size_bytes: int
    """RFC822.SIZE, as the server said when it was fetched."""
    flags: tuple[str, ...]
    content_sha256: str
