"""A receipt as fields: message/disposition-notification (RFC 8098), in which a recipient's mail program says what became of a mail there."""

from mailsync.mime.carried.report import returned_mail
from mailsync.mime.header.fields import Fields, parse_fields
from mailsync.mime.header.message_ids import message_ids_in
from store.domain.message import DISPOSITIONS, DeliveryReport, DeliveryResult

RECEIPT_TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
LONGEST_ADDRESS = 500


def read_receipt(status: bytes, returned: Fields | None) -> DeliveryReport:
    """For whom, and what was done there: `displayed`, `deleted`, …; the mail it is about. `returned`: that mail's header, where it came along."""
    fields = parse_fields(status.strip(b"\r\n"))
    # `manual-action/MDN-sent-manually; displayed/error`
    done = fields.ascii("disposition").rpartition(";")[2].split("/")[0].split(",")[0].strip()
    recipient = _address(fields, "original-recipient") or _address(fields, "final-recipient")
    message_id, subject = returned_mail(returned)
    named = next(iter(message_ids_in(fields, "original-message-id")), message_id)
    return DeliveryReport((DeliveryResult(recipient, done if done in DISPOSITIONS else ""),), named, subject)


def _address(fields: Fields, name: str) -> str:
    return fields.text(name).rpartition(";")[2].strip().strip("<>").strip()[:LONGEST_ADDRESS]
