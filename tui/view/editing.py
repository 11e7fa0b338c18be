"""A draft as a text file for `$EDITOR`, and back: a block of headers, a blank line, the body."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.domain.draft import Draft
from tui.words import _

FROM, ATTACH = "From", "Attach"
ADDRESSES = ("To", "Cc", "Bcc")
HEADERS = (FROM, *ADDRESSES, "Subject", ATTACH)


@dataclass(frozen=True, slots=True)
class Edited:
    """What came back. Addresses as they were typed."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    subject: str
    body: str
    from_: str = ""
    attach: tuple[tuple[int, str], ...] = ()
    """Line, from 1, and what stands there: a path, or `[1] name` for what came with a mail."""
    has_headers: bool = True


@dataclass(frozen=True, slots=True)
class Misread:
    """A line of the block of headers, from 1, that is none; with the text as it was left."""

    line: int
    row: str
    text: str


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


def as_file(draft: Draft, from_: str = "") -> str:
    """The draft as a file. `from_`: whom it is from, where there is a choice."""
    rows = [("To", ", ".join(draft.to)), ("Cc", ", ".join(draft.cc)), ("Bcc", ", ".join(draft.bcc)), ("Subject", draft.subject)]
    shown = [f"{name}: {value}" for name, value in ((FROM, from_), *rows) if value or name not in (FROM, "Bcc")]
    shown += [f"{ATTACH}: {path}" for path in draft.attachments]
    shown += [f"{ATTACH}: {carried_words(number, each.name)}" for number, each in enumerate(draft.carried, 1)]
    return "\n".join(shown) + "\n\n" + draft.body


def carried_words(number: int, name: str) -> str:
    """What came with a mail, by its place among what is carried."""
    return f"[{number}] {' '.join(name.split())}"


def from_file(text: str) -> Edited | Misread:
    """What an editor left. A file that does not begin with a header is all body; a header that is missing is empty."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    head, blank, body = text.partition("\n\n")
    if not _header(head.partition("\n")[0]):
        return Edited((), (), (), "", text, has_headers=False)
    values: dict[str, str] = {}
    attach: list[tuple[int, str]] = []
    name = ""
    for number, row in enumerate(head.split("\n"), 1):
        if row[:1] in (" ", "\t") and name and name != ATTACH:
            # RFC 5322 2.2.3: a line that begins with a blank goes on with the one before.
            values[name] = f"{values[name]} {row.strip()}"
            continue
        name = _header(row)
        value = row.partition(":")[2].strip()
        if not name or (name in values and name not in ADDRESSES):
            return Misread(number, row, text)
        if name == ATTACH:
            attach += [(number, value)] if value else []
        else:
            values[name] = ", ".join(filter(None, (values.get(name, ""), value)))
    to, cc, bcc = (addresses_in(values.get(each, "")) for each in ADDRESSES)
    return Edited(to, cc, bcc, values.get("Subject", ""), body if blank else "", values.get(FROM, ""), tuple(attach))


def _header(row: str) -> str:
    """The header a row begins with; "": none that a draft has."""
    name, colon, _value = row.partition(":")
    found = name.strip().capitalize()
    return found if colon and found in HEADERS else ""


def misread_words(line: int, row: str, problem: str = "") -> str:
    """Where, and what is wrong."""
    if problem:
        return _("Line {line}: {problem}").format(line=line, problem=problem)
    names: Sequence[str] = HEADERS
    return _("Line {line} is no header: {row} (there are {names}; then an empty line)").format(line=line, row=row, names=", ".join(names))
