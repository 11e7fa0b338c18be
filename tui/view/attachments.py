"""The attachments of a conversation, numbered through all its messages, so that a number always means the same file while one reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from store.domain.comment_files import CommentFile
from store.domain.conversation import Comment
from store.domain.message import Attachment
from tui.view.file_names import acts_when_opened
from tui.view.gate import clean
from tui.view.message_head import Shown
from tui.view.spans import Line, line
from tui.view.width import shorten_middle
from tui.view.wrapping import wrap
from tui.words import _

NAME_COLUMNS = 48
"""Of a longer name the middle is left out: its end says what it is, and must not be pushed off the line."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The attachment of that number, from 1, and which message it belongs to, from 0."""

    number: int
    message: int
    attachment: Attachment


def numbered(messages: Sequence[Shown]) -> tuple[Numbered, ...]:
    """All of them, the oldest message's first."""
    return tuple(Numbered(number, index, each) for number, (index, each) in enumerate(_all_of(messages), 1))


def _all_of(messages: Sequence[Shown]) -> Iterator[tuple[int, Attachment]]:
    for index, shown in enumerate(messages):
        for each in shown.message.attachments:
            yield index, each


@dataclass(frozen=True, slots=True)
class OnComment:
    """A file of a comment under its number, which goes on from those of the mails."""

    number: int
    comment: Comment
    file: CommentFile


def numbered_on_comments(comments: Sequence[Comment], first_number: int) -> tuple[OnComment, ...]:
    """All of them, in the order in which they were said."""
    found = ((comment, file) for comment in comments for file in comment.files)
    return tuple(OnComment(number, comment, file) for number, (comment, file) in enumerate(found, first_number))


def comment_file_words(file: CommentFile) -> str:
    """Name and size, and whether opening it may run something."""
    words = f"{shorten_middle(clean(file.name), NAME_COLUMNS)}  {size_words(file.size_bytes)}"
    return words + "  " + _("⚠ may run something") if acts_when_opened(file.name, "") else words


def with_file_names(text: str, files: Sequence[CommentFile]) -> str:
    """What a comment says, in one line: `どうぞ [見積.pdf]`."""
    return clean(" ".join((*filter(None, (text,)), *(f"[{file.name}]" for file in files))))


def attachment_words(each: Attachment) -> str:
    """Name, type and size."""
    name = shorten_middle(clean(each.name), NAME_COLUMNS) or _("(no name)")
    return f"{name}  {clean(each.content_type)}, {size_words(each.size_bytes)}"


def attachment_lines(attachments: Sequence[Attachment], width: int, *, first_number: int) -> list[Line]:
    """`[3] name  type, size`, a line each."""
    lines: list[Line] = []
    for number, each in enumerate(attachments, first_number):
        lines.extend(line(piece, "attachment") for piece in wrap(f"[{number}] {attachment_words(each)}", width, first="  ", rest="      "))
    return [line(""), *lines] if lines else []


def size_words(size_bytes: int) -> str:
    """`812 B`, `14 kB`, `3.2 MB`."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    return f"{size_bytes // 1_000} kB" if size_bytes < 1_000_000 else f"{size_bytes / 1_000_000:.1f} MB"
