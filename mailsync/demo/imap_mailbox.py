"""Mailboxes that live in memory: UIDs, flags and modseqs as RFC 9051 and RFC 7162 want them. Safe from any thread."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

SPECIAL_USE = {"Sent": "\\Sent", "Drafts": "\\Drafts", "Trash": "\\Trash"}


@dataclass
class StoredMail:
    """One message of a mailbox; `modseq` is that of its last change."""

    uid: int
    raw: bytes
    internaldate: datetime
    flags: frozenset[str]
    modseq: int


@dataclass
class MemoryMailbox:
    """Messages in the order of their UIDs, and what is remembered of those that are gone."""

    uidvalidity: int
    uidnext: int = 1
    highestmodseq: int = 1
    mails: dict[int, StoredMail] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)
    """UID → the modseq of its removal."""

    def step(self) -> int:
        """The next modseq."""
        self.highestmodseq += 1
        return self.highestmodseq


class MemoryAccount:
    """One user's mailboxes. Every change calls `on_change`, on the changing thread."""

    def __init__(self, password: str, on_change: Callable[[], None]) -> None:
        self.password = password
        self.lock = threading.RLock()
        self._on_change = on_change
        self._uidvalidity = 1_700_000_000
        self.mailboxes = {name: self._new_mailbox() for name in ("INBOX", *SPECIAL_USE)}

    def _new_mailbox(self) -> MemoryMailbox:
        self._uidvalidity += 1
        return MemoryMailbox(self._uidvalidity)

    def find(self, name: str) -> MemoryMailbox | None:
        """The mailbox of this name; INBOX is written in any case (RFC 9051 5.1)."""
        return self.mailboxes.get("INBOX" if name.upper() == "INBOX" else name)

    def add(self, name: str, raw: bytes, internaldate: datetime | None = None, flags: Iterable[str] = ()) -> int:
        """File a message; returns its UID. Raises KeyError for a mailbox that is not there."""
        with self.lock:
            mailbox = self.mailboxes[name]
            uid = mailbox.uidnext
            mailbox.uidnext += 1
            mailbox.mails[uid] = StoredMail(uid, raw, internaldate or datetime.now(UTC), frozenset(flags), mailbox.step())
        self._on_change()
        return uid

    def set_flags(self, name: str, uid: int, flags: Iterable[str]) -> None:
        """Give a message other flags."""
        with self.lock:
            mailbox = self.mailboxes[name]
            mail = mailbox.mails[uid]
            mailbox.mails[uid] = StoredMail(uid, mail.raw, mail.internaldate, frozenset(flags), mailbox.step())
        self._on_change()

    def expunge(self, name: str, uid: int) -> None:
        """Take a message away."""
        with self.lock:
            mailbox = self.mailboxes[name]
            del mailbox.mails[uid]
            mailbox.gone[uid] = mailbox.step()
        self._on_change()

    def renumber(self, name: str) -> None:
        """Lose the index: another UIDVALIDITY, UIDs from 1 again, the same messages."""
        with self.lock:
            old = self.mailboxes[name]
            self.mailboxes[name] = new = self._new_mailbox()
            for mail in old.mails.values():
                new.mails[new.uidnext] = StoredMail(new.uidnext, mail.raw, mail.internaldate, mail.flags, new.step())
                new.uidnext += 1
        self._on_change()
