"""What a session tells of a mailbox: values only."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from mailsync.imap.responses import Completed, Counted, Exists, Response, Said
from mailsync.imap.uids import HIGHEST_NUMBER, HIGHEST_UID, UidRanges

NUMBER = re.compile(r"\d{1,20}")


class MailboxStatus(msgspec.Struct, frozen=True):
    """A mailbox as it was when it was opened. `highestmodseq` is None where the server keeps none (RFC 7162 3.1.2)."""

    mailbox: str
    uidvalidity: int
    uidnext: int
    exists: int
    highestmodseq: int | None = None

    def seems_wrong_after(self, seen: "MailboxStatus | None") -> bool:
        """Whether UIDNEXT cannot be right: missing, too small for so many messages, or as before though there are more (`seen`)."""
        if self.uidnext <= self.exists:
            return True
        return seen is not None and seen.uidvalidity == self.uidvalidity and self.exists > seen.exists and self.uidnext <= seen.uidnext


def status_of(mailbox: str, responses: Sequence[Response]) -> MailboxStatus:
    """Read what a server says when it opens a mailbox, in whatever order; what it leaves out, or writes as no number, is 0."""
    codes = {said.code: said.argument for said in responses if isinstance(said, Said | Completed) and said.argument}
    # What no store could take, or no UID could be, is as good as not said (RFC 9051 2.3.1.1, RFC 7162 7).
    highest = {"UIDNEXT": HIGHEST_UID + 1}
    said = {code: int(found[0]) for code, argument in codes.items() if (found := NUMBER.match(argument))}
    numbers = {code: number for code, number in said.items() if number <= highest.get(code, HIGHEST_NUMBER)}
    exists = max((response.count for response in responses if isinstance(response, Exists)), default=0)
    return MailboxStatus(mailbox, numbers.get("UIDVALIDITY", 0), max(1, numbers.get("UIDNEXT", 0)), exists, numbers.get("HIGHESTMODSEQ") or None)


ASKED = ("UIDNEXT", "UIDVALIDITY", "HIGHESTMODSEQ")
STATUS_ITEMS = "(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"
"""Asked of a mailbox that is not opened for it (RFC 9051 6.3.11, RFC 7162 3.1.7)."""


def counted_status(mailbox: str, responses: Sequence[Response]) -> MailboxStatus | None:
    """Read the answer to `STATUS_ITEMS`; None where anything of it is missing or too large, or the server counts no changes there."""
    for told in responses:
        if isinstance(told, Counted) and all(0 < told.counts.get(name, 0) <= HIGHEST_NUMBER for name in ASKED):
            counts = told.counts
            return MailboxStatus(mailbox, counts["UIDVALIDITY"], counts["UIDNEXT"], counts.get("MESSAGES", 0), counts["HIGHESTMODSEQ"])
    return None


class MailboxChanges(msgspec.Struct, frozen=True):
    """What happened to messages we know: flags now, and UIDs that are gone."""

    flags: dict[int, tuple[str, ...]]
    vanished: UidRanges


class MessageHeaders(msgspec.Struct, frozen=True):
    """What the server's watcher needs of a message; `headers` ends with the empty line."""

    uid: int
    size_bytes: int
    internaldate: datetime | None
    headers: bytes
