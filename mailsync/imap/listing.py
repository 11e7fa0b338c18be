"""What mailboxes a server has for this login, and why one of them cannot be opened (RFC 9051 6.3.9, RFC 2342, RFC 4314)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from mailsync.imap.errors import ImapError, MailboxForbidden, MailboxMissing
from mailsync.imap.names import Mailbox, find_meant, from_wire, in_words, much_like
from mailsync.imap.responses import Completed, Listed, Namespaces, Response, Rights

Ask = Callable[[str], tuple[list[Response], Completed]]
"""Sends a command; returns what came before its end, and the end."""


@dataclass(frozen=True)
class Listing:
    """Every mailbox this login sees. `prefixes`: of its own namespaces; `foreign_prefixes`: of other people's and shared ones."""

    mailboxes: tuple[Mailbox, ...]
    prefixes: tuple[str, ...] = ()
    foreign_prefixes: tuple[str, ...] = ()


def list_mailboxes(ask: Ask, quoted: Callable[[str], str], capabilities: Collection[str], *, utf8: bool) -> Listing:
    """Ask for all of them, also those of other namespaces, which `*` alone shows at some servers only."""
    own: tuple[bytes, ...] = ()
    foreign: tuple[bytes, ...] = ()
    if "NAMESPACE" in capabilities:
        for response in ask("NAMESPACE")[0]:
            if isinstance(response, Namespaces):
                own, foreign = response.own, (*response.others, *response.shared)
    marks = " RETURN (SPECIAL-USE)" if {"SPECIAL-USE", "LIST-EXTENDED"} <= set(capabilities) else ""
    patterns = dict.fromkeys([b"*", *(prefix + b"*" for prefix in foreign if prefix)])
    found: dict[bytes, Mailbox] = {}
    for pattern in patterns:
        before, done = ask(f'LIST "" {quoted(pattern.decode("utf-8", "replace"))}{marks}')
        if done.kind != "OK" and marks:
            # Some offer what they do not understand.
            before, done = ask(f'LIST "" {quoted(pattern.decode("utf-8", "replace"))}')
        for response in before:
            if isinstance(response, Listed):
                found.setdefault(response.name, Mailbox(from_wire(response.name, utf8=utf8), response.name, response.attributes, response.delimiter))
    prefixes = tuple(from_wire(prefix, utf8=utf8) for prefix in own if prefix)
    return Listing(tuple(found.values()), prefixes, tuple(from_wire(prefix, utf8=utf8) for prefix in foreign if prefix))


def meant_by(mailbox: str, listing: Listing) -> Mailbox | None:
    """The mailbox of that name as the server writes it, or None."""
    return find_meant(mailbox, listing.mailboxes, listing.prefixes)


def why_not_opened(host: str, mailbox: str, done: Completed, listing: Listing, rights: Rights | None) -> ImapError:
    """Say why the server opened a mailbox not, as far as it lets us know."""
    meant = meant_by(mailbox, listing)
    if meant is not None and not meant.holds_mail:
        return MailboxMissing(host, mailbox, problem="it only holds other mailboxes")
    if done.code == "NOPERM" or (rights is not None and "r" not in rights.rights):
        return MailboxForbidden(host, mailbox)
    if meant is not None:
        return MailboxMissing(host, mailbox, done.text)
    if like := much_like(mailbox, listing.mailboxes):
        return MailboxMissing(host, mailbox, problem=f"there is none of this name (did you mean {', '.join(like)}?)")
    there = in_words(listing.mailboxes)
    return MailboxMissing(host, mailbox, problem=f"there is none of this name (but {there})") if there else MailboxMissing(host, mailbox, done.text)
