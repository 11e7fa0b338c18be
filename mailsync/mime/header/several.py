"""Which is meant of several fields of a name that may stand once: a gateway that adds a From, a form that writes Subject twice (RFC 5322 3.6)."""

from collections.abc import Callable

from mailsync.mime.header.addresses import parse_addresses
from mailsync.mime.header.dates import parse_date
from mailsync.mime.header.fields import Fields, unstructured
from mailsync.mime.header.message_ids import message_ids_in
from store.domain.message import Address

MOST_LOOKED_AT = 20

_READS: dict[str, Callable[[bytes, str], bool]] = {
    "from": lambda value, hint: any(sender.address for sender in parse_addresses(value, hint)),
    "sender": lambda value, hint: any(sender.address for sender in parse_addresses(value, hint)),
    "subject": lambda value, hint: bool(unstructured(value, hint).strip()),
    "date": lambda value, hint: parse_date(unstructured(value, hint))[0] is not None,
    "message-id": lambda value, _hint: bool(message_ids_in(Fields({"message-id": [value]}), "message-id")),
}
"""Whether anything can be made of a value."""


def taken_of(fields: Fields, name: str) -> bytes | None:
    """The first field of a name that can be read, else the first; None: there is none. Of To and others that may be several: the first."""
    values = fields.values.get(name)
    return values[_index(fields, name) or 0] if values else None


def text_taken(fields: Fields, name: str) -> str:
    """That field, decoded; "" when there is none."""
    value = taken_of(fields, name)
    return "" if value is None else unstructured(value, fields.hint)


def senders_in(fields: Fields, name: str) -> tuple[Address, ...]:
    """The addresses of From or Sender."""
    value = taken_of(fields, name)
    return () if value is None else parse_addresses(value, fields.hint)


def warnings_of_several(fields: Fields) -> list[str]:
    """What is to be said where there was a choice."""
    warnings: list[str] = []
    for name in ("From", "Subject", "Date", "Message-ID"):
        if len(fields.values.get(name.lower(), ())) > 1 and (index := _index(fields, name.lower())) is not None:
            first, later = (
                f"There is more than one {name}; the first was taken.",
                f"There is more than one {name}; the first that can be read was taken.",
            )
            warnings.append(later if index else first)
    return warnings


def _index(fields: Fields, name: str) -> int | None:
    """Where the first stands that can be read; None: none can. Of a single one nothing is asked."""
    values, reads = fields.values[name], _READS.get(name)
    if len(values) == 1 or reads is None:
        return 0
    return next((index for index, value in enumerate(values[:MOST_LOOKED_AT]) if reads(value, fields.hint)), None)
