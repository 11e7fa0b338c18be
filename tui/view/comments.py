"""What the team said about a conversation, as lines; never mailed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from store.domain.conversation import Comment
from store.domain.ids import CommentId, MemberKey, MessageId
from tui.view.ages import day_and_time
from tui.view.attachments import OnComment, comment_file_words
from tui.view.gate import clean
from tui.view.spans import Line, Span, line
from tui.view.width import columns_of, cut
from tui.view.wrapping import wrap
from tui.words import _, ngettext

_MENTION = re.compile(r"(@[\w.-]+)")
ANSWER = "↳ "


@dataclass(frozen=True, slots=True)
class Hearer:
    """Who reads the comments, when, and which of them is under the cursor."""

    me: MemberKey | None
    names: Mapping[MemberKey, str]
    now: datetime
    at: CommentId | None = None
    numbers: Mapping[MessageId, int] = field(default_factory=dict)
    """The messages of the conversation, as they are counted."""
    files: Sequence[OnComment] = ()
    """The files of its comments."""

    def name(self, key: MemberKey) -> str:
        """A member's name as the team says it."""
        return clean(self.names.get(key, key))


def in_threads(comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """Each followed by what was answered to it; an answer whose comment is gone stands where it was said."""
    known = {comment.id for comment in comments}
    answers: dict[CommentId, list[Comment]] = {}
    for comment in comments:
        if comment.reply_to in known and comment.reply_to is not None:
            answers.setdefault(comment.reply_to, []).append(comment)
    roots = [comment for comment in comments if comment.reply_to not in known]
    return tuple(each for root in roots for each in (root, *answers.get(root.id, ())))


def comment_mark(comment_id: CommentId) -> str:
    """What marks the first line of a comment."""
    return f"comment:{comment_id}"


def comment_lines(comments: Sequence[Comment], width: int, hearer: Hearer) -> tuple[Line, ...]:
    """Thread by thread, oldest first: who and when, then what, indented by two."""
    lines: list[Line] = []
    known = {comment.id for comment in comments}
    for comment in in_threads(comments):
        answers = comment.reply_to in known
        indent = "  " * (2 if answers else 1)
        lines.append(_heading(comment, width, hearer, answers=answers))
        for paragraph in clean(comment.text, lines=True).split("\n") if comment.text or not comment.files else ():
            lines.extend(_with_mentions(piece, comment, hearer) for piece in wrap(paragraph, width, first=indent, rest=indent))
        lines.extend(_file_lines(comment, width, hearer, indent))
        if comment.reactions:
            lines.append(line(cut(indent + reaction_words(comment, hearer), width), "quiet"))
    return tuple(lines)


def _file_lines(comment: Comment, width: int, hearer: Hearer, indent: str) -> list[Line]:
    """A line for each file, under its number where it can be opened."""
    numbers = {each.file.sha256: f"[{each.number}] " for each in hearer.files if each.comment.id == comment.id}
    words = (numbers.get(file.sha256, "- ") + comment_file_words(file) for file in comment.files)
    return [line(piece, "attachment") for each in words for piece in wrap(each, width, first=indent, rest=indent + "    ")]


def _heading(comment: Comment, width: int, hearer: Hearer, *, answers: bool) -> Line:
    to_me = hearer.me is not None and (hearer.me in comment.mentions or "all" in comment.mentions)
    who = (("  " + ANSWER) if answers else "") + ("@ " if to_me else "") + hearer.name(comment.by)
    when = "  " + day_and_time(comment.at, hearer.now)
    number = hearer.numbers.get(comment.message_id) if comment.message_id is not None and not answers else None
    if number is not None:
        when += "  " + _("on message {n}").format(n=number)
    if comment.edits:
        when += "  " + _("edited")
    mark = comment_mark(comment.id)
    if comment.id == hearer.at:
        text = cut(who + when, width)
        return Line((Span(text + " " * (width - columns_of(text)), "selected"),), mark)
    return Line((Span(who, "mention" if to_me else "commenter"), Span(when, "quiet")), mark)


def reaction_words(comment: Comment, hearer: Hearer) -> str:
    """`👍 Sato, Tanaka  ok Suzuki`: each sign with who put it there."""
    by_sign: dict[str, list[str]] = {}
    for each in comment.reactions:
        by_sign.setdefault(clean(each.sign), []).append(hearer.name(each.by))
    return "  ".join(f"{sign} {', '.join(who)}" for sign, who in by_sign.items())


def _with_mentions(text: str, comment: Comment, hearer: Hearer) -> Line:
    calls_me = (hearer.me, "all", *(comment.groups if hearer.me in comment.mentions else ()))
    spans = tuple(
        Span(piece, ("mention" if hearer.me and piece[1:].lower() in calls_me else "commenter") if piece.startswith("@") else "")
        for piece in _MENTION.split(text)
        if piece
    )
    return Line(spans)


def version_lines(comment: Comment, width: int, now: datetime) -> tuple[Line, ...]:
    """What a comment has said, oldest first, and what it says now."""
    said = [(_("until {at}").format(at=day_and_time(edit.at, now)), edit.text) for edit in comment.edits]
    lines: list[Line] = []
    for heading, text in (*said, (_("now"), comment.text)):
        lines.append(line(heading, "heading"))
        for paragraph in clean(text, lines=True).split("\n"):
            lines.extend(line(piece) for piece in wrap(paragraph, width, first="  ", rest="  "))
        lines.append(line(""))
    return tuple(lines)


def nothing_said_lines(key: str, width: int) -> tuple[Line, ...]:
    """What stands where nobody has said anything yet, for whoever looks."""
    words = _("{key} writes the first comment; @ and a name calls somebody.").format(key=key) if key else _("Nobody has commented yet.")
    return tuple(line(piece, "quiet") for piece in wrap(words, width))


def comments_heading(count: int, width: int, facts: str = "") -> Line:
    """The rule above the comments; in it, what the team keeps of the conversation."""
    words = ngettext("{n} comment", "{n} comments", count).format(n=count) if count else _("no comments")
    words = cut(f"── {words} " + (f"── {facts} " if facts else ""), width)
    return line(words + "─" * max(0, width - columns_of(words)), "rule")
