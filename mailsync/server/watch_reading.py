"""From a mail as a mailbox shows it to what the journal is told: pure, and the same whoever reads it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mailsync.mime.hash import content_sha256
from mailsync.mime.header.headers import parse_headers
from store.domain.commands import RecordMessage
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.message import Address, DeliveryReport, DeliveryResult, Kind
from store.domain.threading import synthetic_message_id, thread_key
from store.local.pulled import PulledMail

LONGEST_SUBJECT = 998
"""What a line of RFC 5322 may hold. The journal is for ever and goes to everybody; the whole subject is in the mailbox."""
MOST_RECIPIENTS = 200
LONGEST_REASON = 500


@dataclass(frozen=True)
class Entry:
    """One mail on its way into the journal; `at` is when the server got it, by which mailboxes are merged."""

    uid: int
    at: datetime
    command: RecordMessage


@dataclass(frozen=True)
class SeenMail:
    """A mail without its body, as IMAP gives it. `internaldate` None where the server's own could not be read."""

    uid: int
    size_bytes: int
    internaldate: datetime | None
    headers: bytes
    report: DeliveryReport | None = None
    """Of a bounce, where somebody looked into it: the mail it brings back, and for whom."""


@dataclass(frozen=True)
class Place:
    """Where it was seen. `sent`: what lies there was written by us, whatever its From says; nothing else was, for anybody can write a From."""

    inbox: InboxKey
    sent: bool


def entry_of_seen(seen: SeenMail, place: Place, now: datetime) -> Entry:
    """What the journal is told of a mail of which only the header was read. Never raises."""
    headers = parse_headers(seen.headers)
    sha256 = content_sha256(seen.headers, seen.size_bytes)
    at = seen.internaldate or now
    command = record_message(
        place,
        message_id=headers.message_id,
        sha256=sha256,
        kind=headers.kind,
        from_=headers.from_,
        recipients=(*headers.to, *headers.cc),
        subject=headers.subject,
        date=headers.date or at,
        in_reply_to=headers.in_reply_to,
        references=headers.references,
        other_ids=headers.other_ids,
        hints=headers.hints,
        reported=seen.report.original_message_id if seen.report else None,
        delivery=seen.report.results if seen.report else (),
    )
    return Entry(seen.uid, at, command)


def entry_of_pulled(mail: PulledMail, inbox: InboxKey) -> Entry:
    """The same of a mail that a client has stored whole."""
    message = mail.message
    command = record_message(
        Place(inbox, sent=mail.outgoing),
        message_id=mail.message_id,
        sha256=mail.content_sha256,
        kind=message.kind,
        from_=message.from_,
        recipients=(*message.to, *message.cc),
        subject=message.subject,
        date=message.date or mail.internaldate,
        in_reply_to=message.in_reply_to,
        references=message.references,
        other_ids=message.other_ids,
        hints=message.hints,
        reported=message.report.original_message_id if message.report else None,
        delivery=message.report.results if message.report else (),
    )
    return Entry(mail.uid, mail.internaldate, command)


def record_message(
    place: Place,
    *,
    message_id: MessageId | None,
    sha256: str,
    kind: Kind,
    from_: Sequence[Address],
    recipients: Sequence[Address],
    subject: str,
    date: datetime,
    in_reply_to: tuple[MessageId, ...],
    references: tuple[MessageId, ...],
    other_ids: tuple[MessageId, ...] = (),
    hints: tuple[str, ...] = (),
    reported: MessageId | None = None,
    delivery: Sequence[DeliveryResult] = (),
) -> RecordMessage:
    """The command; a mail without a Message-ID gets the one that every reader of it computes."""
    known_id = message_id or synthetic_message_id(sha256)
    key = thread_key(place.inbox, known_id, in_reply_to, references, other_ids, reported)
    sender = from_[0] if from_ else Address("", "")
    return RecordMessage(
        conversation_id=ConversationId(key),
        inbox=place.inbox,
        thread_key=key,
        message_id=known_id,
        content_sha256=sha256,
        inbound=not place.sent,
        kind=kind,
        from_name=storable(sender.name),
        from_address=storable(sender.address),
        recipients=addresses(recipients),
        subject=storable(subject[:LONGEST_SUBJECT]),
        date=in_utc(date),
        in_reply_to=in_reply_to,
        references=references,
        other_ids=other_ids,
        hints=hints,
        reported=reported,
        delivery=tuple(storable_result(result) for result in delivery[:MOST_RECIPIENTS]),
    )


def wants_its_body(entry: Entry, seen: SeenMail) -> bool:
    """Whether it is a bounce or a receipt: which mail it is about, for whom and why is said in its body."""
    kind = entry.command.kind
    return kind is Kind.BOUNCE or (kind is Kind.AUTO_REPLY and b"disposition-notification" in seen.headers.lower())


def storable_result(result: DeliveryResult) -> DeliveryResult:
    """The same with as much as the journal keeps of it."""
    return DeliveryResult(storable(result.recipient), result.action, result.status, storable(result.reason[:LONGEST_REASON]))


def addresses(recipients: Collection[Address]) -> tuple[str, ...]:
    """Each address once, in order, lower case."""
    return tuple(dict.fromkeys(storable(each.address.lower()) for each in recipients if each.address))[:MOST_RECIPIENTS]


def in_utc(date: datetime) -> datetime:
    """The same moment in UTC; at the ends of the calendar, where there is none, the same clock face."""
    try:
        return date.astimezone(UTC)
    except OverflowError:
        return date.replace(tzinfo=UTC)


def storable(text: str) -> str:
    """The text without lone surrogates: no JSON can hold them, and one hostile subject must not stop the watcher."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
