"""A draft as a text file for `$EDITOR`, and back: a block of headers, a blank line, the body."""

from dataclasses import dataclass

from store.domain.draft import Draft

HEADERS = ("To", "Cc", "Bcc", "Subject")


@dataclass(frozen=True, slots=True)
class Edited:
    """What came back. Addresses as they were typed."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    subject: str
    body: str


def addresses_in(text: str) -> tuple[str, ...]:
    """What stands between commas (or semicolons) outside quotes, trimmed; empty ones left out."""
    found: list[str] = []
    current, quoted = "", False
    for character in text:
        if character == '"':
            quoted = not quoted
        if character in ",;、" and not quoted:
            found.append(current)
            current = ""
        else:
            current += character
    return tuple(each.strip() for each in (*found, current) if each.strip())


def as_file(draft: Draft) -> str:
    """The draft as a file."""
    head = {"To": ", ".join(draft.to), "Cc": ", ".join(draft.cc), "Bcc": ", ".join(draft.bcc), "Subject": draft.subject}
    shown = [f"{name}: {value}" for name, value in head.items() if value or name != "Bcc"]
    return "\n".join(shown) + "\n\n" + draft.body


def from_file(text: str) -> Edited:
    """What an editor left. A file without a header block is all body; a header that is missing is empty."""
    head, blank, body = text.replace("\r\n", "\n").partition("\n\n")
    values: dict[str, str] = {}
    for row in head.split("\n"):
        name, colon, value = row.partition(":")
        if not colon or name.strip().capitalize() not in HEADERS:
            return Edited((), (), (), "", text)
        values[name.strip().capitalize()] = value.strip()
    return Edited(
        addresses_in(values.get("To", "")),
        addresses_in(values.get("Cc", "")),
        addresses_in(values.get("Bcc", "")),
        values.get("Subject", ""),
        body if blank else "",
    )
