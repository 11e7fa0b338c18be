"""A query as SQL: a condition on the conversation `c`, and on the message `m` or the comment `k` where there is one."""

from collections.abc import Callable, Sequence
from datetime import datetime

from store.domain.query import And, Field, Not, Or, Query
from store.domain.query_dates import Span, moment_ago, span_of
from store.domain.query_due import NONE, due_span
from store.domain.status import BUILT_IN, Category, Urgency
from store.local.company_conditions import folder, follower, mentions, tag
from store.local.condition import FALSE, NOBODY, TRUE, Around, Condition
from store.local.expressions import OF_COMMENTS, Expression, Target, expression, is_worded, names_field
from store.local.schema import SECOND_BITS
from store.local.times import EPOCH, micros

LONGEST_NUMBER = 19
"""Digits; a longer one does not fit SQLite's integers."""


__all__ = ["FALSE", "NOBODY", "TRUE", "Around", "Condition", "all_of", "condition", "names_field", "row_bounds", "statuses_of"]


def condition(query: Query, around: Around) -> Condition:
    """The query as a condition; words in it are asked of the index."""
    if isinstance(query, And) and around.target is Target.CONVERSATION and _speaks_of_both(query.parts):
        # No comment has a subject, and no mail an author on the team: each part may be true of another piece of the conversation.
        return _joined(query, [condition(part, around) for part in query.parts])
    return _worded(query, around) or _by_parts(query, around)


def _by_parts(query: Query, around: Around) -> Condition:
    match query:
        case And(parts=parts):
            return _joined(query, [condition(part, around) for part in _words_together(parts)])
        case Or(parts=parts):
            return _joined(query, [condition(part, around) for part in parts])
        case Not(part=part):
            inner = condition(part, around)
            return Condition(f"NOT coalesce({inner.sql}, 0)", inner.params)
        case Field(name=name, value=value) if name in _FIELDS:
            return _FIELDS[name](value, around)
    return FALSE


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Every one of them."""
    parts = [one for one in conditions if one is not TRUE]
    return Condition(" AND ".join(one.sql for one in parts) or "1", tuple(value for one in parts for value in one.params))


_TIMES = frozenset({"date", "before", "after", "older", "newer"})


def row_bounds(query: Query, around: Around, column: str) -> Condition:
    """What the query says of the time, said of the index's own row numbers: it then skips what lies outside. `around` is of messages."""
    parts = query.parts if isinstance(query, And) else (query,)
    times = [condition(part, around) for part in parts if isinstance(part, Field) and part.name in _TIMES]
    return all_of([Condition(one.sql.replace("m.n", column), one.params) for one in times])


def _speaks_of_both(parts: Sequence[Query]) -> bool:
    return any(names_field(part, OF_COMMENTS) for part in parts) and not all(names_field(part, OF_COMMENTS) for part in parts)


def _words_together(parts: Sequence[Query]) -> Sequence[Query]:
    """What one message must hold is asked of one message, whatever else is asked of its conversation."""
    worded = tuple(part for part in parts if is_worded(part, Target.MESSAGE) and is_worded(part, Target.COMMENT))
    if len(worded) < 2 or all(isinstance(part, Not) for part in worded):
        return parts
    return [And(worded), *(part for part in parts if part not in worded)]


def _joined(query: And | Or, parts: Sequence[Condition]) -> Condition:
    if not parts:
        return TRUE if isinstance(query, And) else FALSE
    operator = " AND " if isinstance(query, And) else " OR "
    return Condition("(" + operator.join(part.sql for part in parts) + ")", tuple(value for part in parts for value in part.params))


_IN_MESSAGES = "c.n IN (SELECT conversation FROM message WHERE n IN (SELECT rowid FROM words WHERE words MATCH ?))"
# Asked once for all lines that are looked at (`lists`), of the stretch of the index that holds their mails. The plus: not looked up by it.
_IN_ITS_MESSAGES = (
    "EXISTS (SELECT 1 FROM message x WHERE x.conversation = c.n "
    "AND +x.n IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid >= (SELECT oldest FROM reach)))"
)
_AMONG_ALL = "m.n IN (SELECT rowid FROM words WHERE words MATCH ?)"
_AMONG_REACHED = "+m.n IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid >= (SELECT oldest FROM reach))"
_IN_COMMENTS = "c.n IN (SELECT conversation FROM comment WHERE n IN (SELECT rowid FROM comment_words WHERE comment_words MATCH ?))"
_IN_ITS_COMMENTS = (
    "(c.comments > 0 AND EXISTS (SELECT 1 FROM comment x CROSS JOIN comment_words w ON w.rowid = x.n "
    "WHERE x.conversation = c.n AND w.comment_words MATCH ?))"
)


