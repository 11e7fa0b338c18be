"""A whole message: bytes in, `Message` out. Never raises, and takes time and memory in proportion to the bytes."""

from dataclasses import dataclass, field

from mailsync.mime.charset import decode_text
from mailsync.mime.charset_labels import Chosen, chosen_charset
from mailsync.mime.enriched import enriched_to_text
from mailsync.mime.flowed import unflow
from mailsync.mime.headers import KNOWN_FIELDS, Headers, read_headers
from mailsync.mime.html import html_charset, html_to_text
from mailsync.mime.structure import Part, read_structure
from store.domain.message import Attachment, Message

MAX_TEXT = 2_000_000
"""Characters of reading text; the rest is in the raw source."""

MAX_TEXT_BYTES = 3 * MAX_TEXT + 3
"""Of a text part's content; more cannot be shown, and decoding costs time."""

_TEXT_TYPES = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html")


@dataclass
class _Reading:
    """What has been gathered on the way through the parts."""

    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def parse_message(raw: bytes, *, charset: str = "") -> Message:
    """Read a message; whatever was guessed stands in `warnings`.

    Bytes of which nothing can be made come back `unparsed`, with the reason as their text. `charset`: a person's choice for every text
    part and every raw header byte, whatever the message declares; an unknown one changes nothing and is warned about.
    """
    chosen = chosen_charset(charset) if charset else None
    root = read_structure(raw, chosen)
    if not root.fields.values or KNOWN_FIELDS.isdisjoint(root.fields.values):
        return _unparsed(raw, root)
    reading = _Reading()
    if charset and chosen is None:
        reading.warnings.append("There is no such charset; the message is read as it says itself.")
    for part in root.walk():
        reading.warnings += part.warnings
    _read(root, reading, embedded=True)
    content_types = frozenset(part.content_type for part in root.walk() if part.disposition.get("", "") != "attachment")
    headers = read_headers(root.fields, content_types)
    text = "\n\n".join(text for text in reading.texts if text)
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        reading.warnings.append("The text is longer than 2,000,000 characters and was cut; the raw source has all of it.")
    return _message(headers, text, reading)


def _message(headers: Headers, text: str, reading: _Reading) -> Message:
    return Message(
        message_id=headers.message_id,
        subject=headers.subject,
        from_=headers.from_,
        to=headers.to,
        cc=headers.cc,
        reply_to=headers.reply_to,
        date=headers.date,
        in_reply_to=headers.in_reply_to,
        references=headers.references,
        text=text,
        attachments=tuple(reading.attachments),
        kind=headers.kind,
        warnings=tuple(dict.fromkeys((*headers.warnings, *reading.warnings))),
    )


def _unparsed(raw: bytes, root: Part) -> Message:
    if not raw.strip():
        reason = "This message could not be parsed: it is empty."
    elif root.fields.values:
        reason = "This message could not be parsed: none of its header fields is one of a mail's. Its raw source is all there is."
    else:
        reason = "This message could not be parsed: it has no header fields. Its raw source is all there is."
    return Message(None, "", (), (), (), (), None, (), (), reason, warnings=(reason,), unparsed=True)


def _read(part: Part, reading: _Reading, *, embedded: bool) -> None:
    """Take a part's text or list it; depth is bounded by the structure."""
    match part.content_type:
        case "multipart/alternative":
            _read_alternative(part, reading)
        case "multipart/related":
            _read_related(part, reading)
        case kind if kind.startswith("multipart/"):
            for child in part.children:
                _read(child, reading, embedded=False)
        case "message/rfc822" if embedded:
            # The whole message is another one, wrapped: its text is better than none.
            reading.texts.append(_inner_text(part))
            _list(part, reading)
        case kind if kind in _TEXT_TYPES and not _is_file(part):
            reading.texts.append(_text(part, reading))
        case _:
            _list(part, reading)


def _inner_text(part: Part) -> str:
    """The text of a message wrapped in another; one level only."""
    hint = part.fields.hint
    inner = read_structure(part.content()[0], hint if isinstance(hint, Chosen) else None)
    reading = _Reading()
    _read(inner, reading, embedded=False)
    return "\n\n".join(text for text in reading.texts if text)


def _read_alternative(part: Part, reading: _Reading) -> None:
    """text/plain if it says anything, else the last of the others that does; what is no text (an invitation, a picture) is listed.

    HTML that nobody will read is not even decoded: it would be most of the work of a first sync.
    """
    chosen: list[str] = []
    for child in part.children:
        if child.content_type == "text/plain" and not chosen and not _is_file(child):
            reads = _Reading()
            _read(child, reads, embedded=False)
            reading.warnings += reads.warnings
            chosen = reads.texts if any(text.strip() for text in reads.texts) else []
    have_plain = bool(chosen)
    for child in part.children:
        if child.content_type == "text/plain" and not _is_file(child):
            continue
        if have_plain:
            _list_files(child, reading)
        elif child.content_type in _TEXT_TYPES or child.children:
            reads = _Reading()
            _read(child, reads, embedded=False)
            reading.attachments += reads.attachments
            reading.warnings += reads.warnings
            chosen = reads.texts if any(text.strip() for text in reads.texts) else chosen
        else:
            _list(child, reading)
    reading.texts += chosen


def _list_files(part: Part, reading: _Reading) -> None:
    """List what is no text in an alternative that is not read."""
    for leaf in part.walk():
        if not leaf.children and (leaf.content_type not in _TEXT_TYPES or _is_file(leaf)):
            _list(leaf, reading, inline=leaf is not part)


def _read_related(part: Part, reading: _Reading) -> None:
    """The root part is what is read (RFC 2387: `start`, else the first); the others are its pictures."""
    start = part.parameters.get("start", "").strip("<>")
    root = next((child for child in part.children if start and child.fields.ascii("content-id").strip("<>") == start.lower()), part.children[0])
    for child in part.children:
        if child is root:
            _read(child, reading, embedded=False)
        else:
            _list(child, reading, inline=child.disposition.get("", "") != "attachment")


def _is_file(part: Part) -> bool:
    return part.disposition.get("", "") == "attachment" or bool(part.name)


def _list(part: Part, reading: _Reading, *, inline: bool = False) -> None:
    for leaf in part.walk():
        if leaf.children:
            continue
        content, warning = leaf.content()
        if warning:
            reading.warnings.append(warning)
        shown_inside = inline or leaf.disposition.get("", "") == "inline" or ("content-id" in leaf.fields.values and not leaf.disposition)
        reading.attachments.append(Attachment(leaf.name, leaf.content_type, len(content), leaf.number, shown_inside))


def _text(part: Part, reading: _Reading) -> str:
    """The reading text of a text part."""
    content, damaged = part.content()
    content = content[:MAX_TEXT_BYTES]
    hint = part.fields.hint
    declared = hint if isinstance(hint, Chosen) else part.parameters.get("charset", "")
    is_html = part.content_type != "text/plain"
    if is_html and not declared:
        declared = html_charset(content)
    text, guessed = decode_text(content, declared)
    reading.warnings += [warning for warning in (damaged, guessed) if warning]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.content_type in ("text/enriched", "text/richtext"):
        return enriched_to_text(text, rich=part.content_type == "text/richtext")
    if is_html:
        return html_to_text(text)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text.strip("\n")
