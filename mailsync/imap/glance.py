"""Whether a mailbox is as it was, and whether more is known of it, without opening it anew."""

from mailsync.imap.mailbox import MailboxStatus
from mailsync.imap.session import MailSession


def glance(session: MailSession, mailbox: str) -> MailboxStatus | None:
    """How a mailbox stands that this connection opened before; None: only opening tells.

    Good for seeing that nothing is new, and for nothing else: what STATUS counts a connection may not have been told of, and could not fetch.
    Asked where the server counts changes (RFC 7162) and it costs nothing: of the open mailbox, and of one smaller than that, for which it
    would be closed. Opening one of 50,000 messages keeps Dovecot busy for 40 ms; this, for less than one.
    """
    opened, seen = session.mailbox, session.seen.get(mailbox)
    if opened is None or seen is None:
        return None
    is_open = opened.mailbox == mailbox
    if not (session.can_vanish if is_open else session.can_condstore and seen.exists < opened.exists):
        return None
    if is_open:
        # RFC 9051 6.3.11: of the open one STATUS may only know what this connection was told.
        session.noop()
        if session.has_news:
            return None
    status = session.status(mailbox)
    return None if status is None or status.seems_wrong_after(seen) else status


def has_told(session: MailSession, mailbox: str, uidvalidity: int) -> bool:
    """Whether this connection has the mailbox open and was told of news in it: new mail can be fetched there without opening it again."""
    opened = session.mailbox
    return session.has_news and opened is not None and opened.mailbox == mailbox and opened.uidvalidity == uidvalidity
