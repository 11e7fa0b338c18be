"""What the send check is told of the world around a draft, read from the store; for the composer, `mado reply` and `mado check` alike."""

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.domain.checks.facts import Attached, Facts
from store.domain.checks.language import language_of
from store.domain.checks.naming import companies_in, personal
from store.domain.checks.recipients import company_of, recipients
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.message import Address
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.settings import InboxSettings
from tui.freezing import not_held_in
from tui.said_before import own_words, said_before

MOST_NAMES = 2_000
MOST_TEXTS = 200
"""Names of the address book, and mails that came in, out of which other customers and their companies are known; the latest."""
CARD_LETTERS = 800
"""Of the end of a mail, where its sender's company stands."""
SAID_LETTERS = 100_000
MESSAGES_READ_FOR_LANGUAGE = 5


@dataclass(frozen=True)
class Surroundings:
    """Who else is known here, as (name or company, whose it is): the same for every draft, so read once for a composer."""

    people: tuple[Address, ...] = ()
    companies: tuple[tuple[str, str], ...] = ()


def surroundings(store: LocalStore, own_addresses: Collection[str]) -> Surroundings:
    """Read them; blocks for some ten milliseconds."""
    people = [Address(name, each.address.casefold()) for each in store.latest_names(MOST_NAMES) if (name := personal(each.name))]
    of: dict[str, set[str]] = {}
    for address, text in store.latest_texts(MOST_TEXTS):
        for company in companies_in(text[-CARD_LETTERS:]):
            of.setdefault(company, set()).add(company_of(address.casefold()))
    # A company that several write of is mostly ourselves, or one that everybody knows.
    companies = tuple((company, next(iter(whose))) for company, whose in of.items() if len(whose) == 1)
    return Surroundings(tuple(one for one in people if one.address not in own_addresses), companies)


@dataclass(frozen=True)
class Desk:
    """Who writes, and from where: what a check needs beside the conversation."""

    store: LocalStore
    own_addresses: frozenset[str]
    inbox: InboxSettings | None
    signature: str


def facts_around(
    desk: Desk, draft: Draft, conversation: Conversation, messages: Sequence[StoredMessage], now: datetime, around: Surroundings | None = None
) -> Facts:
    """Everything the check may know; blocks for some reads, and for comparing with what was sent before.

    Raises:
        StoreError: The store cannot be read.
    """
    store, own = desk.store, desk.own_addresses
    around = around or surroundings(store, own)
    people = tuple(_people(conversation, messages, own))
    theirs = [stored for stored in messages if not stored.outgoing]
    here = {person.address.casefold() for person in people}
    written = {one.address for one in recipients(draft) if one.address}
    companies_here = {company_of(address) for address in here | written}
    said = "\n".join((*here, *(f"{stored.message.subject}\n{stored.message.text}" for stored in theirs)))[:SAID_LETTERS]
    before = said_before(store, draft, own, now)
    template = next((one for one in store.templates() if one.key == draft.template), None) if draft.template else None
    return Facts(
        own_addresses=own,
        own_names=_own_names(desk),
        inbox=conversation.inbox,
        signature=desk.signature,
        people=people,
        wrote=frozenset(address.address.casefold() for stored in theirs for address in stored.message.from_),
        companies=companies_in(said),
        said=said,
        languages=_languages(theirs),
        others=tuple(one.name for one in around.people if one.address not in here | written),
        other_companies=tuple(company for company, whose in around.companies if whose not in companies_here and company not in desk.signature),
        seen=store.seen_addresses(written) if written else frozenset(),
        answered_subject=_answered_subject(draft, messages),
        template_subject=(template.subject or "") if template else "",
        attachments=tuple(_attached(path) for path in draft.attachments),
        today=now.astimezone().date(),
        words=store.team().living_words(),
        unencodable=_unencodable(desk, draft),
        sent_before=before.words if before is not None else (),
    )


def _people(conversation: Conversation, messages: Sequence[StoredMessage], own: Collection[str]) -> Iterable[Address]:
    """Who takes part and is none of us, each once, the customer first."""
    customer = Address(conversation.customer_name, conversation.customer_address)
    told = (Address(fact.from_name, fact.from_address) for fact in conversation.messages if not fact.new_sender)
    named = (Address("", address) for fact in conversation.messages if not fact.new_sender for address in fact.recipients)
    strangers = {fact.message_id for fact in conversation.messages if fact.new_sender}
    written = (
        address
        for stored in messages
        if stored.message_id not in strangers
        for address in (*stored.message.from_, *stored.message.reply_to, *stored.message.to, *stored.message.cc)
    )
    found: dict[str, Address] = {}
    for one in (customer, *told, *written, *named):
        key = one.address.casefold()
        if key and key not in own and (key not in found or not found[key].name):
            found[key] = one
    return found.values()


def _unencodable(desk: Desk, draft: Draft) -> str:
    """Each letter once that the charset of this mail does not have; none where its writer has said that it may go in UTF-8."""
    lost = () if desk.inbox is None or draft.utf_8 else not_held_in(draft, desk.inbox)
    return "".join(dict.fromkeys(each.character for each in lost))


def _own_names(desk: Desk) -> tuple[str, ...]:
    inbox = (desk.inbox.name,) if desk.inbox is not None and desk.inbox.name else ()
    return (*(member.name for member in desk.store.members()), *inbox, *companies_in(desk.signature))


def _languages(theirs: Sequence[StoredMessage]) -> frozenset[str]:
    texts = (own_words(stored.message.text) for stored in theirs[-MESSAGES_READ_FOR_LANGUAGE:])
    return frozenset(language for text in texts if (language := language_of(text)))


def _answered_subject(draft: Draft, messages: Sequence[StoredMessage]) -> str:
    return next((stored.message.subject for stored in messages if stored.message_id == draft.answers), "") if draft.answers else ""


def _attached(path: str) -> Attached:
    file = Path(path).expanduser()
    try:
        size = file.stat().st_size if file.is_file() and os.access(file, os.R_OK) else None
    except OSError:
        size = None
    return Attached(file.name, size)
