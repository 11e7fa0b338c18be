"""What a session tells of a mailbox: values only."""

from dataclasses import dataclass
from datetime import datetime

from mailsync.imap.uids import UidRanges


@dataclass(frozen=True)
class MailboxStatus:
    """A mailbox as it was when it was opened. `highestmodseq` is None where the server keeps none (RFC 7162 3.1.2)."""

    mailbox: str
    uidvalidity: int
    uidnext: int
    exists: int
    highestmodseq: int | None = None


@dataclass(frozen=True)
class MailboxChanges:
    """What happened to messages we know: flags now, and UIDs that are gone."""

    flags: dict[int, tuple[str, ...]]
    vanished: UidRanges


@dataclass(frozen=True)
class MessageHeaders:
    """What the server's watcher needs of a message; `headers` ends with the empty line."""

    uid: int
    size_bytes: int
    internaldate: datetime | None
    headers: bytes
