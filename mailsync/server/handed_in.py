"""Whether a frozen reply is what its command says it is: the outbox sends these bytes, and the team's rules only ever see the command."""

import re
from collections.abc import Collection

from mailsync.mime.header.fields import Fields
from mailsync.mime.header.headers import read_headers, split_message
from store.domain.commands import SubmitReply

LONGEST_HEADER_BYTES = 256 * 1024
"""Of the frozen mail; it is read on the event loop."""
MOST_RECIPIENTS = 500
LONGEST_ADDRESS = 320
"""Characters: 64 before the `@` and 255 behind it."""
_BREAKS_OUT = re.compile(r"[\s<>]")
END_OF_HEADER = b"\r\n\r\n"


def problem_with(command: SubmitReply, address: str, own_addresses: Collection[str]) -> str | None:
    """What is wrong with a reply from the inbox of `address`, in words for its client's author; None: nothing. Addresses are lower case.

    Exactly once rests on the Message-ID: the copy in Sent, the watcher and a bounce know the reply by the one in its header. And nobody
    may write in the name of somebody else.
    """
    envelope = command.envelope
    if envelope.mail_from.lower() not in own_addresses:
        return "`mail_from` is no address of ours"
    if not 0 < len(envelope.rcpt_to) <= MOST_RECIPIENTS or not all(map(_is_one_address, envelope.rcpt_to)):
        return f"a recipient is no address, or there are more than {MOST_RECIPIENTS}"
    if END_OF_HEADER not in command.mime[:LONGEST_HEADER_BYTES]:
        return f"the mail's header does not end within {LONGEST_HEADER_BYTES} bytes"
    fields, _ = split_message(command.mime[:LONGEST_HEADER_BYTES])
    return _problem_in_header(fields, command, address)


def _is_one_address(recipient: str) -> bool:
    """Whether it can stand between `RCPT TO:<` and `>` without saying anything else (RFC 5321 4.1.2)."""
    local, at, domain = recipient.rpartition("@")
    fits = len(recipient) <= LONGEST_ADDRESS and recipient.isprintable() and not _BREAKS_OUT.search(recipient)
    return bool(fits and local and at and domain)


def _problem_in_header(fields: Fields, command: SubmitReply, address: str) -> str | None:
    headers = read_headers(fields)
    if len(fields.values.get("message-id", ())) != 1 or headers.message_id != command.message_id:
        return "the mail's Message-ID is not the command's"
    senders = [sender.address.lower() for sender in headers.from_]
    if len(fields.values.get("from", ())) != 1 or senders != [address]:
        return "the mail's From is not the inbox's own address"
    return None
