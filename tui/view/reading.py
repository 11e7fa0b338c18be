"""A conversation's messages as lines to read: headers, folded quotes, dimmed signatures, wrapped right for Japanese."""

import re
from collections.abc import Sequence
from datetime import datetime

from tui.view.attachments import attachment_lines
from tui.view.gate import clean
from tui.view.message_head import Shown, extra_lines, head_lines
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _, ngettext

FOLD_FROM_LINES = 4
LONGEST_TEXT = 400_000
"""Characters of one message that are laid out; the rest is in the raw source. A log pasted into a mail may have millions."""

_QUOTED = re.compile(r"^(?:\s{0,2}>)+ ?")
_RULE = re.compile(r"^\s*([-=_*━─＝－―＊*＿~〜])\1{7,}\s*$")
SIGNATURE_LINES = 14


def conversation_lines(messages: Sequence[Shown], width: int, now: datetime, *, unfolded: bool = False) -> tuple[Line, ...]:
    """All messages, oldest first; each message's first line is marked `message:N`."""
    lines: list[Line] = []
    number = 1
    for index, shown in enumerate(messages):
        lines.extend(message_lines(shown, index, width, now, first_number=number, unfolded=unfolded))
        number += len(shown.message.attachments)
    return tuple(lines)


def message_lines(
    shown: Shown, index: int, width: int, now: datetime, *, first_number: int = 1, unfolded: bool = False, charset: str = ""
) -> tuple[Line, ...]:
    """One message, the `index`th of its conversation; its attachments are numbered from `first_number` on."""
    message = shown.message
    lines = [line("")] if index else []
    lines += head_lines(shown, width, now, mark=message_mark(index), charset=charset)
    lines += extra_lines(message, width, now)
    lines.append(line(""))
    lines += body_lines(message.text, width, unfolded=unfolded)
    lines += attachment_lines(message.attachments, width, first_number=first_number)
    return tuple(lines)


def message_mark(index: int) -> str:
    """What marks the first line of a message."""
    return f"message:{index}"


def first_lines(messages: Sequence[Shown], lines: Sequence[Line]) -> int:
    """Where reading begins: the last message."""
    wanted = message_mark(len(messages) - 1)
    return next((index for index, each in enumerate(lines) if each.mark == wanted), 0)


def body_lines(text: str, width: int, *, unfolded: bool = False) -> list[Line]:
    """The reading text: quotes folded from four lines on unless `unfolded`, the signature dimmed."""
    cut_off = len(text) > LONGEST_TEXT
    source = clean(text[:LONGEST_TEXT], lines=True).rstrip("\n").split("\n")
    signature_at = _signature_at(source)
    lines: list[Line] = []
    index = 0
    while index < len(source):
        quoted = _quoted_run(source, index)
        if quoted >= FOLD_FROM_LINES and not unfolded:
            lines.append(line("  + " + ngettext("{n} quoted line (z opens it)", "{n} quoted lines (z opens them)", quoted).format(n=quoted), "quote"))
            index += quoted
            continue
        lines.extend(_text_line(source[index], width, signature=index >= signature_at))
        index += 1
    if cut_off:
        lines.append(line(_("… the rest is in the raw source (:raw)"), "notice"))
    return lines


def _text_line(text: str, width: int, *, signature: bool) -> list[Line]:
    found = _QUOTED.match(text)
    if found:
        prefix = found[0].replace(" ", "")[:8] + " "
        return [line(piece, "quote") for piece in wrap(text[found.end() :], width, first=prefix)]
    return [line(piece, "signature" if signature else "") for piece in wrap(text.rstrip(), width)]


def _quoted_run(source: Sequence[str], start: int) -> int:
    end = start
    while end < len(source) and _QUOTED.match(source[end]):
        end += 1
    return end - start


def _signature_at(source: Sequence[str]) -> int:
    """Where the signature begins: after `-- ` (RFC 3676 4.3), or at a rule of dashes or the like near the end, as Japanese mail has it."""
    for index in range(len(source) - 1, -1, -1):
        if source[index] in ("-- ", "--"):
            return index
    for index in range(max(1, len(source) - SIGNATURE_LINES), len(source)):
        if _RULE.match(source[index]):
            return index
    return len(source)
