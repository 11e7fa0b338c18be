"""Whether a frozen mail is what its command says it is: the outbox sends these bytes, and the team's rules only ever see the command."""

import re
from collections.abc import Collection

from mailsync.mime.hash import content_sha256
from mailsync.mime.header.fields import Fields
from mailsync.mime.header.headers import Headers, read_headers, split_message
from store.domain.commands import SubmitReply
from store.domain.draft_kind import DraftKind

LONGEST_HEADER_BYTES = 256 * 1024
"""Of the frozen mail; it is read on the event loop."""
MOST_RECIPIENTS = 500
LONGEST_ADDRESS = 320
"""Characters: 64 before the `@` and 255 behind it."""
_BREAKS_OUT = re.compile(r"[\s<>]")
END_OF_HEADER = b"\r\n\r\n"

_RESENT_BLOCK = re.compile(
    rb"(?:Resent-(?!Message-ID:)[A-Za-z]+:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)*Resent-Message-ID:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*"
)
"""The fields that a redirect puts before a mail, as `mailsync.mime.compose` writes them: its Message-ID is the last."""


def problem_with(command: SubmitReply, addresses: Collection[str], own_addresses: Collection[str], known_hashes: Collection[str] = ()) -> str | None:
    """What is wrong with a mail from the inbox of these addresses, in words for its client's author; None: nothing. Addresses are lower case.

    Exactly once rests on the Message-ID: the copy in Sent, the watcher and a bounce know the mail by the one in its header. And nobody
    may write in the name of somebody else: `known_hashes` are those of the mails in the conversation, for only these may be redirected.
    """
    envelope = command.envelope
    if envelope.mail_from.lower() not in own_addresses:
        return "`mail_from` is no address of ours"
    if not 0 < len(envelope.rcpt_to) <= MOST_RECIPIENTS or not all(map(_is_one_address, envelope.rcpt_to)):
        return f"a recipient is no address, or there are more than {MOST_RECIPIENTS}"
    if END_OF_HEADER not in command.mime[:LONGEST_HEADER_BYTES]:
        return f"the mail's header does not end within {LONGEST_HEADER_BYTES} bytes"
    if command.kind is DraftKind.REDIRECT:
        return _problem_in_redirect(command, addresses, known_hashes)
    fields, _ = split_message(command.mime[:LONGEST_HEADER_BYTES])
    return _problem_in_header(fields, read_headers(fields), command, addresses)


def _is_one_address(recipient: str) -> bool:
    """Whether it can stand between `RCPT TO:<` and `>` without saying anything else (RFC 5321 4.1.2)."""
    local, at, domain = recipient.rpartition("@")
    fits = len(recipient) <= LONGEST_ADDRESS and recipient.isprintable() and not _BREAKS_OUT.search(recipient)
    return bool(fits and local and at and domain)


def _problem_in_header(fields: Fields, headers: Headers, command: SubmitReply, addresses: Collection[str]) -> str | None:
    if len(fields.values.get("message-id", ())) != 1 or headers.message_id != command.message_id:
        return "the mail's Message-ID is not the command's"
    senders = [sender.address.lower() for sender in headers.from_]
    if len(fields.values.get("from", ())) != 1 or len(senders) != 1 or senders[0] not in addresses:
        return "the mail's From is not the inbox's own address"
    if "bcc" in fields.values:
        return "the mail names hidden recipients in its header"
    return None


def _problem_in_redirect(command: SubmitReply, addresses: Collection[str], known_hashes: Collection[str]) -> str | None:
    """The block before it says who passes it on; what is below must be a mail of this conversation, as the mailbox has it."""
    found = _RESENT_BLOCK.match(command.mime)
    if found is None:
        return "a redirect begins with its Resent- fields, Resent-Message-ID the last of them"
    fields, _ = split_message(re.sub(rb"(?im)^Resent-", b"", found[0]) + b"\r\n")
    if (problem := _problem_in_header(fields, read_headers(fields), command, addresses)) is not None:
        return f"in the Resent- fields: {problem}"
    original = command.mime[found.end() :]
    if content_sha256(original[:LONGEST_HEADER_BYTES], len(original)) not in known_hashes:
        return "what is redirected is no mail of this conversation"
    return None
