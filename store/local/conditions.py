"""A query as SQL: words for FTS5, everything else as a condition on the conversation `c`, and on the message `m` where there is one."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from store.domain.ids import MemberKey
from store.domain.query import All, And, Field, Not, Or, Query, Word
from store.domain.status import Urgency
from store.local.codec import EPOCH, micros
from store.local.conversations import LIST_MARK
from store.local.normalise import has_words, phrase
from store.local.schema import SECOND_BITS
from store.sqlite.connection import SqlValue

TEXT_COLUMNS = {"subject": "subject", "from": "sender", "to": "recipients"}
"""Fields that are asked of the index."""
LONGEST_NUMBER = 19
"""Digits; a longer one does not fit SQLite's integers."""
NOBODY = frozenset({"", "none", "nobody", "-"})


class Condition(msgspec.Struct, frozen=True):
    """A piece of SQL and what it binds."""

    sql: str
    params: tuple[SqlValue, ...] = ()


class Around(msgspec.Struct, frozen=True):
    """What a query means depends on who asks, and whether it is asked of single messages."""

    me: MemberKey | None
    of_messages: bool
    drafts: tuple[str, ...] = ()
    """Conversations with a draft, for `has:draft`."""


TRUE = Condition("1")
FALSE = Condition("c.n < 0")
"""Not plain `0`: SQLite then finds no use for the index that `INDEXED BY` demands, and refuses."""


def match_expression(query: Query) -> str | None:
    """The query as one FTS5 expression; None where more than words is in it, or nothing but negations."""
    match query:
        case Word(text=text, prefix=prefix):
            return phrase(text, prefix=prefix) if has_words(text) else None
        case Field(name=name, value=value, prefix=prefix) if name in TEXT_COLUMNS:
            return f"{{{TEXT_COLUMNS[name]}}} : {phrase(value, prefix=prefix)}" if has_words(value) else None
        case And(parts=parts):
            return _all_of(parts)
        case Or(parts=parts):
            found = [match_expression(part) for part in parts]
            return None if not found or None in found else "(" + " OR ".join(one for one in found if one) + ")"
    return None


def _all_of(parts: Sequence[Query]) -> str | None:
    wanted = [match_expression(part) for part in parts if not isinstance(part, Not)]
    unwanted = [match_expression(part.part) for part in parts if isinstance(part, Not)]
    # FTS5's NOT takes two sides: without a positive one it cannot be said there.
    if not wanted or None in wanted or None in unwanted:
        return None
    positive = " AND ".join(one for one in wanted if one)
    negative = "".join(f" NOT {one}" for one in unwanted)
    return f"(({positive}){negative})" if negative else f"({positive})"


def split(query: Query) -> tuple[str | None, Query]:
    """The words that drive a search, and what is left to be checked of each hit."""
    if (expression := match_expression(query)) is not None:
        return expression, All()
    if isinstance(query, And):
        worded = [part for part in query.parts if _is_worded(part)]
        words = _all_of(worded) if worded else None
        if words is not None:
            return words, And(tuple(part for part in query.parts if not _is_worded(part)))
    return None, query


def _is_worded(part: Query) -> bool:
    return match_expression(part.part if isinstance(part, Not) else part) is not None


def condition(query: Query, around: Around) -> Condition:
    """The query as a condition on `c`, and on `m` when it is asked of messages."""
    expression = match_expression(query)
    if expression is not None:
        return _found(expression, around)
    match query:
        case All():
            return TRUE
        case And(parts=parts) | Or(parts=parts):
            return _joined(query, [condition(part, around) for part in parts])
        case Not(part=part):
            inner = condition(part, around)
            return Condition(f"NOT coalesce({inner.sql}, 0)", inner.params)
        case Field(name=name, value=value) if name in _FIELDS:
            return _FIELDS[name](str(value), around)
    # An unknown field, or a word of punctuation only: nothing can be found by it.
    return FALSE


