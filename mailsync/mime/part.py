"""One part's content out of a whole message, by its IMAP section number."""

from mailsync.mime.errors import PartMissing
from mailsync.mime.structure import read_structure


def part_bytes(raw: bytes, part: str) -> bytes:
    """The decoded content of a part such as `2.1`; damaged encodings give what could be read.

    Raises:
        PartMissing: The message has no such part.
    """
    for found in read_structure(raw).walk():
        if found.number == part and not found.children:
            return found.content()[0]
    raise PartMissing(f"The message has no part {part!r}; it may have been read differently when it was listed.", part=part)
