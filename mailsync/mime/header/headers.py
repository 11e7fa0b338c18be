"""A header block as the watcher and the list read it: who, to whom, which thread, what kind."""

import re
from datetime import datetime

import msgspec
from msgspec.structs import replace

from mailsync.mime.header.addresses import parse_addresses
from mailsync.mime.header.dates import parse_date
from mailsync.mime.header.fields import HEADER_BYTES, SKIPPED, Fields, header_end, looks_like_fields, parse_fields
from mailsync.mime.header.kinds import kind_of
from mailsync.mime.header.message_ids import former_ids, hints_in, message_ids_in, without_addresses
from mailsync.mime.header.several import senders_in, text_taken, warnings_of_several
from mailsync.mime.text.charset_labels import Chosen
from store.domain.ids import MessageId
from store.domain.message import Address, Kind

_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n\x00]*")
KNOWN_FIELDS = frozenset(
    {"from", "to", "cc", "subject", "date", "message-id", "received", "content-type", "mime-version", "return-path", "sender", "reply-to"}
)
"""A block without any of these is no header of a mail."""


class Headers(msgspec.Struct, frozen=True):
    """What a header block says. `kind` without knowledge of the parts: an invitation inside a multipart is `mail` here."""

    message_id: MessageId | None
    in_reply_to: tuple[MessageId, ...]
    references: tuple[MessageId, ...]
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    date: datetime | None
    kind: Kind
    warnings: tuple[str, ...]
    other_ids: tuple[MessageId, ...] = ()
    hints: tuple[str, ...] = ()


def parse_headers(raw: bytes) -> Headers:
    """Read the header block of `raw`; a body behind it is not looked at. Never raises."""
    fields, _ = split_message(raw)
    return read_headers(fields)


def split_message(raw: bytes, chosen: Chosen | None = None) -> tuple[Fields, int]:
    """The fields of a message and where its body begins. Without a single header field all of it is body. `chosen`: its charset."""
    found = _LEADING.match(raw)
    start = found.end() if found else 0
    end, body = header_end(raw, start, len(raw))
    if not looks_like_fields(raw[start : min(end, start + 4096)]):
        return Fields(hint=chosen or ""), start
    fields = parse_fields(raw[start : min(end, start + HEADER_BYTES + 1)], chosen)
    if SKIPPED in fields.warnings and (text := _text_without_gap(raw[start : min(end, start + HEADER_BYTES)])) is not None:
        fields, body = parse_fields(raw[start : start + text], chosen), start + text
        fields = replace(fields, warnings=(*fields.warnings, "There is no empty line between header and text."))
    return fields, body


def _text_without_gap(block: bytes) -> int | None:
    """Where the text begins that follows the last field of a block directly; None when the block ends in a field."""
    at, begins = 0, None
    for line in block.splitlines(keepends=True):
        if looks_like_fields(line) or line[:1] in (b" ", b"\t"):
            begins = None if begins is None or looks_like_fields(line) else begins
        elif begins is None:
            begins = at
        at += len(line)
    return begins


def read_headers(fields: Fields, content_types: frozenset[str] = frozenset()) -> Headers:
    """Decode the fields of a message's header."""
    warnings = list(fields.warnings)
    date, date_warning = parse_date(text_taken(fields, "date"))
    from_ = senders_in(fields, "from")
    if not from_:
        from_ = senders_in(fields, "sender")
        warnings.append("There is no From; Sender was taken." if from_ else "There is no From.")
    if date_warning or date is None:
        warnings.append(date_warning or "There is no Date.")
    message_ids = message_ids_in(fields, "message-id")
    if not message_ids:
        warnings.append("There is no Message-ID.")
    warnings += warnings_of_several(fields)
    to, cc, reply_to = _addresses(fields, "to"), _addresses(fields, "cc"), _addresses(fields, "reply-to")
    people = (*from_, *to, *cc, *reply_to)
    subject = text_taken(fields, "subject")
    return Headers(
        message_id=message_ids[0] if message_ids else None,
        in_reply_to=without_addresses(message_ids_in(fields, "in-reply-to"), people),
        references=without_addresses(message_ids_in(fields, "references"), people),
        from_=from_,
        to=to,
        cc=cc,
        reply_to=reply_to,
        subject=subject,
        date=date,
        kind=kind_of(fields, content_types),
        warnings=tuple(warnings),
        other_ids=former_ids(fields),
        hints=hints_in(fields, subject, from_),
    )


def _addresses(fields: Fields, name: str) -> tuple[Address, ...]:
    """The addresses of every field of that name: two To fields mean all of them."""
    return tuple(address for value in fields.values.get(name, ()) for address in parse_addresses(value, fields.hint))