def _joined(query: And | Or, parts: Sequence[Condition]) -> Condition:
    if not parts:
        return TRUE if isinstance(query, And) else FALSE
    operator = " AND " if isinstance(query, And) else " OR "
    return Condition("(" + operator.join(part.sql for part in parts) + ")", tuple(value for part in parts for value in part.params))


def _found(expression: str, around: Around) -> Condition:
    if around.of_messages:
        return Condition("m.n IN (SELECT rowid FROM words WHERE words MATCH ?)", (expression,))
    return Condition(
        "c.n IN (SELECT conversation FROM message WHERE n IN (SELECT rowid FROM words WHERE words MATCH ?) "
        "UNION SELECT conversation FROM comment WHERE n IN (SELECT rowid FROM comment_words WHERE comment_words MATCH ?))",
        (expression, expression),
    )


def _owner(value: str, around: Around) -> Condition:
    word = value.casefold()
    if word in NOBODY:
        return Condition("c.owner IS NULL")
    return Condition("c.owner = ?", (around.me if word == "me" else word,))


def _status(value: str, _: Around) -> Condition:
    return Condition("c.status = ?", (value.casefold(),))


def _category(value: str, _: Around) -> Condition:
    return Condition("c.category = ?", (value.casefold(),))


def _inbox(value: str, _: Around) -> Condition:
    return Condition("c.inbox = ?", (value,))


def _number(value: str, _: Around) -> Condition:
    digits = value.removeprefix("#")
    return Condition("c.number = ?", (int(digits),)) if digits.isdecimal() and len(digits) < LONGEST_NUMBER else FALSE


def _tag(value: str, _: Around) -> Condition:
    return Condition("instr(? || c.tags || ?, ? || ? || ?) > 0", (LIST_MARK, LIST_MARK, LIST_MARK, value, LIST_MARK))


def _urgency(value: str, _: Around) -> Condition:
    known = {one.name.lower(): one.value for one in Urgency} | {str(one.value): one.value for one in Urgency}
    return Condition("c.urgency = ?", (known[value.casefold()],)) if value.casefold() in known else FALSE


def _is(value: str, around: Around) -> Condition:
    word = value.casefold()
    if word == "mine":
        return Condition("c.mine = ?", (around.me,))
    return _IS.get(word) or Condition("(c.category = ? OR c.status = ?)", (word, word))


def _has(value: str, around: Around) -> Condition:
    match value.casefold():
        case "attachment" if around.of_messages:
            return Condition("m.attachments > 0")
        case "attachment":
            return Condition("EXISTS (SELECT 1 FROM message a WHERE a.conversation = c.n AND a.attachments > 0)")
        case "comment":
            return Condition("c.comments > 0")
        case "draft":
            return Condition(f"c.id IN ({', '.join('?' * len(around.drafts))})", around.drafts)
    return FALSE


def _before(value: str, around: Around) -> Condition:
    return _time("<", value, around)


def _after(value: str, around: Around) -> Condition:
    return _time(">=", value, around)


def _time(sign: str, value: str, around: Around) -> Condition:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return FALSE
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if around.of_messages:
        return Condition(f"m.n {sign} ?", (int((at - EPOCH).total_seconds()) << SECOND_BITS,))
    return Condition(f"c.last_at {sign} ?", (micros(at),))


_IS = {
    "tray": Condition("c.tray = 1"),
    "unowned": Condition("(c.owner IS NULL AND c.tray = 1)"),
    "pending": Condition("c.pending = 1"),
    "flagged": Condition("c.flags <> ''"),
}

_FIELDS: dict[str, Callable[[str, Around], Condition]] = {
    "owner": _owner,
    "status": _status,
    "category": _category,
    "inbox": _inbox,
    "in": _inbox,
    "number": _number,
    "tag": _tag,
    "urgency": _urgency,
    "is": _is,
    "has": _has,
    "before": _before,
    "after": _after,
}
"""What each field asks of a conversation; those of `TEXT_COLUMNS` are asked of the index instead."""
