"""What may be said beside the addresses of MAIL and RCPT, of what this server offers; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mailsync.smtp.wire import refused_by_us
from store.domain.outbox import Envelope, RecipientResult

Dsn = Literal["off", "failure", "success"]


@dataclass(frozen=True)
class Reporting:
    """Which reports are asked for (RFC 3461). `envelope_id`: in xtext, what they will name this mail by; "": nothing."""

    dsn: Dsn = "failure"
    envelope_id: str = ""


def asked_for(inbox: Dsn, *, delivered: bool | None) -> Dsn:
    """Which reports one mail asks for: as its inbox does, but for what its writer said of its arrival."""
    if delivered is None:
        return inbox
    if delivered:
        return "success"
    return "failure" if inbox == "success" else inbox


def too_large(extensions: Mapping[str, str], envelope: Envelope, text: bytes) -> tuple[RecipientResult, ...]:
    """Everybody's refusal where the server has said that it takes no mail of this size (RFC 1870); nothing where it may."""
    stated = extensions.get("size", "").strip()
    limit = int(stated) if stated.isdecimal() else 0
    if not limit or len(text) <= limit:
        return ()
    return refused_by_us(envelope.rcpt_to, f"5.3.4 message too large: it has {len(text):,} bytes, and this mail server takes {limit:,}")


def mail_options(extensions: Mapping[str, str], envelope: Envelope, text: bytes, reporting: Reporting) -> list[bytes]:
    """Behind MAIL FROM."""
    options: list[bytes] = []
    if "size" in extensions:
        options.append(b"SIZE=%d" % len(text))
    if "8bitmime" in extensions and not text.isascii():
        options.append(b"BODY=8BITMIME")
    if "smtputf8" in extensions and not all(address.isascii() for address in (envelope.mail_from, *envelope.rcpt_to)):
        options.append(b"SMTPUTF8")
    if "dsn" in extensions and reporting.dsn != "off":
        # The header of the mail is enough to know it by, and a full copy of every attachment would come back to the inbox.
        options.append(b"RET=HDRS")
        if reporting.envelope_id:
            options.append(b"ENVID=" + reporting.envelope_id.encode("ascii"))
    return options


def rcpt_options(extensions: Mapping[str, str], reporting: Reporting) -> list[bytes]:
    """Behind RCPT TO."""
    if "dsn" not in extensions or reporting.dsn == "off":
        return []
    return [b"NOTIFY=SUCCESS,FAILURE,DELAY" if reporting.dsn == "success" else b"NOTIFY=FAILURE,DELAY"]
