"""A query as far as the index can answer it: one FTS5 expression for mail, one for comments."""

from collections.abc import Sequence
from enum import Enum, auto

from store.domain.query import All, And, Field, Not, Or, Query, Word
from store.local.normalise import has_words, phrase
from store.local.spellings import spellings
from store.local.worded import TRAIT


class Target(Enum):
    """What a query is asked of: a line of a list, a message, or a comment."""

    CONVERSATION = auto()
    MESSAGE = auto()
    COMMENT = auto()


COLUMNS_OF = {"subject": "subject", "from": "sender", "to": "recipients copies", "cc": "copies", "text": "text", "file": "files"}
"""Fields of a mail that are asked of the index, and where. `to:` is whoever it was addressed to, copies included."""

OF_BOTH = frozenset({"file"})
"""Fields that mails and comments have."""

OF_COMMENTS = frozenset({"comment", "by"})
"""Fields that no mail has."""

TRAITS = {
    ("has", "attachment"): "attachment",
    ("has", "invitation"): "invitation",
    ("has", "report"): "report",
    ("has", "signature"): "signature",
    ("has", "encryption"): "encryption",
    ("is", "auto"): "auto",
    ("is", "bounce"): "report",
    ("is", "list"): "list",
}
"""What is asked of a mail's traits."""


def sayable(query: Query) -> Query:
    """The query without words that nothing can be found by, like the dash in `注文 - 返品`, wherever something else is asked beside them."""
    match query:
        case And(parts=parts):
            kept = tuple(sayable(part) for part in parts if not (isinstance(part, Word) and not has_words(part.text)))
            if not kept:
                return query
            return kept[0] if len(kept) == 1 else And(kept)
        case Or(parts=parts):
            return Or(tuple(sayable(part) for part in parts))
        case Not(part=part):
            return Not(sayable(part))
    return query


def names_field(query: Query, names: frozenset[str]) -> bool:
    """Whether one of these fields stands anywhere in it."""
    match query:
        case Field(name=name):
            return name in names
        case And(parts=parts) | Or(parts=parts):
            return any(names_field(part, names) for part in parts)
        case Not(part=part):
            return names_field(part, names)
    return False


def names_junk(query: Query) -> bool:
    """Whether junk is asked for by its name."""
    match query:
        case Field(name=name, value=value):
            return value == "junk" and name in {"status", "category", "is"}
        case And(parts=parts) | Or(parts=parts):
            return any(names_junk(part) for part in parts)
    return False


def asked_of_comments(query: Query) -> Query | None:
    """The query without the alternatives by which no comment is looked for: without words everything would be; None: none is at all."""
    match query:
        case Word():
            return query
        case Field(name=name):
            return query if name in OF_COMMENTS | OF_BOTH else None
        case Not(part=part):
            return query if names_field(part, OF_COMMENTS) else None
        case And(parts=parts):
            asked = [(asked_of_comments(part), part) for part in parts]
            return And(tuple(found or part for found, part in asked)) if any(found for found, _ in asked) else None
        case Or(parts=parts):
            some = tuple(found for part in parts if (found := asked_of_comments(part)) is not None)
            return Or(some) if some else None
    return None


Expression = str | bool | None
"""An FTS5 expression; True or False where the answer is the same for everything; None where the index cannot say."""


def expression(query: Query, target: Target) -> Expression:
    """The query as one expression of messages or of comments; what a conversation is asked for is asked of both."""
    found: Expression = True
    match query:
        case Word(text=text, prefix=prefix):
            found = _words(text, prefix=prefix)
        case Field():
            found = _field(query, target)
        case Not(part=part):
            inner = expression(part, target)
            # FTS5's NOT takes two sides: without a positive one it cannot be said there.
            found = not inner if isinstance(inner, bool) else None
        case And(parts=parts):
            found = _all_of(parts, target)
        case Or(parts=parts):
            found = _any_of([expression(part, target) for part in parts])
    return found


def _words(text: str, *, prefix: bool, columns: str = "") -> Expression:
    if not has_words(text):
        return False
    forms = [phrase(form, prefix=prefix) for form in spellings(text)]
    wanted = forms[0] if len(forms) == 1 else f"({' OR '.join(forms)})"
    return f"{{{columns}}} : {wanted}" if columns else wanted


def _field(asked: Field, target: Target) -> Expression:
    of_comments = target is Target.COMMENT
    if asked.name in COLUMNS_OF:
        said = not of_comments or asked.name in OF_BOTH
        return _words(asked.value, prefix=asked.prefix, columns=COLUMNS_OF[asked.name]) if said else False
    if asked.name == "comment":
        return _words(asked.value, prefix=asked.prefix) if of_comments else False
    if asked.name == "by":
        return None if of_comments else False
    if (trait := TRAITS.get((asked.name, asked.value))) is not None:
        return False if of_comments else f'{{marks}} : "{TRAIT}{trait}"'
    return None


def _all_of(parts: Sequence[Query], target: Target) -> Expression:
    wanted = [expression(part, target) for part in parts if not isinstance(part, Not)]
    unwanted = [expression(part.part, target) for part in parts if isinstance(part, Not)]
    if False in wanted or True in unwanted:
        return False
    positive = [one for one in wanted if one is not True]
    negative = [one for one in unwanted if one is not False]
    if not positive and not negative:
        return True
    if not positive or None in positive or None in negative:
        return None
    taken = f"({' AND '.join(str(one) for one in positive)})"
    return f"({taken}{''.join(f' NOT {one}' for one in negative)})" if negative else taken


def _any_of(found: Sequence[Expression]) -> Expression:
    if True in found:
        return True
    some = [one for one in found if one is not False]
    if None in some:
        return None
    return f"({' OR '.join(str(one) for one in some)})" if some else False


def split(query: Query, target: Target) -> tuple[Expression, Query]:
    """The words that drive a search of messages or of comments, and what is left to be checked of each hit."""
    whole = expression(query, target)
    if whole is not None:
        return whole, All()
    if isinstance(query, And):
        worded = [part for part in query.parts if is_worded(part, target)]
        words = _all_of(worded, target) if worded else None
        if words is not None:
            return words, And(tuple(part for part in query.parts if not is_worded(part, target)))
    return None, query


def is_worded(part: Query, target: Target) -> bool:
    """Whether the index can say it, or the opposite of it."""
    return expression(part.part if isinstance(part, Not) else part, target) is not None
