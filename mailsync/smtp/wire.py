"""What goes over the wire and what comes back, without a wire: text, addresses, and what a server's replies mean."""

import ipaddress
import re
from collections.abc import Sequence

from mailsync.smtp.errors import SubmissionDeferred, SubmissionRefused
from store.domain.outbox import OutboxState, RecipientResult

LONGEST_REPLY = 500
"""Characters of a server's words that are kept; some send pages."""
NOT_ASKED = 0
"""The code of a result that is our own word: the server was not asked."""


def is_loopback(host: str) -> bool:
    """True when what is sent to this host never leaves the machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def wire_form(mime: bytes) -> bytes:
    """The text as DATA wants it: every line ended by CRLF, a dot at a line's start doubled (RFC 5321 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mime)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def address_bytes(address: str, *, smtputf8: bool) -> bytes | None:
    """An address for MAIL or RCPT; None when it would break the command, or needs SMTPUTF8 and the server lacks it (RFC 6531)."""
    if not address or re.search(r"[\x00-\x20\x7f<>]", address):
        return None
    local, _, domain = address.rpartition("@")
    try:
        if not smtputf8 and local.isascii():
            # Only the domain is foreign: every server takes its ASCII form.
            return f"{local}@{domain.encode('idna').decode('ascii')}".encode("ascii") if local else address.encode("ascii")
        return address.encode("utf-8" if smtputf8 else "ascii")
    except UnicodeError:
        return None


def nobody_got_it(results: tuple[RecipientResult, ...]) -> SubmissionDeferred | SubmissionRefused:
    """Deferred if another try may help one of them, refused if not."""
    words = "; ".join(dict.fromkeys(f"{result.code} {result.reply}" if result.code else result.reply for result in results))
    if any(result.state is OutboxState.DEFERRED for result in results):
        return SubmissionDeferred(f"The mail server asked to try again later: {words}", results, problem=words)
    return SubmissionRefused(f"The mail server refused this reply: {words}", results, problem=words)


def in_words(reply: str) -> str:
    """A server's words on one line, of bounded length, without what no database can store (lone surrogates)."""
    return " ".join(reply.encode("utf-8", "replace").decode("utf-8", "replace").split())[:LONGEST_REPLY]


def result_of(address: str, code: int, reply: str) -> RecipientResult:
    """What a reply code means for a recipient (RFC 5321 4.2.1)."""
    # Neither 2xx, 4xx nor 5xx is no definite "later": only that may be tried again.
    state = OutboxState.ACCEPTED if 200 <= code < 300 else OutboxState.DEFERRED if 400 <= code < 500 else OutboxState.REFUSED
    return RecipientResult(address, state, code, in_words(reply))


def unknown(address: str, why: str) -> RecipientResult:
    """Nobody can say whether this recipient got it."""
    return RecipientResult(address, OutboxState.UNKNOWN, NOT_ASKED, why)


def refused_by_us(addresses: Sequence[str], why: str) -> tuple[RecipientResult, ...]:
    """What was not even asked, because it could not be put to this server."""
    return tuple(RecipientResult(address, OutboxState.REFUSED, NOT_ASKED, why) for address in addresses)


def all_taken_become(results: tuple[RecipientResult, ...], code: int, reply: str) -> tuple[RecipientResult, ...]:
    """The answer to the text counts for everybody whose RCPT was taken (RFC 5321 4.2.5)."""
    return tuple(result_of(result.address, code, reply) if result.state is OutboxState.ACCEPTED else result for result in results)
