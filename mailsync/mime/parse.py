"""A whole message: bytes in, `Message` out. Never raises, and takes time and memory in proportion to the bytes."""

from mailsync.mime.alternative import SAID_LITTLE, says_little, says_much_more
from mailsync.mime.bodies import ONLY_A_FILE, files_beside, is_file, is_shown, only_text, texts_of
from mailsync.mime.carried.attached import elsewhere_words, heading, message_name, piece_words
from mailsync.mime.carried.cms import is_encrypted, signed_entity
from mailsync.mime.carried.gathering import carried_by, read_packed_text
from mailsync.mime.carried.holders import Holder, holder_of
from mailsync.mime.carried.invitation import CALENDAR_TYPES
from mailsync.mime.carried.pgp import ENCRYPTED_PGP_MIME, ENCRYPTED_SMIME, lay_bare
from mailsync.mime.carried.receipt import RECEIPT_TYPES
from mailsync.mime.carried.report import RETURNED_TYPES, STATUS_TYPES
from mailsync.mime.carried.tnef import read_tnef
from mailsync.mime.carried.uuencoded import take_uuencoded
from mailsync.mime.finished import finished, unparsed
from mailsync.mime.gathered import MAX_TEXT, TOO_LONG, Reading
from mailsync.mime.header.fields import Fields, file_name
from mailsync.mime.header.headers import KNOWN_FIELDS, read_headers
from mailsync.mime.html.reading import html_charset, html_to_text
from mailsync.mime.structure import TEXT_TYPES, Part, read_structure
from mailsync.mime.text.charset import decode_text
from mailsync.mime.text.charset_labels import Chosen, chosen_charset
from mailsync.mime.text.enriched import enriched_to_text
from mailsync.mime.text.flowed import unflow
from mailsync.mime.text.pictures import with_names_of_pictures
from store.domain.message import Message, Protection


def parse_message(raw: bytes, *, charset: str = "", split: tuple[Fields, int] | None = None) -> Message:
    """Read a message; whatever was guessed stands in `warnings`.

    Bytes of which nothing can be made come back `unparsed`, with the reason as their text. `charset`: a person's choice for every text
    part and every raw header byte, whatever the message declares; an unknown one changes nothing and is warned about.
    `split`: what `split_message` says of it without that choice.
    """
    chosen = chosen_charset(charset) if charset else None
    root = read_structure(raw, chosen, None if chosen else split)
    if not root.fields.values or KNOWN_FIELDS.isdisjoint(root.fields.values):
        return unparsed(raw, root)
    reading = Reading()
    if charset and chosen is None:
        reading.warn("There is no such charset; the message is read as it says itself.")
    for part in root.walk():
        reading.warnings += part.warnings
    _read(root, reading)
    content_types = frozenset(part.content_type for part in root.own() if not part.is_attachment)
    headers = read_headers(root.fields, content_types - CALENDAR_TYPES)
    carried = carried_by(root, reading, headers.kind)
    if not reading.has_text:
        _read_a_file(root, reading)
    text = "\n\n".join(text for text in reading.texts if text)
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        reading.warn(TOO_LONG)
    return finished(headers, text, reading, carried)


def _read(part: Part, reading: Reading) -> None:
    """Take a part's text or list it; depth is bounded by the structure."""
    match part.content_type:
        case "multipart/alternative":
            _read_alternative(part, reading)
        case "multipart/related":
            _read_related(part, reading)
        case "multipart/signed":
            reading.found.protect(Protection.SIGNED)
            _read_first(part, reading)
        case "multipart/encrypted":
            reading.found.protect(Protection.ENCRYPTED)
            reading.texts.append(ENCRYPTED_PGP_MIME)
            _list(part, reading)
        case "multipart/report":
            _read_report(part, reading)
        case "multipart/appledouble":
            # The first part is the resource fork, which means nothing outside a Macintosh (RFC 1740).
            _read(part.children[-1], reading)
        case kind if kind.startswith("multipart/"):
            for child in part.children:
                _read(child, reading)
        case _ if part.is_message and part.children:
            _read_attached(part, reading)
        case kind if kind in TEXT_TYPES and is_shown(part, behind=bool(reading.texts)) and reading.may_read_text():
            if is_file(part, behind=bool(reading.texts)):
                _list_one(part, reading)
            reading.texts.append(_text(part, reading))
        case _:
            _list(part, reading)


