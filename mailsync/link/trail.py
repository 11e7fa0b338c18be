"""What travels about the audit log and erasure, beside `protocol`: for admins."""

from datetime import datetime

import msgspec

from store.domain.audit import Fact
from store.domain.ids import ConversationId


class LogRequest(msgspec.Struct, frozen=True):
    """Which entries: newest first, at most `limit`, with every one of `words` somewhere in them."""

    words: tuple[str, ...] = ()
    since: datetime | None = None
    limit: int = 200


class LogLine(msgspec.Struct, frozen=True):
    """An entry. `what`: an event's name, or `login_failed` and its like; `erased`: what it told was taken out of it."""

    n: int
    at: datetime
    what: str
    who: str
    conversation_id: str | None
    seq: int | None
    where: str
    facts: dict[str, Fact]
    erased: bool


class KeptHead(msgspec.Struct, frozen=True):
    """The log's end as somebody saw it: `number:hash`, and of which epoch."""

    epoch: int
    head: str


class VerifyRequest(msgspec.Struct, frozen=True):
    """Walk on from `start` (`number:hash`; "": from the first entry), and meet the heads that this caller kept."""

    heads: tuple[KeptHead, ...] = ()
    start: str = ""
    events: int = 0
    erased: int = 0


class LogVerified(msgspec.Struct, frozen=True):
    """How far the chain holds. `done` False: ask again from `head`. `bad_n` None: all of it holds up to there.

    `lost`: heads of an earlier epoch that are not in this log: a backup from before them was restored.
    """

    epoch: int
    head: str
    events: int
    erased: int
    done: bool
    bad_n: int | None = None
    problem: str = ""
    seq: int | None = None
    lost: tuple[KeptHead, ...] = ()


class EraseRequest(msgspec.Struct, frozen=True):
    """Whose conversations are to be erased; `dry_run`: only told."""

    address: str
    dry_run: bool = True


class ErasedLine(msgspec.Struct, frozen=True):
    """What became of a conversation: `erased would_erase already_erased legal_hold lease outbox`."""

    conversation_id: ConversationId
    number: int
    outcome: str
    events: int


class Erased(msgspec.Struct, frozen=True):
    """`named_in`: conversations of others that name the customer; `swept` False: the database's files still hold old pages, sweep later."""

    conversations: tuple[ErasedLine, ...]
    named_in: tuple[ConversationId, ...]
    swept: bool
