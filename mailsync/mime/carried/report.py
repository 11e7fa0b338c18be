"""A delivery report as fields: multipart/report with message/delivery-status (RFC 3462, RFC 3464), and the mail it is about."""

import re

from mailsync.mime.header.fields import Fields, parse_fields
from mailsync.mime.header.message_ids import message_ids_in
from store.domain.ids import MessageId
from store.domain.message import DeliveryReport, DeliveryResult
from store.domain.own_id import read_own_id

MAX_RESULTS = 200
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status", "text/delivery-status"})
RETURNED_TYPES = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers", "message/global-headers"}
)
LONGEST_REASON = 4_000
"""Characters."""

LONGEST_ENVELOPE_ID = 100
"""RFC 3461 4.4."""
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_BARE_ID = re.compile(r"[!-;=?-~]{1,200}@[!-;=?-~]{1,200}")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SPACES = re.compile(r"\s+")
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_ABOUT_ONE = ("final-recipient", "original-recipient", "action", "status")


def read_report(status: bytes, returned: Fields | None) -> DeliveryReport:
    """What a delivery-status part says of each recipient. `returned`: the header of the mail that came back, where it did."""
    results: list[DeliveryResult] = []
    enveloped: MessageId | None = None
    for block in _BLANK_LINE.split(status.strip(), MAX_RESULTS * 2):
        fields = parse_fields(block.strip(b"\r\n"))
        enveloped = enveloped or message_id_in_envelope(fields.text("original-envelope-id"))
        if any(name in fields.values for name in _ABOUT_ONE):
            results += _results(fields)
            if len(results) >= MAX_RESULTS:
                break
    message_id, subject = returned_mail(returned)
    ours = enveloped if enveloped is not None and read_own_id(enveloped) else None
    return DeliveryReport(tuple(results[:MAX_RESULTS]), ours or message_id or enveloped, subject)


def envelope_id(message_id: MessageId) -> str | None:
    """A Message-ID as the ENVID of its submission (RFC 3461 4.4, in xtext); None where it would be too long."""
    bare = message_id.strip("<>")
    encoded = "".join(each if "!" <= each <= "~" and each not in "+=" else f"+{ord(each):02X}" for each in bare) if bare.isascii() else ""
    return encoded if 0 < len(encoded) <= LONGEST_ENVELOPE_ID else None


def message_id_in_envelope(value: str) -> MessageId | None:
    """The Message-ID that `envelope_id` made an ENVID of; None where it is another's."""
    bare = _XTEXT.sub(lambda found: chr(int(found[1], 16)), value.strip())
    return MessageId(f"<{bare}>") if _BARE_ID.fullmatch(bare) else None


def returned_mail(fields: Fields | None) -> tuple[MessageId | None, str]:
    """The Message-ID and the subject of the mail a report is about. One that we passed on is named by the id it was passed on under."""
    if fields is None:
        return None, ""
    resent = (named for named in message_ids_in(fields, "resent-message-id") if read_own_id(named))
    return next(resent, next(iter(message_ids_in(fields, "message-id")), None)), fields.text("subject")


def _results(fields: Fields) -> list[DeliveryResult]:
    """One block is one recipient; broken reporters put several into one, each beginning with its Final-Recipient."""
    count = max(1, min(len(fields.values.get("final-recipient", ())), MAX_RESULTS))
    return [_result(fields, index) for index in range(count)]


def _result(fields: Fields, index: int) -> DeliveryResult:
    def value(name: str) -> str:
        found = fields.values.get(name, [])
        raw = found[index] if index < len(found) else found[0] if len(found) == 1 else b""
        return Fields({name: [raw]}).text(name)

    action = value("action").split("(")[0].strip().lower()
    stated = value("status")
    said = _typed(value("diagnostic-code"))
    comment = stated.partition("(")[2].rpartition(")")[0]
    found = _STATUS.search(stated) or _STATUS.search(said)
    return DeliveryResult(
        recipient=_recipient(value("original-recipient")) or _recipient(value("final-recipient")),
        action=action if action in _ACTIONS else "",
        status=found[1] if found else "",
        reason=one_line(said or comment),
    )


def _typed(value: str) -> str:
    """A value without the type before it: `smtp; 550 …`, `rfc822; a@example.com`."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and re.fullmatch(r"\s*[\w-]{1,30}\s*", kind) else value.strip()


def _recipient(value: str) -> str:
    address = _typed(value).strip().strip("<>").strip()
    return address[:500] if address.lower() not in ("", "unknown", "unknown-recipient") else ""


def one_line(text: str) -> str:
    """What a server said over several lines, on one."""
    return _SPACES.sub(" ", text).strip()[:LONGEST_REASON]
