"""Templates merged for one customer: `{{customer}}`, or `{{customer|お客様}}` with what to say when it is not known."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

import msgspec

from store.domain.conversation import Conversation
from store.domain.field_names import ALIASES, HOLIDAYS, KNOWN_BY_DOMAIN, as_named, date_field, days_in, family_name
from store.domain.field_values import FieldOf, FieldValue
from store.domain.ids import MemberKey
from store.domain.message import Message

FIELD = re.compile(r"\{\{([^{}|\r\n]*)(?:\|([^{}\r\n]*))?\}\}")
"""A field in a text: its name, and what stands in for it."""


class Merged(msgspec.Struct, frozen=True):
    """A merged text. `unresolved`: the names nobody could fill, each once, in order; they still stand in `text` and stop the send."""

    text: str
    unresolved: tuple[str, ...] = ()


class Fields(Mapping[str, str | None]):
    """What fields mean in one reply. Dates are reckoned from `today` where they are asked for: `{{date+3}}`."""

    def __init__(self, values: Mapping[str, str | None], today: date, holidays: frozenset[date] = frozenset()) -> None:
        self._values = values
        self._today = today
        self._holidays = holidays

    def __getitem__(self, name: str) -> str | None:
        named = as_named(name)
        if named in self._values:
            return self._values[named]
        found = date_field(named, self._today, self._holidays)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def with_values(self, more: Mapping[str, str | None]) -> "Fields":
        """The same, with others that count before: a row of a table, what an agent has typed."""
        return Fields({**self._values, **more}, self._today, self._holidays)


def merge(template: str, fields: Mapping[str, str | None]) -> Merged:
    """The template with its fields filled. What is filled in is text: braces in a customer's name are not read again."""
    unresolved: dict[str, None] = {}

    def filled(match: re.Match[str]) -> str:
        name = match[1].strip()
        value = fields.get(name)
        if not value:
            value = match[2]
        if value is None:
            unresolved[name] = None
            return match[0]
        return value

    return Merged(FIELD.sub(filled, template), tuple(unresolved))


def fields_for(
    conversation: Conversation,
    message: Message | None,
    agent_name: str,
    inbox_name: str,
    now: datetime,
    own: Mapping[str, FieldValue] | None = None,
    member: MemberKey | None = None,
) -> Fields:
    """What each field means in a reply to `message` (None: to the conversation's customer). `now` is in the zone the date shall be told in.

    None where it is not known. Names are one line each: they may end up in a subject. `own`: the team's own fields, of which the most
    particular counts: the `member`'s who writes, then the inbox's, that of the customer's domain, the team's.
    """
    sender = message.from_[0] if message is not None and message.from_ else None
    customer = one_line(sender.name if sender is not None else conversation.customer_name)
    address = sender.address if sender is not None else conversation.customer_address
    values: dict[str, str | None] = {
        "customer": customer,
        "family_name": family_name(customer or ""),
        "agent": one_line(agent_name),
        "inbox": one_line(inbox_name),
        "number": str(conversation.number) if conversation.number else None,
    }
    values |= {alias: values[name] for name, aliases in ALIASES.items() for alias in aliases}
    domain = address.rpartition("@")[2].casefold()
    theirs = _own_values(own or {}, {FieldOf.MEMBER: member or "", FieldOf.INBOX: conversation.inbox, FieldOf.DOMAIN: domain})
    for name, aliases in KNOWN_BY_DOMAIN.items():
        known = next((theirs[each] for each in (name, *aliases) if each in theirs), None)
        values |= dict.fromkeys((name, *aliases), known)
    holidays = frozenset(day for name in HOLIDAYS for day in days_in(theirs.get(name, "")))
    return Fields({**theirs, **values}, now.date(), holidays)


def _own_values(own: Mapping[str, FieldValue], of: Mapping[FieldOf, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for belongs in (FieldOf.TEAM, FieldOf.DOMAIN, FieldOf.INBOX, FieldOf.MEMBER):
        values |= {one.name: one.value for one in own.values() if one.belongs is belongs and one.of == of.get(belongs, "")}
    return values


def one_line(text: str) -> str | None:
    """On one line, without spaces around it; None when nothing is left."""
    return " ".join(text.split()) or None
