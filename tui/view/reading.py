"""A conversation's messages as lines to read: headers, folded quotes, dimmed signatures, wrapped right for Japanese."""

from collections.abc import Sequence
from datetime import datetime

from store.domain.message import Protection
from tui.view.attachments import attachment_lines
from tui.view.gate import clean
from tui.view.keys.keymap import DEFAULT, KeyOf
from tui.view.message_head import Shown, extra_lines, head_lines
from tui.view.overheard import INSTEAD_OF_TEXT, in_own_words
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _, ngettext

FOLD_FROM_LINES = 4
LONGEST_TEXT = 400_000
"""Characters of one message that are laid out; the rest is in the raw source. A log pasted into a mail may have millions."""

_TONES = {"text": "", "quote": "quote", "signature": "signature", "forwarded": ""}
"""Of `mailsync.mime.quoting.quotes.RunKind`."""


def conversation_lines(messages: Sequence[Shown], width: int, now: datetime, *, unfolded: bool = False, first_number: int = 1) -> tuple[Line, ...]:
    """All messages, oldest first; each message's first line is marked `message:N`. Attachments are numbered from `first_number` on."""
    lines: list[Line] = []
    number = first_number
    for index, shown in enumerate(messages):
        lines.extend(message_lines(shown, index, width, now, first_number=number, unfolded=unfolded))
        number += len(shown.message.attachments)
    return tuple(lines)


def message_lines(
    shown: Shown,
    index: int,
    width: int,
    now: datetime,
    *,
    first_number: int = 1,
    unfolded: bool = False,
    charset: str = "",
    also_in: str = "",
    key: KeyOf = DEFAULT.shown,
) -> tuple[Line, ...]:
    """One message, the `index`th of its conversation; its attachments are numbered from `first_number` on."""
    message = shown.message
    lines = [line("")] if index else []
    lines += head_lines(shown, width, now, mark=message_mark(index), charset=charset, also_in=also_in, key=key)
    lines += extra_lines(message, width, now, key)
    lines.append(line(""))
    if not message.text.strip() and not message.attachments:
        lines.append(line("  " + _("(no text)"), "quiet"))
    text = _with_own_words(message.text) if message.protection is Protection.ENCRYPTED else message.text
    unfolded = unfolded or _passes_on(message.subject)
    lines += body_lines(in_own_words(text) if message.unparsed else text, width, unfolded=unfolded, key=key)
    lines += attachment_lines(message.attachments, width, first_number=first_number)
    return tuple(lines)


def _passes_on(subject: str) -> bool:
    """Whether what looks quoted is what was sent: `FW:` of Outlook, which writes the same header above an old mail and above one passed on."""
    if not {":", "："} & set(subject[:8]):
        return False
    # Start-up cost: a list needs none.
    from mailsync.mime.answering import is_forward

    return is_forward(subject)


def _with_own_words(text: str) -> str:
    """The text, with what stands in place of an encrypted one in the agent's language; what others wrote stays as it is."""
    return "\n".join(in_own_words(each) if each in INSTEAD_OF_TEXT else each for each in text.split("\n"))


def message_mark(index: int) -> str:
    """What marks the first line of a message."""
    return f"message:{index}"


def first_lines(messages: Sequence[Shown], lines: Sequence[Line]) -> int:
    """Where reading begins: the last message."""
    wanted = message_mark(len(messages) - 1)
    return next((index for index, each in enumerate(lines) if each.mark == wanted), 0)


def body_lines(text: str, width: int, *, unfolded: bool = False, key: KeyOf = DEFAULT.shown) -> list[Line]:
    """The reading text: quotes folded from four lines on unless `unfolded`, the signature dimmed.

    A mail that only quotes stays open, and so does what is passed on: it is what the mail was sent for.
    """
    # Start-up cost, here and below: its patterns are dear to make, and a list needs none.
    from mailsync.mime.quoting.quotes import RunKind, runs_of

    cut_off = len(text) > LONGEST_TEXT
    runs = runs_of(clean(text[:LONGEST_TEXT], lines=True).rstrip("\n"))
    said = any(run.kind is RunKind.TEXT and run.text.strip() for run in runs)
    lines: list[Line] = []
    for run in runs:
        source = run.text.removesuffix("\n").split("\n")
        filled = sum(bool(each.strip()) for each in source)
        if run.kind is RunKind.QUOTE and filled >= FOLD_FROM_LINES and said and not unfolded:
            words = ngettext("{n} quoted line ({key} opens it)", "{n} quoted lines ({key} opens them)", filled)
            lines.append(line("  + " + words.format(n=filled, key=key("fold")), "quote"))
        else:
            tone, passed_on = _TONES[run.kind], run.kind is RunKind.FORWARDED
            lines.extend(piece for each in source for piece in _text_line(each, width, "quote" if passed_on and each.startswith(">") else tone))
    if cut_off:
        lines.append(line(_("… the rest is in the raw source (:raw)"), "notice"))
    return lines or [line("")]


def _text_line(text: str, width: int, tone: str) -> list[Line]:
    if tone == "quote":
        from mailsync.mime.quoting.quote_marks import QUOTED

        if found := QUOTED.match(text):
            prefix = found[0].replace(" ", "").replace("\u3000", "")[:8] + " "
            return _wrapped(text[found.end() :], width, tone, prefix)
    return _wrapped(text.rstrip(), width, tone)


def _wrapped(text: str, width: int, tone: str, prefix: str = "") -> list[Line]:
    lines = [line(piece, tone) for piece in wrap(text, width, first=prefix)]
    if ":" not in text:
        return lines
    # Start-up cost, as above.
    from tui.view.linking import with_links

    return with_links(lines, text, len(prefix))
