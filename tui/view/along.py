"""What goes along with a mail, as the composer lists it: number, name, type, size, what is wrong with it, and the total. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.view.attachments import NAME_COLUMNS, size_words
from tui.view.file_names import acts_when_opened, split_suffix
from tui.view.gate import clean
from tui.view.spans import Line, Span
from tui.view.width import shorten_middle
from tui.words import _, ngettext

SHOWN = 4
"""More are a number in the line of the total."""


@dataclass(frozen=True, slots=True)
class Along:
    """A file that goes along. `size_bytes` None: it is not there, or cannot be read."""

    name: str
    content_type: str
    size_bytes: int | None
    received: bool = False
    """It is an attachment of a mail of the conversation."""


def along_lines(files: Sequence[Along], limit_bytes: int) -> tuple[Line, ...]:
    """A line each, and one that adds up; nothing where nothing goes along."""
    if not files:
        return ()
    lines = [_file_line(number, file) for number, file in enumerate(files[:SHOWN], 1)]
    return (*lines, _total_line(files, limit_bytes))


def _file_line(number: int, file: Along) -> Line:
    name = shorten_middle(clean(file.name), NAME_COLUMNS)
    size = _("not there any more") if file.size_bytes is None else f"{clean(file.content_type)}, {size_words(file.size_bytes)}"
    spans = [Span(f"[{number}] {name}  "), Span(size, "alarm" if file.size_bytes is None else "quiet")]
    if file.received:
        spans.append(Span("  " + _("from the conversation"), "quiet"))
    if is_dangerous(file):
        spans.append(Span("  " + _("⚠ may run something"), "alarm"))
    return Line(tuple(spans))


def _total_line(files: Sequence[Along], limit_bytes: int) -> Line:
    total = sum(file.size_bytes or 0 for file in files)
    words = ngettext("{n} file, {size} of {limit}", "{n} files, {size} of {limit}", len(files))
    words = words.format(n=len(files), size=size_words(total), limit=size_words(limit_bytes))
    if total > limit_bytes:
        return Line((Span(words + "  ", "alarm"), Span(_("too large: most mail servers take no more"), "alarm")))
    return Line((Span(words, "quiet"),))


def is_dangerous(file: Along) -> bool:
    """Whether it acts when it is opened, or hides what it is behind a second suffix: many a mail server throws such a mail away."""
    stem, suffix = split_suffix(file.name)
    inner = split_suffix(stem)[1]
    return acts_when_opened(file.name, file.content_type) or (bool(inner) and acts_when_opened(stem, "") and bool(suffix))


def offered_hint(name: str, *, is_folder: bool) -> str:
    """What stands behind a name in the list of a folder."""
    return _("folder") if is_folder else (_("⚠ may run something") if acts_when_opened(name, "") else "")
