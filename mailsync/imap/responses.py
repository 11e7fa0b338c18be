"""The values that an IMAP server's answers become; nothing here knows how they looked on the wire."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from mailsync.imap.tokens import Value
from mailsync.imap.uids import UidRanges


class MessageData(msgspec.Struct, frozen=True):
    """`* 12 FETCH (…)`: whatever the server chose to tell of one message; None where it did not.

    `sections` are keyed as the server names them, `BODY[]`, `BODY[HEADER]`, without an origin (`<0>`).
    """

    position: int
    uid: int | None = None
    flags: tuple[str, ...] | None = None
    internaldate: datetime | None = None
    size_bytes: int | None = None
    modseq: int | None = None
    sections: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    structure: Value = None
    """BODYSTRUCTURE as it was sent; `mailsync.imap.bodystructure` reads it."""


class Exists(msgspec.Struct, frozen=True):
    """How many messages the mailbox holds now."""

    count: int


class Expunged(msgspec.Struct, frozen=True):
    """The message at this position is gone; all behind it moved up by one."""

    position: int


class Vanished(msgspec.Struct, frozen=True):
    """These UIDs are gone (RFC 7162 3.2.10); may name some that never were."""

    uids: UidRanges
    earlier: bool


class Said(msgspec.Struct, frozen=True):
    """An untagged OK, NO, BAD, BYE or PREAUTH. `code` is the response code in upper case, `argument` what followed it."""

    kind: str
    code: str
    argument: str
    text: str


class Completed(msgspec.Struct, frozen=True):
    """The tagged end of a command: kind is OK, NO or BAD."""

    tag: str
    kind: str
    code: str
    argument: str
    text: str


class Continue(msgspec.Struct, frozen=True):
    """`+`: the server waits for the rest of the command."""

    text: str


class Listed(msgspec.Struct, frozen=True):
    """One mailbox; attributes in lower case (`\\sent`), the name as the server writes it (modified UTF-7).

    `delimiter` stands between the parts of the name; "" where the server knows no hierarchy.
    """

    attributes: tuple[str, ...]
    name: bytes
    delimiter: str = ""


class Counted(msgspec.Struct, frozen=True):
    """`* STATUS`: what was asked of one mailbox, keyed in upper case (`UIDNEXT`)."""

    counts: Mapping[str, int]


class Found(msgspec.Struct, frozen=True):
    """UIDs that a SEARCH found, by either form of answer (SEARCH, ESEARCH)."""

    uids: UidRanges


class Capability(msgspec.Struct, frozen=True):
    """What the server can do, in upper case."""

    names: frozenset[str]


class Other(msgspec.Struct, frozen=True):
    """Something we did not ask for and need not understand."""

    name: str


Response = MessageData | Exists | Expunged | Vanished | Said | Completed | Continue | Listed | Counted | Found | Capability | Other

NEWS = (MessageData, Exists, Expunged, Vanished)
"""What a server tells, unasked, of the open mailbox (RFC 9051 7.4, 7.5)."""
