"""Everything a message's header says, decoded, behind what is known of the message here: a page to read."""

import re
from collections.abc import Iterator
from datetime import datetime

from mailsync.mime.header.fields import unstructured
from store.local.rows import StoredMessage
from tui.view.ages import day_and_time
from tui.view.attachments import size_words
from tui.view.gate import clean
from tui.view.overheard import in_own_words
from tui.view.spans import Line, Span, line
from tui.view.threading_words import evidence_words
from tui.view.width import columns_of
from tui.view.wrapping import wrap
from tui.words import _

HEADER_BYTES = 1_000_000
FIELDS_AT_MOST = 2_000

_END = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)


def header_lines(stored: StoredMessage, raw: bytes | None, width: int, now: datetime) -> tuple[Line, ...]:
    """What is known here, every remark, then the fields in their order. `raw` None: the source is not on this machine."""
    lines = [piece for name, value in _facts(stored, now) for piece in _named(name, value, width)]
    for warning in stored.message.warnings:
        lines.extend(line(piece, "notice") for piece in wrap(clean(in_own_words(warning)), width, first="! ", rest="  "))
    lines.append(line(""))
    if raw is None:
        lines.append(line(_("The raw source is not on this machine."), "notice"))
        return tuple(lines)
    for name, value in fields_of(raw):
        lines.extend(_named(name, value, width))
    return tuple(lines)


def _facts(stored: StoredMessage, now: datetime) -> Iterator[tuple[str, str]]:
    where = _("{mailbox}, number {uid}").format(mailbox=clean(stored.mailbox), uid=stored.uid) if stored.uid else _("in no mailbox any more")
    yield _("Lies in"), f"{clean(stored.inbox)}: {where}"
    yield _("Arrived"), day_and_time(stored.internaldate, now)
    yield _("Size"), size_words(stored.size_bytes)
    yield _("In this conversation"), evidence_words(stored.evidence)


def fields_of(raw: bytes) -> Iterator[tuple[str, str]]:
    """Name and decoded value of each field of the header, in order, names as they were written; lines that are none under ""."""
    found = _END.search(raw, 0, HEADER_BYTES)
    block = raw[: found.start() if found else HEADER_BYTES]
    folded: list[bytes] = []
    for each in re.split(rb"\r\n|\n|\r", block):
        if each[:1] in (b" ", b"\t") and folded:
            folded[-1] += b" " + each.strip(b" \t")
        elif len(folded) < FIELDS_AT_MOST:
            folded.append(each)
    for field in folded:
        named = _FIELD.fullmatch(field)
        if named is not None:
            yield named[1].decode("ascii"), clean(unstructured(named[2].strip()))
        elif field.strip():
            yield "", clean(unstructured(field))


def _named(name: str, value: str, width: int) -> list[Line]:
    """A name and what belongs to it; further lines stand under the value where there is room for that."""
    head = f"{name}: " if name else ""
    if columns_of(head) > width // 2:
        return [*(line(piece, "key") for piece in wrap(head.rstrip(), width)), *(line(piece) for piece in wrap(value, width, first="  "))]
    first, *rest = wrap(value, width, first=head, rest=" " * (columns_of(head) if columns_of(head) <= width // 3 else 4))
    return [Line((Span(head, "key"), Span(first[len(head) :]))), *(line(piece) for piece in rest)]
