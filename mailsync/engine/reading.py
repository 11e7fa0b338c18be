"""From bytes off the server to what the store takes in: parse, thread key, content hash. Pure."""

from datetime import UTC, datetime

import msgspec

from mailsync.imap.bodystructure import BodyPart
from mailsync.imap.partial import Partial
from mailsync.imap.pull import Fetched
from mailsync.mime.hash import sha256_of
from mailsync.mime.header.fields import Fields
from mailsync.mime.header.headers import read_headers, split_message
from mailsync.mime.skeleton import Node, decoded_bytes, skeleton, with_sizes
from store.domain.ids import InboxKey
from store.domain.message import Message
from store.domain.threading import Said, synthetic_message_id, thread_key
from store.local.rows import NewMail

TOO_LARGE = "This message is larger than is kept here: only its beginning was fetched."
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def outline(partial: Partial) -> bytes | None:
    """The source of a message without its attachments' bodies; None when it must be fetched whole to be read right."""
    return skeleton(partial.header, _node(partial.structure, partial))


def _node(part: BodyPart, partial: Partial) -> Node:
    body = None if part.number in partial.left else partial.bodies.get(part.number, b"")
    return Node(part.number, part.content_type, partial.mime.get(part.number, b""), body, tuple(_node(child, partial) for child in part.children))


def read_mail(inbox: InboxKey, fetched: Fetched) -> NewMail:
    """Read one message; never raises: what cannot be parsed becomes a message that says so."""
    split = split_message(fetched.raw)
    message = _previewed(split[0]) if fetched.preview else _parsed(fetched.raw, split)
    if fetched.left:
        message = with_sizes(message, {part: decoded_bytes(left.encoding, left.size_bytes) for part, left in fetched.left.items()})
    elif fetched.header_only and not fetched.preview:
        message = msgspec.structs.replace(message, warnings=(*message.warnings, TOO_LARGE))
    # The hash is over the header and the server's own size, so that the team server's watcher, who reads no body, finds the same.
    sha256 = sha256_of(split[0], fetched.size_bytes)
    message_id = message.message_id or synthetic_message_id(sha256)
    return NewMail(
        uid=fetched.uid,
        internaldate=fetched.internaldate or (message.date.astimezone(UTC) if message.date else LONG_AGO),
        flags=fetched.flags,
        # Half a source would pass for a whole one: an attachment cut in two, a signature that does not fit.
        raw=None if fetched.header_only else fetched.raw,
        size_bytes=fetched.size_bytes,
        message=message,
        thread_key=thread_key(inbox, *Said.by(message_id, message)),
        message_id=message_id,
        header_only=fetched.header_only,
        preview=fetched.preview,
        content_sha256=sha256,
    )


def _parsed(raw: bytes, split: tuple[Fields, int]) -> Message:
    # Here, not at the top: a first list needs headers only, and while much comes in this process parses nothing.
    from mailsync.mime.parse import parse_message

    return parse_message(raw, split=split)


def _previewed(fields: Fields) -> Message:
    """What a list shows of a message whose body is still on its way."""
    read = read_headers(fields)
    told = {name: getattr(read, name) for name in read.__struct_fields__ if name in Message.__struct_fields__ and name != "warnings"}
    return Message(text="", **told)
