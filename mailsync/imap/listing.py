"""What mailboxes a server has for this login, and why one of them cannot be opened (RFC 9051 6.3.9, RFC 2342, RFC 4314)."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec

from mailsync.imap.client import Client
from mailsync.imap.errors import ImapError, MailboxForbidden, MailboxMissing
from mailsync.imap.names import Mailbox, find_meant, from_wire, in_words, much_like
from mailsync.imap.responses import Completed, Listed, Response
from mailsync.imap.written import CONTROLS, quoted

Ask = Callable[[str], tuple[list[Response], Completed]]
"""Sends a command through our own channel; returns what came before its end, and the end."""
Lent = Callable[[], AbstractContextManager[Client]]


class Listing(msgspec.Struct, frozen=True):
    """Every mailbox this login sees. `prefixes`: of its own namespaces; `foreign_prefixes`: of other people's and shared ones."""

    mailboxes: tuple[Mailbox, ...]
    prefixes: tuple[str, ...] = ()
    foreign_prefixes: tuple[str, ...] = ()


def list_mailboxes(lent: Lent, ask: Ask, capabilities: frozenset[str], *, utf8: bool) -> Listing:
    """Ask for all of them, also those of other namespaces, which `*` alone shows at some servers only."""
    found: dict[bytes, Mailbox] = {}
    with lent() as client:
        own, foreign = client.prefixes() if "NAMESPACE" in capabilities else ((), ())
    prefixes = (prefix.decode("utf-8", "replace") for prefix in foreign if prefix)
    # One with control characters in it could not be written; what lies below it is not seen.
    for pattern in dict.fromkeys(["*", *(f"{prefix}*" for prefix in prefixes if not CONTROLS.search(prefix))]):
        for each in _listed(ask, f'LIST "" {quoted(pattern, may_be_utf8=True)}', utf8=utf8):
            found.setdefault(each.wire, each)
    if {"SPECIAL-USE", "LIST-EXTENDED"} <= capabilities and not any("\\sent" in each.attributes for each in found.values()):
        # Some servers show their marks only where they are asked for (RFC 6154 2).
        for each in _listed(ask, 'LIST "" "*" RETURN (SPECIAL-USE)', utf8=utf8):
            there = found.setdefault(each.wire, each)
            found[each.wire] = msgspec.structs.replace(there, attributes=tuple(dict.fromkeys((*there.attributes, *each.attributes))))
    ours = tuple(from_wire(prefix, utf8=utf8) for prefix in own if prefix)
    return Listing(tuple(found.values()), ours, tuple(from_wire(prefix, utf8=utf8) for prefix in foreign if prefix))


def _listed(ask: Ask, command: str, *, utf8: bool) -> list[Mailbox]:
    listed = [response for response in ask(command)[0] if isinstance(response, Listed)]
    return [Mailbox(from_wire(each.name, utf8=utf8), each.name, each.attributes, each.delimiter) for each in listed]


def meant_by(mailbox: str, listing: Listing) -> Mailbox | None:
    """The mailbox of that name as the server writes it, or None."""
    return find_meant(mailbox, listing.mailboxes, listing.prefixes)


def why_not_opened(host: str, mailbox: str, done: Completed, listing: Listing, rights: str | None) -> ImapError:
    """Say why the server opened a mailbox not, as far as it lets us know; `rights` are those of MYRIGHTS."""
    meant = meant_by(mailbox, listing)
    if meant is not None and not meant.holds_mail:
        return MailboxMissing(host, mailbox, problem="it only holds other mailboxes")
    if done.code == "NOPERM" or (rights is not None and "r" not in rights):
        return MailboxForbidden(host, mailbox)
    if meant is not None:
        return MailboxMissing(host, mailbox, done.text)
    if like := much_like(mailbox, listing.mailboxes):
        return MailboxMissing(host, mailbox, problem=f"there is none of this name (did you mean {', '.join(like)}?)")
    there = in_words(listing.mailboxes)
    return MailboxMissing(host, mailbox, problem=f"there is none of this name (but {there})") if there else MailboxMissing(host, mailbox, done.text)