def _read_first(part: Part, reading: Reading) -> None:
    """The first part is the message, the others are about it."""
    _read_body(part.children[0], reading)
    for child in part.children[1:]:
        _list(child, reading, inline=True)


def _read_body(part: Part, reading: Reading) -> None:
    """A part that is text because of where it stands, whatever was read before it."""
    body = reading.branch()
    _read(part, body)
    reading.take(body)


def _read_report(part: Part, reading: Reading) -> None:
    """The first part is for people, one is for machines, one is the mail that came back (RFC 6522 3): that one is listed, not read."""
    for index, child in enumerate(part.children):
        if child.content_type in STATUS_TYPES | RECEIPT_TYPES and reading.found.status is None:
            reading.found.status = child
        elif child.content_type in RETURNED_TYPES and reading.found.returned is None:
            reading.found.returned = child
            fields = child.children[0].fields if child.children else None
            _list_one(child, reading, name=message_name(child, fields))
            continue
        elif not index:
            _read(child, reading)
            continue
        _list(child, reading)


def _read_attached(part: Part, reading: Reading) -> None:
    """A message attached to this one: a file, and readable below the text with a heading that says whose it is."""
    fields = part.children[0].fields
    shown = reading.may_show_heading(fields)
    _list_one(part, reading, name=message_name(part, fields if shown else None))
    inner = reading.attached()
    _read(part.children[0], inner)
    read_packed_text(inner)
    reading.texts.append("\n\n".join(filter(None, (heading(fields) if shown else "", *inner.texts))))
    reading.take(inner, texts=False)


def _read_alternative(part: Part, reading: Reading) -> None:
    """text/plain if it says anything, else the last of the others that does; what is no text (an invitation, a picture) is listed.

    HTML beside a text that says something is not even decoded: it would be most of the work of a first sync.
    """
    chosen: list[str] = []
    texts = texts_of(part)
    for child in part.children:
        if child.content_type == "text/plain" and not chosen and child.number in texts:
            reads = reading.branch()
            _read(child, reads)
            reading.take(reads, texts=False)
            chosen = reads.texts if reads.has_text else []
    plain, is_little = chosen, says_little(chosen)
    for child in part.children:
        is_read = child.number in texts or bool(child.children)
        if is_read and child.content_type == "text/plain":
            continue
        if not is_read:
            _list(child, reading)
        elif plain and not is_little:
            _list_files(child, reading)
        else:
            reads = reading.branch()
            _read(child, reads)
            is_better = reads.has_text and says_much_more(reads.texts, plain)
            if plain and not is_better:
                reads.warnings.clear()
            reading.take(reads, texts=False)
            chosen = reads.texts if is_better else chosen
    if plain and chosen is not plain:
        reading.warn(SAID_LITTLE)
    reading.texts += chosen


def _list_files(part: Part, reading: Reading) -> None:
    """List what is no text in an alternative that is not read."""
    for leaf in files_beside(part):
        _list(leaf, reading, inline=leaf is not part)


def _read_related(part: Part, reading: Reading) -> None:
    """The root part is what is read (RFC 2387: `start`, else the first); the others are its pictures."""
    start = part.parameters.get("start", "").strip("<>")
    root = next((child for child in part.children if start and child.fields.ascii("content-id").strip("<>") == start.lower()), part.children[0])
    for child in part.children:
        if child is root:
            _read_body(child, reading)
        else:
            _list(child, reading, inline=not child.is_attachment)


def _list(part: Part, reading: Reading, *, inline: bool = False) -> None:
    """List the files of a part, or what lies in them where they only wrap it."""
    for leaf in part.own():
        if leaf.is_multipart:
            continue
        if leaf.content_type in CALENDAR_TYPES or (leaf.name[-4:].lower() == ".ics" and leaf.content_type == "application/octet-stream"):
            reading.found.calendars.append(leaf)
        if not _opened(leaf, reading):
            _list_one(leaf, reading, inline=inline)


