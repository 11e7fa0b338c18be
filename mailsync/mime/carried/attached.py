"""An attached message in words: whose it is and what about, before its text; and parts that stand for what was not sent along."""

from mailsync.mime.header.addresses import parse_addresses
from mailsync.mime.header.dates import parse_date
from mailsync.mime.header.fields import Fields, file_name
from mailsync.mime.header.several import taken_of, text_taken
from mailsync.mime.structure import Part

MAX_NAMED = 10


def heading(fields: Fields) -> str:
    """`From`, `To`, `Date` and `Subject` of an attached message, a line each; those that are missing are left out."""
    lines = [f"{name}: {words}" for name in ("From", "To") if (words := _addresses(fields, name.lower()))]
    date, _warning = parse_date(text_taken(fields, "date"))
    if date is not None:
        lines.append(f"Date: {date:%Y-%m-%d %H:%M %z}")
    if subject := text_taken(fields, "subject"):
        lines.append(f"Subject: {subject}")
    return "\n".join(lines)


def _addresses(fields: Fields, name: str) -> str:
    raw = taken_of(fields, name)
    found = parse_addresses(raw[:4_000], fields.hint)[:MAX_NAMED] if raw is not None else ()
    return ", ".join(f"{each.name} <{each.address}>" if each.name and each.address else each.name or each.address for each in found)


def message_name(part: Part, fields: Fields | None) -> str:
    """The file name of an attached message: its own, else its subject. `fields`: its header, where there is time to read it."""
    if part.name or fields is None:
        return part.name
    subject = text_taken(fields, "subject")[:100].replace("/", "／").replace("\\", "＼")
    return file_name({"filename": f"{subject}.eml"}, {}) if subject else ""


def piece_words(part: Part) -> str:
    """What is to be said of a message/partial (RFC 2046 5.2.2)."""
    number, total = part.parameters.get("number", "?")[:10], part.parameters.get("total", "?")[:10]
    return f"This is piece {number} of {total} of a mail that was sent in pieces."


def elsewhere_words(part: Part) -> str:
    """What is to be said of a message/external-body (RFC 2046 5.2.3, RFC 2017): where it lies. Nothing is fetched."""
    parameters = part.parameters
    where = parameters.get("url") or "/".join(filter(None, (parameters.get("site"), parameters.get("directory"), parameters.get("name"))))
    return f"A file was not sent along; the mail says where it lies ({(where or parameters.get('access-type', '?'))[:500]})."