def _worded(query: Query, around: Around) -> Condition | None:
    """What the index can say; None: not all of it."""
    if around.target is Target.MESSAGE:
        return _matched(_AMONG_REACHED if around.one_by_one else _AMONG_ALL, expression(query, Target.MESSAGE))
    if around.target is Target.COMMENT:
        return _matched("k.n IN (SELECT rowid FROM comment_words WHERE comment_words MATCH ?)", expression(query, Target.COMMENT))
    of_messages = _matched(_IN_ITS_MESSAGES if around.one_by_one else _IN_MESSAGES, expression(query, Target.MESSAGE))
    of_comments = _matched(_IN_ITS_COMMENTS if around.one_by_one else _IN_COMMENTS, expression(query, Target.COMMENT))
    if of_messages is None or of_comments is None:
        return None
    if of_messages is TRUE or of_comments is TRUE:
        return TRUE
    if of_messages is FALSE or of_comments is FALSE:
        return of_comments if of_messages is FALSE else of_messages
    return Condition(f"({of_messages.sql} OR {of_comments.sql})", (*of_messages.params, *of_comments.params))


def _matched(sql: str, words: Expression) -> Condition | None:
    if isinstance(words, bool):
        return TRUE if words else FALSE
    return None if words is None else Condition(sql, (words,))


def _owner(value: str, around: Around) -> Condition:
    word = value.casefold()
    if word in NOBODY:
        return Condition("c.owner IS NULL")
    return Condition("c.owner = ?", (around.me if word == "me" else word,))


def _status(value: str, _: Around) -> Condition:
    return Condition("c.status = ?", (value.casefold(),))


def statuses_of(category: str) -> tuple[str, ...]:
    """The statuses of a category, in their order."""
    return tuple(status.key for status in BUILT_IN.values() if status.category == category)


def _category(value: str, _: Around) -> Condition:
    return Condition("c.category = ?", (value.casefold(),))


def _inbox(value: str, _: Around) -> Condition:
    return Condition("c.inbox = ?", (value,))


def _in(value: str, around: Around) -> Condition:
    """An inbox, a mailbox by its name, or `sent`: what was written here."""
    places = "SELECT 1 FROM location l JOIN mailbox b ON b.n = l.mailbox WHERE l.message = {message} AND b.name = ? COLLATE NOCASE"
    sent = value.casefold() == "sent"
    if around.target is Target.MESSAGE:
        lies = f"EXISTS ({places.format(message='m.n')}){' OR m.outgoing = 1' if sent else ''}"
    elif around.target is Target.COMMENT:
        return _inbox(value, around)
    else:
        of_these = f"EXISTS ({places.format(message='x.n')}){' OR x.outgoing = 1' if sent else ''}"
        lies = f"EXISTS (SELECT 1 FROM message x WHERE x.conversation = c.n AND ({of_these}))"  # noqa: S608 - constants of this file
    return Condition(f"(c.inbox = ? OR {lies})", (value, value))


def _number(value: str, _: Around) -> Condition:
    digits = value.removeprefix("#")
    return Condition("c.number = ?", (int(digits),)) if digits.isdecimal() and len(digits) < LONGEST_NUMBER else FALSE


def _urgency(value: str, _: Around) -> Condition:
    known = {one.name.lower(): one.value for one in Urgency} | {str(one.value): one.value for one in Urgency}
    return Condition("c.urgency = ?", (known[value.casefold()],)) if value.casefold() in known else FALSE


