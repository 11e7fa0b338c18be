"""What goes down and up the stream between the server and one client: one declaration for both ends. JSON, by msgspec; `m` says which it is."""

from datetime import datetime
from typing import Annotated

import msgspec

from store.domain.events import Recorded
from store.domain.ids import ConversationId, InboxKey, MemberKey, Seq


class Present(msgspec.Struct, frozen=True):
    """Somebody looks at, or writes in, a conversation. `idle` is about writing."""

    member: MemberKey
    conversation_id: ConversationId
    writing: bool
    idle: bool
    since: datetime


# Down the stream.


class Hello(msgspec.Struct, frozen=True, tag_field="m", tag="hello"):
    """The first message: what the journal is at, and everybody's presence; `presence` counts its changes."""

    epoch: int
    seq: Seq
    now: datetime
    present: tuple[Present, ...]
    presence: int = 0


class Events(msgspec.Struct, frozen=True, tag_field="m", tag="events"):
    """Events in order; batches are at most 50 ms apart."""

    recorded: tuple[Recorded, ...]


class Presence(msgspec.Struct, frozen=True, tag_field="m", tag="presence"):
    """Who is where now: the whole list for each conversation named in `of` (empty: nobody is there)."""

    of: tuple[ConversationId, ...]
    present: tuple[Present, ...]


class Marks(msgspec.Struct, frozen=True, tag_field="m", tag="marks"):
    """Another terminal of this very member has read something: their marks have come to `n`."""

    n: int


class PullNow(msgspec.Struct, frozen=True, tag_field="m", tag="pull_now"):
    """An own server without IMAP asks its client to look at the mailboxes before a send; answered by `Pulled`."""

    request: int
    inbox: InboxKey


class Goodbye(msgspec.Struct, frozen=True, tag_field="m", tag="goodbye"):
    """The server ends, or the session does: `why` is `stopping session_ended access_ended too_slow`.

    `within_seconds`: come back at a moment of your own choosing in this time, so that not everybody does at once.
    """

    why: str
    within_seconds: float = 0.0


FromServer = Hello | Events | Presence | Marks | PullNow | Goodbye


# Up the stream.


class Looking(msgspec.Struct, frozen=True, tag_field="m", tag="looking"):
    """Where the agent is; also the heartbeat, every 15 s. None: at the list."""

    conversation_id: ConversationId | None


class Pulled(msgspec.Struct, frozen=True, tag_field="m", tag="pulled"):
    """The mailboxes were looked at for this request; False: they could not be reached."""

    request: int
    reached: bool


FromClient = Looking | Pulled


class Said(msgspec.Struct, frozen=True):
    """What a client says that has no WebSocket. `place` tells the terminals of one session apart; each picks a number."""

    message: FromClient
    place: Annotated[int, msgspec.Meta(ge=0, le=15)] = 0
