"""What a message carries beside its texts and files: an invitation, a delivery report, its list; made from the parts that were gathered."""

import re
from typing import NamedTuple

from msgspec.structs import replace

from mailsync.mime.carried.bounce_text import read_bounce_text
from mailsync.mime.carried.invitation import read_invitation
from mailsync.mime.carried.receipt import RECEIPT_TYPES, read_receipt
from mailsync.mime.carried.report import STATUS_TYPES, read_report
from mailsync.mime.gathered import Reading
from mailsync.mime.header.fields import Fields, parse_fields
from mailsync.mime.structure import Part
from store.domain.message import DeliveryReport, Invitation, Kind

MAX_CALENDARS = 3
MAX_BODIES = 3
"""Texts of winmail.dat that are tried."""
HEADER_BYTES = 65_536
"""Of the mail a report brings back."""
STATUS_BYTES = 262_144

_ASKING = frozenset({"request", "reply", "cancel", "counter", "declinecounter", "add", "refresh"})
"""Methods of RFC 5546 with which programs talk about an event; `publish`, or none, is a person who sends a date along."""
_LIST_ID = re.compile(r"<([^<>]{1,500})>")


class Carried(NamedTuple):
    """`asks`: the calendar part is what the mail is there for."""

    invitation: Invitation | None
    asks: bool
    report: DeliveryReport | None
    list_id: str


def carried_by(root: Part, reading: Reading, kind: Kind) -> Carried:
    """Read the gathered parts. Where the mail has no text, that of the invitation or of winmail.dat is added to it."""
    read_packed_text(reading)
    invitation, asks = _invitation(root, reading)
    return Carried(invitation, asks, _report(root, reading) if kind is Kind.BOUNCE else _receipt(reading), _list_id(root.fields))


def read_packed_text(reading: Reading) -> None:
    """Where there is no text, add the one that lies in a winmail.dat."""
    if not reading.has_text:
        for body in reading.found.bodies[:MAX_BODIES]:
            if text := body.text():
                reading.texts.append(text)
                return


def _invitation(root: Part, reading: Reading) -> tuple[Invitation | None, bool]:
    asks = "calendarmessage" in root.fields.ascii("content-class")
    for part in reading.found.calendars[:MAX_CALENDARS]:
        method = part.parameters.get("method", "")
        asks |= part.content_type == "text/calendar" and (method.lower() in _ASKING or part is root)
        read = read_invitation(part.content()[0], charset=part.parameters.get("charset", ""), method=method)
        if read is not None:
            reading.warn(*read.warnings)
            if not reading.has_text and read.description:
                reading.texts.append(read.description)
            return read.invitation, asks or (part.content_type == "text/calendar" and read.invitation.method in _ASKING)
    return None, asks


def _receipt(reading: Reading) -> DeliveryReport | None:
    status = reading.found.status
    if status is None or status.content_type not in RECEIPT_TYPES:
        return None
    return read_receipt(status.content()[0][:STATUS_BYTES], _returned_fields(reading.found.returned))


def _report(root: Part, reading: Reading) -> DeliveryReport | None:
    found = reading.found
    back = found.returned or next((part for part in root.own() if part.is_message and part.children), None)
    returned = _returned_fields(back)
    # Behind the first text stands the mail that came back: its addresses are none that failed.
    said = "\n\n".join(reading.texts[:1] if back is not None else reading.texts)
    status = found.status or (root if root.content_type in STATUS_TYPES else None)
    if status is not None:
        report = read_report(status.content()[0][:STATUS_BYTES], returned)
        if report.results and all(result.reason for result in report.results):
            return report
        if report.results:
            return _completed(report, read_bounce_text(said, root.fields, returned))
    told = read_bounce_text(said, root.fields, returned)
    return told if told.results or told.original_message_id else None


def _completed(report: DeliveryReport, told: DeliveryReport) -> DeliveryReport:
    """Where the part for machines gives no reason, the one for people often does."""
    reasons = {result.recipient.lower(): result.reason for result in told.results}
    results = tuple(result if result.reason else replace(result, reason=reasons.get(result.recipient.lower(), "")) for result in report.results)
    return replace(report, results=results)


def _returned_fields(part: Part | None) -> Fields | None:
    if part is None:
        return None
    if part.children:
        return part.children[0].fields
    return parse_fields(part.content()[0][:HEADER_BYTES].lstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n\n", 1)[0])


def _list_id(fields: Fields) -> str:
    """RFC 2919: what stands in the brackets; a bare value as some lists write it."""
    if "list-id" not in fields.values:
        return ""
    text = fields.text("list-id")
    found = _LIST_ID.search(text)
    return (found[1] if found else text).strip()[:500]
