"""How values are written into commands (RFC 9051 9): strings that can end no command early, dates."""

import re
from datetime import UTC, datetime

from mailsync.imap.errors import CommandRefused
from mailsync.imap.names import Mailbox, to_wire

CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class WrittenNames:
    """How one server reads the names of mailboxes: as RFC 3501 or RFC 6855 says, or as it was seen to write them itself."""

    def __init__(self, *, utf8: bool) -> None:
        self.utf8 = utf8
        """Names are UTF-8 on the wire (RFC 6855)."""
        self._seen: dict[str, str] = {}

    def written(self, mailbox: str) -> str:
        """The name to be sent, quoted."""
        if (seen := self._seen.get(mailbox)) is not None:
            return seen
        return quoted(mailbox, may_be_utf8=True) if self.utf8 else quoted(to_wire(mailbox))

    def learn(self, mailbox: str, meant: Mailbox) -> bool:
        """The server did not know it as written: write it as it does. False where that is the same, or was tried already."""
        tried = self.written(mailbox)
        was_seen = self._seen.pop(mailbox, None) is not None
        as_listed = quoted(meant.wire.decode("utf-8", "replace"), may_be_utf8=True)
        if was_seen or as_listed == tried:
            return False
        self._seen[mailbox] = as_listed
        return True


def quoted(text: str, *, may_be_utf8: bool = False) -> str:
    """A quoted string; raises CommandRefused for what would end the command early."""
    if CONTROLS.search(text) or not (text.isascii() or may_be_utf8):
        raise CommandRefused("this program", "to send", "a name with control characters")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def internaldate(date: datetime) -> str:
    """A date-time, in UTC."""
    utc = date.astimezone(UTC)
    return f"{utc.day:2d}-{MONTHS[utc.month - 1]}-{utc.year} {utc:%H:%M:%S} +0000"
