"""How values are written into commands (RFC 9051 9): strings that can end no command early, dates."""

from datetime import UTC, datetime

from mailsync.imap.errors import CommandRefused
from mailsync.imap.names import Mailbox

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def quoted_wire(mailbox: Mailbox) -> str:
    """A name as the server wrote it itself."""
    return quoted(mailbox.wire.decode("utf-8", "replace"), may_be_utf8=True)


def quoted(text: str, *, may_be_utf8: bool = False) -> str:
    """A quoted string; raises CommandRefused for what would end the command early."""
    if any(ord(letter) < ord(" ") or letter == "\x7f" for letter in text) or not (text.isascii() or may_be_utf8):
        raise CommandRefused("this program", "to send", "a name with control characters")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def internaldate(date: datetime) -> str:
    """A date-time, in UTC."""
    utc = date.astimezone(UTC)
    return f"{utc.day:2d}-{MONTHS[utc.month - 1]}-{utc.year} {utc:%H:%M:%S} +0000"
