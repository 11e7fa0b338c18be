"""What divides a multipart whose boundary is missing or wrong (RFC 2046 5.1.1): only what cannot be a line of its text is believed."""

import re

import msgspec

BOUNDARY_BYTES = 1_000
"""RFC 2046 5.1.1 allows 70."""
GUESSED_WITHIN = 262_144
GUESSED_BYTES = 2_097_152
"""How far is looked for one boundary, and for all of a message together."""
MAX_TRIED = 20
"""Lines that might be delimiters, of which the others are looked for."""

_BEFORE_FIELDS = re.compile(rb"--(?<![^\n]--)([^\r\n]{0,200})\r?\n(?=(?:content-[a-z-]{1,40}|mime-version)[ \t]{0,9}:)", re.IGNORECASE)
"""No text goes on so: a signature below `-- ` may begin with `Tel:`, which is a header field as well."""
_BEFORE_BLANK = re.compile(rb"--(?<![^\n]--)([^\s]{1,70})[ \t]{0,9}\r?\n\r?\n")
_ONE_TEXT = frozenset({"multipart/alternative", "multipart/related", "multipart/signed", "multipart/encrypted", "multipart/report"})
"""Of these the first part has a meaning of its own."""


class Guess(msgspec.Struct, frozen=True):
    """A boundary, which may be empty, and where the first line with it begins."""

    boundary: bytes
    at: int


def guessed_boundary(raw: bytes, span: tuple[int, int]) -> Guess | None:
    """The boundary that shows itself by the header of a part below it, or by standing there again above a part without one."""
    start, end = span[0], min(span[1], span[0] + GUESSED_WITHIN)
    if (found := _BEFORE_FIELDS.search(raw, start, end)) is not None:
        return Guess(found[1].rstrip(), found.start())
    for tried, found in enumerate(_BEFORE_BLANK.finditer(raw, start, end)):
        if tried == MAX_TRIED:
            break
        name = found[1]
        if not name.endswith(b"--") and re.search(rb"\w", name) and raw.find(b"\n--" + name, found.end() - 1, end) != -1:
            return Guess(name, found.start())
    return None


def shown_before(raw: bytes, span: tuple[int, int], content_type: str) -> tuple[int, int] | None:
    """The text before the first guessed delimiter, where it is one: nobody said that it is a preamble. Those speak of MIME."""
    text = raw[span[0] : span[1]]
    return span if content_type not in _ONE_TEXT and text.strip() and b"MIME" not in text.upper() else None
