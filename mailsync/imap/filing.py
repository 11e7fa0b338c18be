"""APPEND (RFC 9051 6.3.12): hands a message over to be kept in a mailbox."""

from collections.abc import Sequence
from datetime import datetime

from mailsync.imap.channel import CRLF, Channel
from mailsync.imap.errors import CommandRefused, MailboxMissing
from mailsync.imap.responses import Completed, Continue
from mailsync.imap.written import internaldate


def file_message(
    channel: Channel, host: str, mailbox: str, written: str, raw: bytes, *, flags: Sequence[str] = (), date: datetime | None = None
) -> None:
    """File a message; `written` is the mailbox's name as the server reads it. Raises what `MailSession.append` raises."""
    moment = f' "{internaldate(date)}"' if date else ""
    tag = channel.start(f"APPEND {written} ({' '.join(flags)}){moment} {{{len(raw)}}}")
    while not isinstance(answer := channel.next(), Continue) and not (isinstance(answer, Completed) and answer.tag == tag):
        pass  # what the server has to tell meanwhile is told again when the mailbox is looked at
    if isinstance(answer, Continue):
        channel.send(raw + CRLF)
        answer = channel.finish(tag)[1]
    if answer.code == "TRYCREATE":
        raise MailboxMissing(host, mailbox, answer.text)
    if answer.kind != "OK":
        raise CommandRefused(host, f"a copy into {mailbox}", answer.text)
