"""One part's content out of a whole message, by its IMAP section number; and one file out of a part that holds several."""

from mailsync.mime.carried.cms import signed_entity
from mailsync.mime.carried.holders import Holder, holder_of
from mailsync.mime.carried.tnef import read_tnef
from mailsync.mime.carried.uuencoded import take_uuencoded
from mailsync.mime.errors import PartMissing
from mailsync.mime.structure import read_structure


def imap_section(part: str) -> str:
    """What to ask an IMAP server for: `2` for the file `2/1` that lies inside it."""
    return part.partition("/")[0]


def part_bytes(raw: bytes, part: str) -> bytes:
    """The decoded content of a part such as `2.1` or `2/1`; damaged encodings give what could be read.

    Raises:
        PartMissing: The message has no such part.
    """
    section, _, inside = part.partition("/")
    for found in read_structure(raw).walk():
        if found.number == section and not found.is_multipart:
            content = found.content()[0]
            return inside_part(content, found.content_type, found.name, inside) if inside else content
    raise _missing(part)


def inside_part(content: bytes, content_type: str, name: str, inside: str) -> bytes:
    """The file behind the slash, out of the decoded content of the part before it.

    Raises:
        PartMissing: There is no such file in it.
    """
    match holder_of(content_type, name):
        case Holder.CMS if (entity := signed_entity(content)) is not None:
            return part_bytes(entity, inside)
        case Holder.TNEF:
            files = [file.content for file in read_tnef(content).files]
        case Holder.TEXT:
            files = [file.content for file in take_uuencoded(content)[0]]
        case _:
            files = []
    if inside.isascii() and inside.isdecimal() and len(inside) < 6 and 0 < int(inside) <= len(files):
        return files[int(inside) - 1]
    raise _missing(inside)


def _missing(part: str) -> PartMissing:
    return PartMissing(f"The message has no part {part!r}; it may have been read differently when it was listed.", part=part)
