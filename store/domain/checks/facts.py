"""What the send check knows beside the draft; the caller reads it from the store and hands it in whole."""

from datetime import date

import msgspec

from store.domain.house_words import HouseWord
from store.domain.ids import InboxKey
from store.domain.message import Address

LARGEST_BYTES = 25 * 1024 * 1024
"""Of a mail's attachments all together: most mail servers take no more, and would say so only after the hold."""


class Attached(msgspec.Struct, frozen=True):
    """A file as the draft names it; `size_bytes` None: it cannot be read."""

    name: str
    size_bytes: int | None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The world around one draft. Whatever is left out is not known, and what needs it says nothing."""

    own_addresses: frozenset[str] = frozenset()
    """Of all our inboxes, lower case."""
    own_names: tuple[str, ...] = ()
    """Of members, inboxes and the house."""
    inbox: InboxKey = InboxKey("")
    signature: str = ""
    """What stands below the writer's mails; it is not checked."""
    people: tuple[Address, ...] = ()
    """Who takes part in the conversation, the customer first."""
    wrote: frozenset[str] = frozenset()
    """Addresses of outside people who themselves wrote in it, lower case."""
    companies: tuple[str, ...] = ()
    """Of those who take part, as far as known."""
    said: str = ""
    """What the customer's side wrote in the conversation: whoever it names has a part in it."""
    languages: frozenset[str] = frozenset()
    """In which the customer's side wrote (ISO 639-1); empty: not known."""
    others: tuple[str, ...] = ()
    """Names of other customers."""
    other_companies: tuple[str, ...] = ()
    seen: frozenset[str] | None = None
    """Of the draft's recipients those the team ever wrote to or heard of, lower case; None: not known."""
    answered_subject: str = ""
    template_subject: str = ""
    """The subject of the template that was used."""
    attachments: tuple[Attached, ...] = ()
    largest_bytes: int = LARGEST_BYTES
    today: date | None = None
    """In the writer's zone; None: dates without a year are not judged."""
    words: tuple[HouseWord, ...] = ()
    """The house's list; those of other inboxes do not count."""
    unencodable: str = ""
    """Letters that the charset of this mail cannot hold."""
    sent_before: tuple[str, ...] = ()
    """Who sent much the same within a day, when, and in which conversation; empty: nobody."""
