"""Which parts of a large message are fetched: everything that is read as text, and nothing that is only opened. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from mailsync.imap.bodystructure import BodyPart

READABLE = frozenset(
    {
        "text/calendar",
        "application/ics",
        "message/delivery-status",
        "message/disposition-notification",
        "message/rfc822",
        "message/global",
        "application/ms-tnef",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
    }
)
"""Attachments that are read all the same: an appointment, a report, a wrapping, a forwarded mail."""
TEXTS = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html")
"""What may be the text of a mail."""
MAILS = frozenset({"message/rfc822", "message/global"})
LONGEST_TEXT_BYTES = 8_000_000
"""Of a longer text only the beginning: more than the reading text may hold."""
LONGEST_READABLE_BYTES = 1_000_000
WORTH_LEAVING_BYTES = 16_384
HEADERS_BYTES = 4_096
"""What all headers of a message usually take together."""


class LeftPart(msgspec.Struct, frozen=True):
    """A part whose body stays at the server. `size_bytes` as encoded."""

    content_type: str
    encoding: str
    size_bytes: int


class Partial(msgspec.Struct, frozen=True):
    """A message without the bodies of its attachments: the header, every part's MIME header, the bodies of the text parts."""

    header: bytes
    structure: BodyPart
    mime: Mapping[str, bytes]
    bodies: Mapping[str, bytes]
    left: Mapping[str, LeftPart]


class PartialPlan(msgspec.Struct, frozen=True):
    """What to ask for. `items` is what a FETCH says, the same for all messages that are built alike."""

    structure: BodyPart
    wanted: tuple[str, ...]
    cut: frozenset[str]
    left: Mapping[str, LeftPart]

    @property
    def fetched_bytes(self) -> int:
        """About how much will come."""
        sizes = (part.size_bytes for part in self.structure.walk() if part.number in self.wanted)
        return HEADERS_BYTES + sum(min(size_bytes, LONGEST_TEXT_BYTES) for size_bytes in sizes)

    @property
    def items(self) -> str:
        """The data items of the FETCH command."""
        mime = [f"BODY.PEEK[{part.number}.MIME]" for part in self.structure.walk() if part is not self.structure]
        bodies = [f"BODY.PEEK[{number}]" + (f"<0.{LONGEST_TEXT_BYTES}>" if number in self.cut else "") for number in self.wanted]
        return f"(UID {' '.join(['BODY.PEEK[HEADER]', *mime, *bodies])})"


def plan_partial(structure: BodyPart) -> PartialPlan | None:
    """Say which parts to fetch and which to leave; None when the whole message is asked for better."""
    leaves = [part for part in structure.walk() if not part.children]
    if structure.content_type in MAILS or any(part.content_type.startswith("multipart/") for part in leaves):
        return None
    if any(part.content_type in MAILS and not _is_read(part) for part in leaves):
        return None  # Only the whole tells what a large forwarded mail says.
    only = _only_text(leaves)
    wanted = tuple(part for part in leaves if _is_read(part) or part is only)
    left = {part.number: LeftPart(part.content_type, part.encoding, part.size_bytes) for part in leaves if part not in wanted}
    if sum(part.size_bytes for part in left.values()) < WORTH_LEAVING_BYTES:
        return None
    cut = frozenset(part.number for part in wanted if part.size_bytes > LONGEST_TEXT_BYTES)
    return PartialPlan(structure, tuple(part.number for part in wanted), cut, left)


def _only_text(leaves: Sequence[BodyPart]) -> BodyPart | None:
    """Where every text is attached, the first is read in place of one (the parser does the same, by `only_text`)."""
    texts = [part for part in leaves if part.content_type.startswith("text/")]
    if any(not part.attachment for part in texts):
        return None
    first = next((part for part in texts if part.content_type in TEXTS), None)
    return first if first is not None and first.size_bytes <= LONGEST_READABLE_BYTES else None


def _is_read(part: BodyPart) -> bool:
    if part.content_type in READABLE:
        return part.size_bytes <= LONGEST_READABLE_BYTES
    return part.content_type.startswith("text/") and not part.attachment


def gathered(plan: PartialPlan, sections: Mapping[str, bytes]) -> Partial | None:
    """Put together what the server handed out; None when it handed out less than it said there is."""
    header = sections.get("BODY[HEADER]", b"")
    numbers: Sequence[str] = [part.number for part in plan.structure.walk() if part is not plan.structure]
    mime = {number: sections.get(f"BODY[{number}.MIME]", b"") for number in numbers}
    bodies = {number: sections.get(f"BODY[{number}]", b"") for number in plan.wanted}
    stated = {part.number: part.size_bytes for part in plan.structure.walk()}
    if not header or any(not body and stated[number] for number, body in bodies.items()):
        return None
    return Partial(header, plan.structure, mime, bodies, plan.left)
