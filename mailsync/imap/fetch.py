"""What somebody asks for by name: one message whole, or one part of it by its section."""

from collections.abc import Mapping

from mailsync.imap.pull import Fetched, lasting
from mailsync.imap.session import MailSession

WHOLE_WITH_FACTS = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"


def fetch_message(session: MailSession, mailbox: str, uidvalidity: int, uid: int) -> Fetched | None:
    """The whole message; None when it is not there any more, or the server cannot hand it over.

    Raises what a session raises.
    """
    if session.select(mailbox).uidvalidity != uidvalidity:
        return None  # RFC 9051 2.3.1.1: this UID may name another message now.
    for found in session.fetch_batches([[uid]], WHOLE_WITH_FACTS):
        for each in found:
            raw = each.sections.get("BODY[]", b"")
            if raw:
                return Fetched(uid, each.internaldate, lasting(each.flags or ()), each.size_bytes or len(raw), raw)
    return None


def fetch_section(session: MailSession, mailbox: str, uidvalidity: int, uid: int, section: str) -> tuple[bytes, bytes] | None:
    """The MIME header and the body, encoded as it came, of one part (RFC 9051 6.4.5); None when the server has no such part."""
    if session.select(mailbox).uidvalidity != uidvalidity:
        return None
    items = f"(UID BODY.PEEK[HEADER] BODY.PEEK[{section}.MIME] BODY.PEEK[{section}])"
    for found in session.fetch_batches([[uid]], items):
        for each in found:
            if body := each.sections.get(f"BODY[{section}]"):
                return _header_of(each.sections, section), body
    return None


def _header_of(sections: Mapping[str, bytes], section: str) -> bytes:
    # Part 1 of a message without parts has no MIME header of its own: the message's says what it is.
    return sections.get(f"BODY[{section}.MIME]") or sections.get("BODY[HEADER]", b"")
