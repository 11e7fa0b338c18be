"""What was gathered of a mail becomes a `Message`; bytes of which nothing can be made become one that says why."""

from mailsync.mime.carried.gathering import Carried
from mailsync.mime.gathered import Reading
from mailsync.mime.header.headers import Headers
from mailsync.mime.structure import Part
from mailsync.mime.unread import EMPTY, NO_FIELDS, NO_FIELDS_OF_A_MAIL
from store.domain.message import Kind, Message


def finished(headers: Headers, text: str, reading: Reading, carried: Carried) -> Message:
    """The message of these headers and this text."""
    return Message(
        message_id=headers.message_id,
        subject=headers.subject,
        from_=headers.from_,
        to=headers.to,
        cc=headers.cc,
        reply_to=headers.reply_to,
        date=headers.date,
        in_reply_to=headers.in_reply_to,
        references=headers.references,
        text=text,
        attachments=tuple(reading.attachments),
        kind=Kind.CALENDAR if carried.asks and headers.kind in (Kind.MAIL, Kind.LIST, Kind.AUTO_REPLY) else headers.kind,
        warnings=tuple(dict.fromkeys((*headers.warnings, *reading.warnings))),
        invitation=carried.invitation,
        report=carried.report,
        protection=reading.found.protection,
        list_id=carried.list_id,
        other_ids=headers.other_ids,
        hints=headers.hints,
    )


def unparsed(raw: bytes, root: Part) -> Message:
    """What stands for bytes that are no mail."""
    if not raw.strip():
        reason = EMPTY
    elif root.fields.values:
        reason = NO_FIELDS_OF_A_MAIL
    else:
        reason = NO_FIELDS
    return Message(None, "", (), (), (), (), None, (), (), reason, warnings=(reason,), unparsed=True)
