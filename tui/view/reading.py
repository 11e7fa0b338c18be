"""A conversation's messages as lines to read: headers, folded quotes, dimmed signatures, wrapped right for Japanese."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from mailsync.mime.quote_marks import QUOTED
from mailsync.mime.quotes import RunKind, runs_of
from store.domain.message import Address, Attachment, Kind, Message
from tui.view.ages import day_and_time
from tui.view.gate import clean
from tui.view.overheard import in_own_words
from tui.view.spans import Line, Span, line
from tui.view.width import columns_of
from tui.view.wrapping import wrap
from tui.words import _, ngettext

FOLD_FROM_LINES = 4
LONGEST_TEXT = 400_000
"""Characters of one message that are laid out; the rest is in the raw source. A log pasted into a mail may have millions."""

_TONES = {RunKind.TEXT: "", RunKind.QUOTE: "quote", RunKind.SIGNATURE: "signature"}


class Shown(Protocol):
    """A stored message as the reading pane needs it."""

    @property
    def message(self) -> Message: ...
    @property
    def outgoing(self) -> bool: ...
    @property
    def internaldate(self) -> datetime: ...


def conversation_lines(messages: Sequence[Shown], width: int, now: datetime, *, unfolded: bool = False) -> tuple[Line, ...]:
    """All messages, oldest first; each message's first line is marked `message:N`."""
    lines: list[Line] = []
    for index, shown in enumerate(messages):
        if index:
            lines.append(line(""))
        lines.extend(_header(shown, width, now, mark=f"message:{index}"))
        lines.append(line(""))
        lines.extend(body_lines(shown.message.text, width, unfolded=unfolded))
        lines.extend(_attachments(shown.message.attachments, width))
    return tuple(lines)


def first_lines(messages: Sequence[Shown], lines: Sequence[Line]) -> int:
    """Where reading begins: the last message."""
    wanted = f"message:{len(messages) - 1}"
    return next((index for index, each in enumerate(lines) if each.mark == wanted), 0)


def address_words(addresses: Iterable[Address]) -> str:
    """`Name <address>, …`, through the gate."""
    return ", ".join(clean(f"{each.name} <{each.address}>" if each.name else each.address) for each in addresses)


def _header(shown: Shown, width: int, now: datetime, *, mark: str) -> list[Line]:
    message = shown.message
    tone = "from-us" if shown.outgoing else "from-customer"
    who = address_words(message.from_) or _("(no sender)")
    when = day_and_time(message.date or shown.internaldate, now)
    room = max(1, width - columns_of(when) - 3)
    lines = [Line((*(Span(piece, tone) for piece in wrap(("< " if shown.outgoing else "> ") + who, room)[:1]), Span("  " + when, "quiet")), mark)]
    for word, addresses in ((_("To"), message.to), (_("Cc"), message.cc)):
        if addresses:
            lines.extend(line(piece, "quiet") for piece in wrap(address_words(addresses), width, first=f"  {word}: ", rest="    ")[:3])
    subject = clean(message.subject) or _("(no subject)")
    lines.extend(line(piece, "subject") for piece in wrap(subject, width, first="  "))
    if message.kind is not Kind.MAIL:
        lines.append(line(f"  [{_kind_words(message.kind)}]", "notice"))
    if message.unparsed:
        lines.extend(line(piece, "alarm") for piece in wrap(_("This mail could not be read; its raw source is under :raw."), width, first="  "))
    for warning in message.warnings[:3]:
        lines.extend(line(piece, "notice") for piece in wrap(clean(in_own_words(warning)), width, first="  ! ", rest="    "))
    return lines


def _kind_words(kind: Kind) -> str:
    return {
        Kind.AUTO_REPLY: _("automatic reply"),
        Kind.BOUNCE: _("delivery failed"),
        Kind.CALENDAR: _("calendar invitation"),
        Kind.LIST: _("mailing list"),
    }.get(kind, "")


def body_lines(text: str, width: int, *, unfolded: bool = False) -> list[Line]:
    """The reading text: quotes folded from four lines on unless `unfolded`, the signature dimmed. A mail that only quotes stays open."""
    cut_off = len(text) > LONGEST_TEXT
    runs = runs_of(clean(text[:LONGEST_TEXT], lines=True).rstrip("\n"))
    said = any(run.kind is RunKind.TEXT and run.text.strip() for run in runs)
    lines: list[Line] = []
    for run in runs:
        source = run.text.removesuffix("\n").split("\n")
        filled = sum(bool(each.strip()) for each in source)
        if run.kind is RunKind.QUOTE and filled >= FOLD_FROM_LINES and said and not unfolded:
            lines.append(line("  + " + ngettext("{n} quoted line (z opens it)", "{n} quoted lines (z opens them)", filled).format(n=filled), "quote"))
        else:
            tone = _TONES[run.kind]
            lines.extend(piece for each in source for piece in _text_line(each, width, tone))
    if cut_off:
        lines.append(line(_("… the rest is in the raw source (:raw)"), "notice"))
    return lines or [line("")]


def _text_line(text: str, width: int, tone: str) -> list[Line]:
    found = QUOTED.match(text) if tone == "quote" else None
    if found:
        prefix = found[0].replace(" ", "").replace("\u3000", "")[:8] + " "
        return [line(piece, tone) for piece in wrap(text[found.end() :], width, first=prefix)]
    return [line(piece, tone) for piece in wrap(text.rstrip(), width)]


def _attachments(attachments: Sequence[Attachment], width: int) -> list[Line]:
    lines: list[Line] = []
    for number, each in enumerate(attachments, 1):
        name = clean(each.name) or _("(no name)")
        said = f"[{number}] {name}  {clean(each.content_type)}, {size_words(each.size_bytes)}"
        lines.extend(line(piece, "attachment") for piece in wrap(said, width, first="  ", rest="      "))
    return [line(""), *lines] if lines else []


def size_words(size_bytes: int) -> str:
    """`812 B`, `14 kB`, `3.2 MB`."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    return f"{size_bytes // 1_000} kB" if size_bytes < 1_000_000 else f"{size_bytes / 1_000_000:.1f} MB"