def _list_one(leaf: Part, reading: Reading, *, name: str = "", inline: bool = False) -> None:
    content, warning = leaf.content()
    reading.warn(warning)
    if leaf.content_type == "message/partial":
        reading.warn(piece_words(leaf))
    elif leaf.content_type == "message/external-body":
        reading.warn(elsewhere_words(leaf))
    shown_inside = inline or leaf.disposition.get("", "") == "inline" or ("content-id" in leaf.fields.values and not leaf.disposition)
    reading.attach(name or leaf.name, leaf.content_type, len(content), leaf.number, inline=shown_inside)


def _opened(leaf: Part, reading: Reading) -> bool:
    """Read what lies in a signed envelope or a winmail.dat instead of listing it; False where it holds nothing that could be read."""
    holder = holder_of(leaf.content_type, leaf.name)
    if holder is None or holder is Holder.TEXT or reading.bounds.opened <= 0:
        return False
    reading.bounds.opened -= 1
    content, warning = leaf.content()
    return _open_tnef(leaf, content, warning, reading) if holder is Holder.TNEF else _open_envelope(leaf, content, warning, reading)


def _open_tnef(leaf: Part, content: bytes, warning: str | None, reading: Reading) -> bool:
    tnef = read_tnef(content)
    if not tnef.readable or (tnef.damaged and not tnef.files and not any(body.plain or body.html or body.text() for body in tnef.bodies)):
        return False  # it is listed itself, and can be saved
    reading.warn(warning, "A part (winmail.dat) is damaged; what could be read is shown." if tnef.damaged else None)
    reading.found.bodies += tnef.bodies
    for number, file in enumerate(tnef.files, 1):
        reading.attach(file.name, file.content_type, len(file.content), f"{leaf.number}/{number}")
    return True


def _open_envelope(leaf: Part, content: bytes, warning: str | None, reading: Reading) -> bool:
    entity = signed_entity(content)
    if entity is None:
        if is_encrypted(content) or leaf.parameters.get("smime-type", "").lower() in ("enveloped-data", "authenveloped-data"):
            reading.found.protect(Protection.ENCRYPTED)
            reading.texts.append(ENCRYPTED_SMIME)
        return False
    reading.warn(warning)
    reading.found.protect(Protection.SIGNED)
    outside, reading.prefix = reading.prefix, f"{reading.prefix}{leaf.number}/"
    _read(read_structure(entity, _chosen_for(leaf)), reading)
    reading.prefix = outside
    return True


def _read_a_file(root: Part, reading: Reading) -> None:
    """Where there is no text, that of a file beside it, which stays in the list."""
    only = only_text(root, {each.part for each in reading.attachments})
    text = _text(only, reading) if only is not None else ""
    if text.strip():
        reading.texts.append(text)
        reading.warn(ONLY_A_FILE)


def _chosen_for(part: Part) -> Chosen | None:
    hint = part.fields.hint
    return hint if isinstance(hint, Chosen) else None


def _text(part: Part, reading: Reading) -> str:
    """The reading text of a text part."""
    content, damaged = part.content()
    declared = _chosen_for(part) or part.parameters.get("charset", "")
    is_html = part.content_type in TEXT_TYPES and part.content_type != "text/plain"
    if is_html and not declared:
        declared = html_charset(content)
    content = reading.within(content)
    if not is_html and b"begin" in content:
        content = _without_files(part, content, declared, reading)
    text, guessed = decode_text(content, declared)
    reading.warn(damaged, guessed)
    text = (text.replace("\r\r\n", "\n") if "\r\r\n" in text else text).replace("\r\n", "\n").replace("\r", "\n")
    if part.content_type in ("text/enriched", "text/richtext"):
        return enriched_to_text(reading.marked_within(text), rich=part.content_type == "text/richtext")
    if is_html:
        return html_to_text(reading.html_within(text))
    bare = lay_bare(text)
    reading.found.protect(bare.protection)
    text = with_names_of_pictures(bare.text)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text.strip("\n")


def _without_files(part: Part, content: bytes, charset: str, reading: Reading) -> bytes:
    """List the files that are uuencoded in a text; returns the text without them."""
    files, rest = take_uuencoded(content)
    for number, file in enumerate(files, 1):
        name = file_name({"filename": decode_text(file.name, charset)[0]}, {})
        reading.attach(name, "application/octet-stream", len(file.content), f"{part.number}/{number}")
        reading.warn("A part's uuencoding is damaged; what could be read is shown." if file.damaged else None)
    return rest
