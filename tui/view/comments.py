"""What the team said about a conversation, as lines; never mailed."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from store.domain.conversation import Comment
from store.domain.ids import MemberKey
from tui.view.ages import day_and_time
from tui.view.gate import clean
from tui.view.spans import Line, Span, line
from tui.view.width import columns_of
from tui.view.wrapping import wrap
from tui.words import _, ngettext

_MENTION = re.compile(r"(@[\w.-]+)")


def comment_lines(
    comments: Sequence[Comment], width: int, *, me: MemberKey | None, names: Mapping[MemberKey, str], now: datetime
) -> tuple[Line, ...]:
    """Oldest first: who and when, then what, indented by two."""
    lines: list[Line] = []
    for comment in comments:
        to_me = me is not None and (me in comment.mentions or "all" in comment.mentions)
        who = clean(names.get(comment.by, comment.by))
        heading = Span(("@ " if to_me else "") + who, "mention" if to_me else "commenter")
        lines.append(Line((heading, Span("  " + day_and_time(comment.at, now), "quiet")), mark=f"comment:{comment.id}"))
        for paragraph in clean(comment.text, lines=True).split("\n"):
            lines.extend(_with_mentions(piece, me) for piece in wrap(paragraph, width, first="  "))
    return tuple(lines)


def _with_mentions(text: str, me: MemberKey | None) -> Line:
    spans = tuple(
        Span(piece, ("mention" if me and piece[1:].lower() in (me, "all") else "commenter") if piece.startswith("@") else "")
        for piece in _MENTION.split(text)
        if piece
    )
    return Line(spans)


def comments_heading(count: int, width: int) -> Line:
    """The rule above the comments."""
    words = ngettext("{n} comment", "{n} comments", count).format(n=count) if count else _("no comments")
    return line(f"── {words} " + "─" * max(0, width - 4 - columns_of(words)), "rule")
