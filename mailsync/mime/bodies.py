"""Which parts of a mail are its text, and which are files although they hold text. A name alone tells nothing: many programs name the body."""

from collections.abc import Collection

from mailsync.mime.structure import TEXT_TYPES, Part

LONGEST_FILE_BYTES = 1_000_000
"""Of an attached text, as it is encoded, that stands in for the text of a mail that has none."""
ONLY_A_FILE = "The mail has no text of its own; that of a file is shown."


_NO_PROSE = frozenset({
    "text/calendar", "text/x-vcalendar", "text/vcard", "text/x-vcard", "text/directory", "text/css", "text/javascript", "text/rtf",
    "text/rfc822-headers",
})  # fmt: skip
"""Any other text that nobody knows is plain text (RFC 2046 4.1.4)."""


def is_file(part: Part, *, behind: bool) -> bool:
    """Whether a text is a file. `behind`: another text of the mail was before it, so that its name means something."""
    return part.is_attachment or (behind and not _is_field(part) and bool(part.name))


def is_shown(part: Part, *, behind: bool) -> bool:
    """Whether it is read, be it a file or not: RFC 2183 2.1 has `inline` for what is to be shown with the message."""
    return part.disposition.get("", "") == "inline" or not is_file(part, behind=behind)


def _is_field(part: Part) -> bool:
    """An answer in a form (RFC 7578 4.2) has a name, which is that of the question."""
    return part.disposition.get("", "") == "form-data" and "filename" not in part.disposition


def texts_of(alternative: Part) -> set[str]:
    """The numbers of its children that are texts: of several of a type, those behind the first are files where they have names."""
    numbers: set[str] = set()
    types: set[str] = set()
    for child in alternative.children:
        if child.content_type in TEXT_TYPES and not is_file(child, behind=child.content_type in types):
            numbers.add(child.number)
            types.add(child.content_type)
    return numbers


def files_beside(part: Part) -> list[Part]:
    """The files in a part whose text is not read, because another says the same."""
    files: list[Part] = []
    behind = False
    for leaf in part.own():
        if leaf.is_multipart:
            continue
        if leaf.content_type not in TEXT_TYPES or is_file(leaf, behind=behind):
            files.append(leaf)
        else:
            behind = True
    return files


def only_text(root: Part, listed: Collection[str]) -> Part | None:
    """Of the files `listed`, by number, the one to read where a mail has no other text; an attached one only where all are, as in `plan_partial`."""
    leaves = [leaf for leaf in root.own() if not leaf.is_multipart and leaf.content_type.startswith("text/")]
    unattached = [leaf for leaf in leaves if not leaf.is_attachment]
    found = next((leaf for leaf in unattached or leaves if leaf.content_type not in _NO_PROSE and leaf.number in listed), None)
    return found if found is None or unattached or found.end - found.start <= LONGEST_FILE_BYTES else None
