"""What happened between conversations: one became part of another and came back, was split, moved to another inbox (conversations.md, "Threading").

Every message keeps where it came from, so that each of these can be taken back exactly.
"""

from store.domain.event import Event
from store.domain.facts import Comment, MessageFact
from store.domain.ids import ConversationId, InboxKey, Seq
from store.domain.outbox import Submission
from store.domain.standing import Standing


class ConversationMerged(Event, frozen=True, tag=True):
    """It is part of another from now on; its id stays an alias for ever."""

    into: ConversationId
    number: int


class ConversationAbsorbed(Event, frozen=True, tag=True):
    """Another conversation became part of this one, with all that it held; nothing it held is unseen by fault of an old revision."""

    other: ConversationId
    number: int
    messages: tuple[MessageFact, ...] = ()
    comments: tuple[Comment, ...] = ()
    submissions: tuple[Submission, ...] = ()
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    folder: str = ""
    by_hand: bool = False
    undoes: Seq | None = None
    """The split that this takes back: what had left is back where it was."""


class MergeWaits(Event, frozen=True, tag=True):
    """Another conversation turned out to be of the same thread; they become one as soon as nobody writes in either."""

    other: ConversationId
    number: int


class ConversationParted(Event, frozen=True, tag=True):
    """A merge was taken back: what came with the other one has left again. `standing`: how this one stands now."""

    other: ConversationId
    number: int
    standing: Standing
    undoes: Seq


class ConversationRestored(Event, frozen=True, tag=True):
    """It is a conversation of its own again. `state`: all of it, as JSON, for mirrors that had let it go."""

    other: ConversationId
    number: int
    state: bytes
    submissions: tuple[Submission, ...] = ()


class MessagesLeft(Event, frozen=True, tag=True):
    """Some of its messages, and what was said about them, are a conversation of their own from now on."""

    to: ConversationId
    number: int
    messages: tuple[MessageFact, ...]
    comments: tuple[Comment, ...] = ()


class MessagesJoined(Event, frozen=True, tag=True):
    """The other end of it: these messages came from there."""

    origin: ConversationId
    number: int
    messages: tuple[MessageFact, ...]
    comments: tuple[Comment, ...] = ()


class InboxChanged(Event, frozen=True, tag=True):
    """It belongs to another inbox from now on; said to those of the old one."""

    before: InboxKey
    after: InboxKey
    reason: str = ""
    undoes: Seq | None = None


class ConversationMovedIn(Event, frozen=True, tag=True):
    """The same, said to those of the new inbox, who may never have heard of it, or not lately. `state`: all of it, as JSON."""

    origin: InboxKey
    state: bytes
    reason: str = ""
    takes_back: Seq | None = None
    """The move that this one takes back."""


LinkEvent = (
    ConversationMerged
    | ConversationAbsorbed
    | MergeWaits
    | ConversationParted
    | ConversationRestored
    | MessagesLeft
    | MessagesJoined
    | InboxChanged
    | ConversationMovedIn
)
