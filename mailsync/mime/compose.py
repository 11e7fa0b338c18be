"""A mail written as RFC 5322: frozen bytes that the server hands to SMTP as they are. Pure: ids and dates come in."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from mailsync.mime.compose_body import PLAIN, Manner, NotInCharset, text_parts
from mailsync.mime.compose_file import OutgoingFile, file_part
from mailsync.mime.compose_header import address_of, field, id_of, listed, words_of
from mailsync.mime.errors import ComposeError
from store.domain.ids import MessageId
from store.domain.message import Address

__all__ = ["Manner", "NotInCharset", "OutgoingFile", "compose_redirect", "compose_reply"]

MAX_REFERENCES = 100
"""Of a longer chain the first and the newest are kept: the first is what threads by."""


def compose_reply(
    *,
    from_: Address,
    to: Sequence[Address],
    cc: Sequence[Address] = (),
    bcc: Sequence[Address] = (),
    subject: str,
    body: str,
    message_id: MessageId,
    in_reply_to: Sequence[MessageId] = (),
    references: Sequence[MessageId] = (),
    date: datetime,
    attachments: Sequence[OutgoingFile] = (),
    manner: Manner = PLAIN,
    receipt: bool = False,
) -> bytes:
    """Write a mail: CRLF throughout, seven bits, `parse_message` reads the same back. `bcc` is checked and appears nowhere.

    `receipt`: the recipients' programs are asked to tell `from_` that it was opened (RFC 8098 2.1).

    Raises:
        ComposeError: An address that is none, no recipient, a control character in a header, a Message-ID without brackets.
        NotInCharset: The text needs another charset than the one of `manner`.
    """
    _check_recipients(to, cc, bcc)
    charset = manner.charset
    lines = [
        field("From", [address_of(from_, charset)]),
        *([field("To", listed(to, charset))] if to else []),
        *([field("Cc", listed(cc, charset))] if cc else []),
        field("Subject", words_of(subject, "the subject", charset)),
        field("Date", [format_datetime(date)]),
        field("Message-ID", [id_of(message_id)]),
    ]
    if in_reply_to:
        lines.append(field("In-Reply-To", [id_of(each) for each in in_reply_to]))
    if references:
        kept = [*references[:1], *references[1:][-(MAX_REFERENCES - 1) :]]
        lines.append(field("References", [id_of(each) for each in kept]))
    if receipt:
        lines.append(field("Disposition-Notification-To", [address_of(from_, charset)]))
    lines.append("MIME-Version: 1.0")
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + _content(body, attachments, message_id, manner)


def compose_redirect(
    original: bytes,
    *,
    from_: Address,
    to: Sequence[Address],
    cc: Sequence[Address] = (),
    bcc: Sequence[Address] = (),
    message_id: MessageId,
    date: datetime,
) -> bytes:
    """Pass a mail on as it is: the Resent- fields stand before it as one block, and not one of its bytes is another (RFC 5322 3.6.6).

    Raises:
        ComposeError: As above, or the original has lines that no mail can have on its way.
    """
    _check_recipients(to, cc, bcc)
    if original.count(b"\n") != original.count(b"\r\n") or original.count(b"\r") != original.count(b"\r\n"):
        raise ComposeError("The original has lines that do not end as a mail's do, so it cannot be redirected as it is; forward it.")
    lines = [
        field("Resent-From", [address_of(from_)]),
        *([field("Resent-To", listed(to))] if to else []),
        *([field("Resent-Cc", listed(cc))] if cc else []),
        field("Resent-Date", [format_datetime(date)]),
        field("Resent-Message-ID", [id_of(message_id)]),
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + original


def _check_recipients(to: Sequence[Address], cc: Sequence[Address], bcc: Sequence[Address]) -> None:
    if not (to or cc or bcc):
        raise ComposeError("The reply has no recipient.")
    for hidden in bcc:
        address_of(hidden)


def _content(body: str, attachments: Sequence[OutgoingFile], message_id: MessageId, manner: Manner) -> bytes:
    texts = text_parts(body, manner)
    text = _together("alternative", texts, message_id)
    return _together("mixed", (text, *(file_part(file, manner.charset) for file in attachments)), message_id)


def _together(kind: str, parts: Sequence[bytes], message_id: MessageId) -> bytes:
    """The parts as one; a single one stays itself."""
    if len(parts) == 1:
        return parts[0]
    boundary = "=_" + hashlib.sha256(f"{kind if kind != 'mixed' else ''}{message_id}".encode()).hexdigest()[:32]
    while any(boundary.encode() in part for part in parts):
        boundary = "=_" + hashlib.sha256(boundary.encode()).hexdigest()[:32]
    mark = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