def _is(value: str, around: Around) -> Condition:
    word = value.casefold()
    if word == "following":
        return follower("me", around)
    if word == "mentioned":
        return mentions("me", around)
    if word == "mine":
        return Condition("c.mine = ?", (around.me,))
    if word == "sent":
        return {Target.MESSAGE: Condition("m.outgoing = 1"), Target.COMMENT: FALSE, Target.CONVERSATION: Condition("c.sent = 1")}[around.target]
    return _IS.get(word) or (Condition("c.category = ?", (word,)) if word in _CATEGORIES else FALSE)


def _has(value: str, around: Around) -> Condition:
    if value == "draft":
        if not around.drafts:
            return FALSE
        return Condition(f"c.id IN ({', '.join('?' * len(around.drafts))})", around.drafts)
    return _HAS.get(value, FALSE)


def _by(value: str, around: Around) -> Condition:
    member = around.me if value == "me" else value
    if around.target is Target.COMMENT:
        return Condition("k.by = ?", (member,))
    return Condition("EXISTS (SELECT 1 FROM comment x WHERE x.conversation = c.n AND x.by = ?)", (member,))


def _before(value: str, around: Around) -> Condition:
    return _within(Span(None, span_of(value, around.now).start), around)


def _after(value: str, around: Around) -> Condition:
    return _within(Span(span_of(value, around.now).start, None), around)


def _date(value: str, around: Around) -> Condition:
    return _within(span_of(value, around.now), around)


def _older(value: str, around: Around) -> Condition:
    return _within(Span(None, moment_ago(value, around.now)), around)


def _newer(value: str, around: Around) -> Condition:
    return _within(Span(moment_ago(value, around.now), None), around)


def _within(span: Span, around: Around) -> Condition:
    column = {Target.MESSAGE: "m.n", Target.COMMENT: "k.at", Target.CONVERSATION: "c.last_at"}[around.target]
    bounds = [(sign, at) for sign, at in ((">=", span.start), ("<", span.end)) if at is not None]
    return all_of([Condition(f"{column} {sign} ?", (_time(at, around),)) for sign, at in bounds])


def _time(at: datetime, around: Around) -> int:
    # A message's row number begins with its time (`schema.SECOND_BITS`).
    return max(int((at - EPOCH).total_seconds()), 0) << SECOND_BITS if around.target is Target.MESSAGE else micros(at)


def _due(value: str, around: Around) -> Condition:
    return Condition("c.due_at IS NULL") if value == NONE else due_within(due_span(value, around.now))


def due_within(span: Span) -> Condition:
    """Due in that stretch of time, or at any."""
    bounds = [Condition(f"c.due_at {sign} ?", (micros(at),)) for sign, at in ((">=", span.start), ("<", span.end)) if at is not None]
    return all_of([*bounds, Condition("c.due_at IS NOT NULL")])


_CATEGORIES = frozenset(str(category) for category in Category)
_IS = {
    "tray": Condition("c.tray = 1"),
    "unowned": Condition("(c.owner IS NULL AND c.tray = 1)"),
    "pending": Condition("c.pending = 1"),
    "flagged": Condition("c.flags <> ''"),
    "outside": Condition("(c.flags <> '' AND instr(c.flags, 'answered_outside') > 0)"),
    "unread": Condition("c.unread = 1"),
    "woken": Condition("c.woken = 1"),
    "called": Condition("c.called = 1"),
    "waited_for": Condition("c.waiting_since IS NOT NULL"),
    "snoozed": Condition("c.wake_at IS NOT NULL"),
}
_HAS = {
    "comment": Condition("c.comments > 0"),
    "owner": Condition("c.owner IS NOT NULL"),
    "tag": Condition("c.tags <> ''"),
    "folder": Condition("c.folder <> ''"),
    "follower": Condition("c.followers <> ''"),
    "due": Condition("c.due_at IS NOT NULL"),
}

_FIELDS: dict[str, Callable[[str, Around], Condition]] = {
    "owner": _owner,
    "status": _status,
    "category": _category,
    "inbox": _inbox,
    "in": _in,
    "number": _number,
    "tag": tag,
    "folder": folder,
    "follower": follower,
    "mentions": mentions,
    "urgency": _urgency,
    "is": _is,
    "has": _has,
    "by": _by,
    "date": _date,
    "before": _before,
    "after": _after,
    "older": _older,
    "newer": _newer,
    "due": _due,
}
"""What each field asks; those of `expressions.COLUMNS_OF` are asked of the index instead."""
