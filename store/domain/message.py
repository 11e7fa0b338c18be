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
    """A part that is not read as text. `part` is its IMAP section number (RFC 9051 6.4.5), such as `2.1`."""

    name: str
    content_type: str
    size_bytes: int
    part: str
    inline: bool = False


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
