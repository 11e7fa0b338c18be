"""One e-mail as the desk shows it: what `mailsync.mime` makes of bytes, and what the local store keeps."""

from datetime import datetime
from enum import StrEnum

import msgspec

from store.domain.ids import MessageId


class Kind(StrEnum):
    """What a message is for. Only `mail` and `list` reopen a finished conversation."""

    MAIL = "mail"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    CALENDAR = "calendar"
    LIST = "list"


class Address(msgspec.Struct, frozen=True):
    """A mailbox of RFC 5322 3.4. `address` is lower case in its domain; "" where the header had none."""

    name: str
    address: str


class Attachment(msgspec.Struct, frozen=True):
    """A part that is not read as text. `part` is its IMAP section number (RFC 9051 6.4.5), such as `2.1`.

    A file that lies inside a part (winmail.dat, uuencode in a text, a signed envelope) has a number of its own behind a slash: `2/1`.
    """

    name: str
    content_type: str
    size_bytes: int
    part: str
    inline: bool = False


class Attendee(msgspec.Struct, frozen=True):
    """Somebody invited, and their answer (RFC 5545 3.2.12, lower case with `_`: `needs_action`, `accepted`, `declined`, `tentative`, …)."""

    who: Address
    answer: str = "needs_action"


class Invitation(msgspec.Struct, frozen=True):
    """The first event of a text/calendar part (RFC 5545, RFC 5546)."""

    method: str
    """Lower case: `request`, `reply`, `cancel`, `counter`, `publish`, …; "" where none is stated."""
    summary: str
    starts_at: datetime | None
    """With the offset of the event's own zone; naive: a floating time (RFC 5545 3.3.5) or a day, which are the reader's own.

    None where there was none that could be read.
    """
    ends_at: datetime | None = None
    all_day: bool = False
    """True: only the dates of `starts_at` and `ends_at` mean anything; `ends_at` is the day after the last."""
    location: str = ""
    organizer: Address | None = None
    attendees: tuple[Attendee, ...] = ()
    repeats: str = ""
    """The RRULE as it stands; "" for an event that happens once."""
    uid: str = ""


DELAYED = "delayed"
ARRIVED = frozenset({"delivered", "relayed", "expanded"})
"""What a report says of a mail that a server took on for good (RFC 3464 2.3.3): its mailbox, a server that tells no further, a list."""
DISPLAYED, DELETED = "displayed", "deleted"
DISPOSITIONS = frozenset({DISPLAYED, DELETED, "dispatched", "processed", "denied"})
"""What a receipt says was done with a mail (RFC 8098 3.2.6.2, and RFC 2298 before it)."""


class DeliveryResult(msgspec.Struct, frozen=True):
    """What became of one recipient (RFC 3464 2.3), or of the mail at theirs (RFC 8098)."""

    recipient: str
    action: str
    """`failed`, `delayed`, `delivered`, `relayed`, `expanded`, or one of `DISPOSITIONS`; "" where it was not stated."""
    status: str = ""
    """The enhanced status code (RFC 3463), such as `5.1.1`; "" where there was none."""
    reason: str = ""
    """What the other server said, as it said it."""


class DeliveryReport(msgspec.Struct, frozen=True):
    """A bounce or another report about a mail of ours (RFC 3464, or read out of a bounce's text)."""

    results: tuple[DeliveryResult, ...]
    original_message_id: MessageId | None = None
    original_subject: str = ""


class Protection(StrEnum):
    """What cryptography was put around a message. Nothing is verified and nothing is decrypted here."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"


class Message(msgspec.Struct, frozen=True):
    """A parsed message. Text is decoded but not yet cleaned of control characters: the gate to the terminal does that."""

    message_id: MessageId | None
    subject: str
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    date: datetime | None
    """With the sender's own offset; None where there was none that could be read."""
    in_reply_to: tuple[MessageId, ...]
    references: tuple[MessageId, ...]
    text: str
    """The whole reading text, nothing folded, lines ended by LF."""
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = Kind.MAIL
    warnings: tuple[str, ...] = ()
    """What had to be guessed, in English, one sentence each; a message that could not be parsed says so here."""
    unparsed: bool = False
    """True: nothing could be made of the bytes; `text` says why and the raw source is all there is."""
    invitation: Invitation | None = None
    report: DeliveryReport | None = None
    protection: Protection | None = None
    list_id: str = ""
    """The List-Id without its brackets (RFC 2919); "" where the mail came by no list."""
    other_ids: tuple[MessageId, ...] = ()
    """What it was called before a mailing list or a relay gave it another Message-ID."""
    hints: tuple[str, ...] = ()
    """What else may say where it belongs, of those who write no References; weak, so that it counts only from a participant."""
