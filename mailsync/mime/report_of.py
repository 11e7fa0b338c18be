"""What a bounce says, for whoever has read no more than its beginning; pure."""

from mailsync.mime.carried.returned import LOOKED_AT_BYTES, returned_id
from mailsync.mime.parse import parse_message
from store.domain.message import DeliveryReport


def report_of(raw: bytes) -> DeliveryReport:
    """Whom it did not reach and why, as far as the first 64 KiB say it, and which mail that was. Never raises."""
    raw = raw[:LOOKED_AT_BYTES]
    report = parse_message(raw).report or DeliveryReport(())
    return DeliveryReport(report.results, report.original_message_id or returned_id(raw), report.original_subject)
