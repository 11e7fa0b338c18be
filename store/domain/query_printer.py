"""A query's tree as the text somebody could have typed: reading it again gives the same tree."""

from store.domain.query_fields import COMMAS, IN_TEXT, LISTED
from store.domain.query_lexer import CLOSES, OPENS, QUOTES, SPACES, STARS
from store.domain.query_parser import Parser
from store.domain.query_tree import All, And, Field, Not, Or, Query, QueryError, Word

_NEEDS_QUOTES = SPACES + OPENS + CLOSES


def query_to_text(query: Query) -> str:
    """The canonical text, in English names; "" of `All()`."""
    return "" if query == All() else _any(query)


def _any(query: Query) -> str:
    match query:
        case Or(parts=parts):
            return _listed(parts) or " OR ".join(f"({_any(part)})" if isinstance(part, Or) and not _is_list(part) else _all(part) for part in parts)
        case _:
            return _all(query)


def _all(query: Query) -> str:
    match query:
        case And(parts=parts):
            return " ".join(_one(part) for part in parts)
        case _:
            return _one(query)


def _one(query: Query) -> str:
    match query:
        case All():
            return "*"
        case Not(part=part):
            inner = _one(part)
            return f"NOT {inner}" if inner.startswith("-") else f"-{inner}"
        case Word():
            return _word(query)
        case Field():
            return _field(query)
        case Or(parts=parts) if listed := _listed(parts):
            return listed
    return f"({_any(query)})"


def _is_list(query: Query) -> bool:
    return isinstance(query, Or) and bool(_listed(query.parts))


def _listed(parts: tuple[Query, ...]) -> str:
    """`status:new,hold` where all parts are one such field; else ""."""
    names = {part.name for part in parts if isinstance(part, Field)}
    values = [part.value for part in parts if isinstance(part, Field)]
    if len(values) != len(parts) or len(names) != 1 or not names <= LISTED:
        return ""
    if any(letter in value for value in values for letter in COMMAS + _NEEDS_QUOTES + QUOTES):
        return ""
    text = f"{names.pop()}:{','.join(values)}"
    return text if _means(text, Or(parts)) else ""


def _word(word: Word) -> str:
    star = "*" if word.prefix else ""
    quoted = f'"{word.text}"{star}'
    if word.phrase:
        return quoted
    # `OR:` is the one way to say the word OR without quotation marks.
    return next((text for text in (f"{word.text}{star}", f"{word.text}:{star}") if _means(text, word)), quoted)


def _field(field: Field) -> str:
    star = "*" if field.prefix else ""
    bare = f"{field.name}:{field.value}{star}"
    if any(letter in field.value for letter in _NEEDS_QUOTES) or (field.name in LISTED and any(letter in field.value for letter in COMMAS)):
        return f'{field.name}:"{field.value}"{star}'
    if field.name in IN_TEXT and not field.prefix and field.value[-1:] in STARS:
        return f'{field.name}:"{field.value}"'
    return bare


def _means(text: str, query: Query) -> bool:
    try:
        return Parser(text, None).whole() == query
    except QueryError:
        return False
