"""What is left of a conversation when its customer is erased: keys, numbers and times stay, every word and address goes. Pure.

Kept are Message-IDs and hashes, because by them the mailbox's own copy of a mail is known for one that was told of already.
"""

from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import replace

from store.domain.conversation import Conversation
from store.domain.events import ConversationStarted, Recorded
from store.domain.fence import BOUNCE, IMAP_UNREACHABLE, NOT_APPROVED, RATE_LIMIT, SENDER_LEFT, SENT_COPY, SOMETHING_NEW
from store.domain.message import ARRIVED, DELAYED
from store.domain.outbox import NO_REPORTS, TERMINAL_STATES
from store.domain.table import Happening

T = TypeVar("T", bound=msgspec.Struct)

OUR_WORDS = frozenset(
    {
        *Happening,
        *(SOMETHING_NEW, IMAP_UNREACHABLE, NOT_APPROVED, RATE_LIMIT, SENDER_LEFT, SENT_COPY, BOUNCE),
        *(DELAYED, *ARRIVED, NO_REPORTS),
        *("not_sent", "person", "erasure", "retention"),
    }
)
"""Values of free text that the rules read, and that no person wrote."""

NO_TEXT = frozenset(
    {"content_sha256", "mime_sha256", "frozen_sha256", "terminal", "reply_token", "flags", "tags", "added", "removed", "new", "erasure"}
)
"""Fields that are plain `str` to Python, but hold keys, hashes or the team's own vocabulary."""

ERASURE = "erasure"
RETENTION = "retention"
LEGAL_HOLD = "legal_hold"


def erased(value: T) -> T:
    """The same value without a word of anybody's: what is a plain `str` becomes "", a list of such empty; what has a type of its own stays.

    A field that is added later and holds text is erased without anybody having to think of it.
    """
    changes: dict[str, Any] = {}
    texts = _text_fields(type(value))
    for field in value.__struct_fields__:
        before = getattr(value, field)
        after = _without_text(before) if field in texts else _inside(before)
        if after is not before:
            changes[field] = after
    return replace(value, **changes) if changes else value


def erased_recorded(recorded: Recorded) -> Recorded:
    """An event as it stays in the journal; who did it, when and by which command is the team's history, not the customer's."""
    return replace(recorded, event=erased(recorded.event))


def erased_state(state: Conversation, erasure: str) -> Conversation:
    """The tombstone: number, status, owner, times and what lies in the mailbox by name stay. Nothing from before can be undone."""
    kept = None if state.kept is None else erased_state(state.kept, erasure)
    return replace(_wordless(state), kept=kept, comments=(), undoable=(), erasure=erasure)


def _wordless(state: Conversation) -> Conversation:
    # Results are told apart by their addresses, which are gone: in a journal erased before it was read they would count as one.
    submissions = tuple(replace(reply, results=()) for reply in state.submissions)
    return erased(replace(state, submissions=submissions))


def stands_against_erasing(state: Conversation) -> str | None:
    """Why a conversation cannot be erased now: `legal_hold`, `lease` (somebody writes) or `outbox` (a reply is on its way); None: it can."""
    if state.legal_hold:
        return LEGAL_HOLD
    if state.lease is not None:
        return "lease"
    if state.claim is not None or any(reply.state not in TERMINAL_STATES for reply in state.submissions):
        return "outbox"
    return None


def is_of_customer(recorded: Recorded, address: str) -> bool:
    """Whether the event shows that its conversation is this customer's: they wrote there, or we wrote to them first. `address`: lower case."""
    event = recorded.event
    sender = getattr(event, "from_address", None)
    if isinstance(sender, str):
        recipients = () if getattr(event, "inbound", True) else getattr(event, "recipients", ())
        return sender.casefold() == address or address in {one.casefold() for one in recipients}
    if isinstance(event, ConversationStarted):
        return event.customer_address.casefold() == address
    envelope = getattr(event, "envelope", None) or getattr(getattr(event, "reply", None), "envelope", None)
    return envelope is not None and address in {one.casefold() for one in envelope.rcpt_to}


def _inside(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return erased(value)
    if isinstance(value, tuple) and any(isinstance(one, msgspec.Struct) for one in value):
        return tuple(_inside(one) for one in value)
    return value


def _without_text(value: Any) -> Any:
    if isinstance(value, str):
        return value if value in OUR_WORDS else ""
    if isinstance(value, bytes):
        return _carried(value)
    return type(value)() if isinstance(value, tuple | dict | list) else value


def _carried(state: bytes) -> bytes:
    """A whole conversation that an event carries, as JSON (`link_events`), without its words; whatever else it is, nothing of it is left.

    What can be undone stays in it: the events behind it in the journal may have undone it.
    """
    try:
        return msgspec.json.encode(_wordless(msgspec.json.decode(state, type=Conversation)))
    except msgspec.MsgspecError:
        return b""


@cache
def _text_fields(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(kind).items() if name not in NO_TEXT and _holds_text(hint))


def _holds_text(hint: Any) -> bool:
    # A NewType is no class: `ConversationId` is not `str` here. That is what tells a key from a text.
    if hint is str or hint is bytes:
        return True
    if isinstance(hint, type) and issubclass(hint, Enum):
        return False
    return get_origin(hint) in {tuple, list, dict, Union, UnionType} and any(_holds_text(one) for one in get_args(hint))
